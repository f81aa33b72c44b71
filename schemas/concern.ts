import type { DomainEvent } from './event.ts'
import type { LotEvent } from './lot/events.ts'
import type { ManifestEvent } from './manifest/events.ts'
import { WASTE_STREAMS, type WasteStream } from './values/waste.ts'

/**
 * Whom a thing concerns: every unit that has or had a part in it, and the streams of waste that it is about. The one source of who may see an
 * event: the read models keep it as columns, the feed folds it from the log, and `canRead` (infra/identity/visibility.ts) judges either.
 */
export interface Concern {
  readonly units: readonly string[]
  readonly streams: readonly WasteStream[]
}
export const NOBODY: Concern = { units: [], streams: [] }

const NO_UNITS: readonly string[] = []

/** Units that an event of a lot names as its origin or as holders, and that the lot has not been with. Of most events: none. */
export function unitsJoiningLot({ data }: LotEvent, units: readonly string[]): readonly string[] {
  let joining: string[] | undefined
  const meet = (unit: string | undefined) => {
    if (unit !== undefined && !units.includes(unit) && !joining?.includes(unit)) (joining ??= []).push(unit)
  }
  if ('origin' in data) meet(data.origin.unit)
  if ('from' in data) meet(data.from.holder)
  if ('to' in data) meet(data.to.holder)
  if ('refusedTo' in data) meet(data.refusedTo?.holder)
  if ('at' in data) meet(data.at.holder)
  return joining ?? NO_UNITS
}

/** Units with a part in a manifest after one more of its events: its parties as filed, and each carrier that took the load over. */
export function unitsOfManifest(units: readonly string[], event: ManifestEvent): readonly string[] {
  const joined = (...joining: readonly string[]): readonly string[] =>
    joining.every((unit) => units.includes(unit)) ? units : [...new Set([...units, ...joining])]
  switch (event.type) {
    case 'ManifestFiled': {
      const { consignor, receiver, shipper, legs } = event.data
      return [...new Set([consignor.unit, receiver.unit, shipper, ...legs.map(({ carrier }) => carrier)])]
    }
    case 'ManifestPickedUp':
      return joined(event.data.carrier)
    case 'ManifestHandedOver':
      return joined(event.data.to.carrier)
    default:
      return units
  }
}

function lotConcern(known: Concern, event: LotEvent): Concern {
  const { data } = event
  // A lot begins with an event that says whose waste it is; one that never began concerns no unit.
  if (known.units.length === 0 && !('origin' in data)) return known
  const joining = unitsJoiningLot(event, known.units)
  const says = event.type === 'LotClassified' || 'origin' in data
  const stream = says && 'waste' in data ? data.waste.stream : undefined
  if (joining.length === 0 && (stream === undefined || known.streams.includes(stream))) return known
  return { units: [...known.units, ...joining], streams: stream === undefined ? known.streams : [stream] }
}

function manifestConcern(known: Concern, event: ManifestEvent): Concern {
  // A filing that never came to be is visible to no reader.
  if (event.type === 'ManifestAbandoned') return NOBODY
  if (event.type !== 'ManifestFiled' && known.units.length === 0) return known
  const units = unitsOfManifest(known.units, event)
  const streams =
    event.type === 'ManifestFiled' ? [...new Set(event.data.lines.map(({ waste }) => waste.stream))] : known.streams
  return units === known.units && streams === known.streams ? known : { units, streams }
}

/** A fold of the events of one kind of stream into whom it concerns. */
export interface ConcernFold {
  readonly initial: Concern
  evolve(known: Concern, event: DomainEvent): Concern
}
const ofLots: ConcernFold = { initial: NOBODY, evolve: (known, event) => lotConcern(known, event as LotEvent) }
const ofManifests: ConcernFold = {
  initial: NOBODY,
  evolve: (known, event) => manifestConcern(known, event as ManifestEvent),
}

/** The fold for a stream whose history says whom its events concern; undefined where each event says it by itself. */
export function concernFoldOf(stream: string): ConcernFold | undefined {
  if (stream.startsWith('lot-')) return ofLots
  return stream.startsWith('manifest-') ? ofManifests : undefined
}

/** Streams whose events name the units and streams of waste that they concern. */
const CARRIES_CONCERN = /^(?:finding|case|correction)-/
const OWNER = /^(?:unit-([0-9A-Z]{18})|plan-([0-9A-Z]{18})-\d{4})$/

/**
 * Whom an event concerns: what happens to a lot or a manifest, whom that lot or manifest concerns (`ofStream`). Master data concerns its own
 * unit, the receiver that a contract or a plan names, and every office. Findings, cases and corrections say it themselves. Claims of names are the park's own
 * business.
 */
export function concernOfEvent({ stream, data }: { stream: string; data: object }, ofStream: Concern): Concern {
  if (concernFoldOf(stream)) return ofStream
  if (CARRIES_CONCERN.test(stream)) {
    const { units = [], streams = [] } = data as Partial<Concern>
    return { units, streams }
  }
  // An outage moves terms of every unit, and is the offices' to watch over.
  if (stream.startsWith('outage-')) return { units: [], streams: WASTE_STREAMS }
  const [, unit, planner] = OWNER.exec(stream) ?? []
  const owner = unit ?? planner
  if (owner === undefined) return NOBODY
  const partner = 'receiver' in data && typeof data.receiver === 'string' ? [data.receiver] : []
  return { units: [...new Set([owner, ...partner])], streams: WASTE_STREAMS }
}
