import type { States } from '../../../infra/commanding/states.ts'
import type { RecordedEvent } from '../../../infra/event-store/port.ts'
import { lotParties } from '../../../schemas/lot/actions.ts'
import { evolveLot, noLot } from '../../../schemas/lot/state.ts'
import { manifestParties } from '../../../schemas/manifest/actions.ts'
import { evolveManifest, noManifest } from '../../../schemas/manifest/state.ts'
import { UnitCode } from '../../../schemas/values/unit-code.ts'
import { WASTE_STREAMS, WasteStream } from '../../../schemas/values/waste.ts'

/** Whom an event concerns: the units that it names as parties, and the streams of waste that it is about. */
export interface Concern {
  readonly units: readonly string[]
  readonly streams: readonly WasteStream[]
}

/** Where events name a party. A credit code anywhere else, in a note for instance, makes nobody a party. */
const PARTY_FIELDS: ReadonlySet<string> = new Set(['unit', 'holder', 'carrier', 'receiver', 'shipper', 'consignor'])

/** What the event itself says. Whatever fields events get later: a party stands in a field of one of these names. */
export function namedIn(data: unknown): Concern {
  const units = new Set<string>()
  const streams = new Set<WasteStream>()
  walk(data)
  return { units: [...units], streams: [...streams] }

  function walk(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) return value.forEach(walk)
    for (const [field, inner] of Object.entries(value)) {
      if (field === 'waste') streams.add(WasteStream.parse((inner as { readonly stream: unknown }).stream))
      else if (typeof inner === 'string' && PARTY_FIELDS.has(field) && UnitCode.safeParse(inner).success)
        units.add(inner)
      else walk(inner)
    }
  }
}

const lot = { initial: noLot, evolve: evolveLot }
const manifest = { initial: noManifest, evolve: evolveManifest }
const present = (units: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(units)].filter((unit) => unit !== undefined)

/**
 * Whom a recorded event concerns. Master data concerns its unit, whom it names, and every office. An event that leaves its parties or
 * its waste to its stream (a departure, a label) concerns whom the stream concerns; claims of names are the park's own business.
 */
export async function concernOf({ stream, data }: RecordedEvent, states: States, maxAge: number): Promise<Concern> {
  const named = namedIn(data)
  const [kind, ...rest] = stream.split('-')
  switch (kind) {
    case 'unit':
      return { units: present([...named.units, rest.join('-')]), streams: WASTE_STREAMS }
    case 'plan':
      return { units: named.units, streams: ['hazardous'] }
    case 'lot': {
      if (named.units.length > 0 && named.streams.length > 0) return named
      const { state } = await states.load(lot, stream, maxAge)
      return {
        units: named.units.length > 0 ? named.units : present(lotParties(state)),
        streams: state.waste ? [state.waste.stream] : named.streams,
      }
    }
    case 'manifest': {
      const { state } = await states.load(manifest, stream, maxAge)
      return {
        units: present([...named.units, ...manifestParties(state)]),
        streams: [...new Set([...named.streams, ...state.lines.map(({ waste }) => waste.stream)])],
      }
    }
    default:
      return { units: [], streams: [] }
  }
}
