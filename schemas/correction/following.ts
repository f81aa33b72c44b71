import type { LotEvent } from '../lot/events.ts'
import type { ManifestEvent } from '../manifest/events.ts'
import { lineDocument, type Place } from '../values/place.ts'
import { sameContent } from '../values/same.ts'
import { correctedHistory, type Change, type Placed } from './changes.ts'

/** An event as it was recorded, with its id and place. */
export interface Recorded<E> extends Placed<E> {
  readonly id: string
}

/** Changes that lead from one history to the other: of each event what differs, as it was and as it is. */
export function changesBetween<E extends { readonly data: object }>(
  before: readonly Placed<E>[],
  after: readonly Placed<E>[],
  idOf: (revision: number) => string,
): readonly Change[] {
  const next = new Map(after.map(({ revision, event }) => [revision, event]))
  return before.flatMap(({ revision, event }): readonly Change[] => {
    const now = next.get(revision)
    if (now === event) return []
    const was = event.data as Readonly<Record<string, unknown>>
    if (!now) return [{ of: idOf(revision), revision, was }]
    const is = now.data as Readonly<Record<string, unknown>>
    const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
      (name) => !sameContent(was[name], is[name]),
    )
    if (differing.length === 0) return []
    return [
      {
        of: idOf(revision),
        revision,
        was: Object.fromEntries(differing.flatMap((name) => (was[name] === undefined ? [] : [[name, was[name]]]))),
        is: Object.fromEntries(differing.map((name) => [name, is[name] ?? null])),
      },
    ]
  })
}

/** What a manifest says of one lot on one of its lines. */
interface Said {
  readonly shipped?: number
  readonly plate?: string
  readonly accepted?: number
  readonly refused?: number
  readonly variance?: number
  readonly returned?: number
}

function saidOf(manifest: readonly Placed<ManifestEvent>[], lot: string): ReadonlyMap<number, Said> {
  const said = new Map<number, Said>()
  const say = (line: number, more: Said) => said.set(line, { ...said.get(line), ...more })
  for (const { event } of manifest) {
    if (event.type === 'ManifestPickedUp')
      for (const { line, lots } of event.data.lines)
        for (const part of lots) if (part.lot === lot) say(line, { shipped: part.grams, plate: event.data.plate })
    if (event.type === 'LineDecided')
      for (const { lot: one, accepted, refused, variance } of event.data.lots)
        if (one === lot) say(event.data.line, { accepted, refused, variance })
    if (event.type === 'LineReturned')
      for (const part of event.data.lots) if (part.lot === lot) say(event.data.line, { returned: part.grams })
  }
  return said
}

/**
 * What the events of a lot must say once its manifest says this: the grams that were shipped, accepted, refused and returned of it, and the vehicle.
 * Nothing where they say so already, so asking again changes nothing.
 */
export function followingOf(
  id: string,
  manifest: readonly Placed<ManifestEvent>[],
  lot: string,
  history: readonly Recorded<LotEvent>[],
): readonly Change[] {
  const said = saidOf(manifest, lot)
  const before = correctedHistory(history)
  const plates = new Map<string, { readonly was: string; readonly is: string }>()
  for (const { event } of before) {
    if (event.type !== 'LotPickedUp' || event.data.manifest !== id) continue
    const { to, line } = event.data
    const { plate } = said.get(line) ?? {}
    if (plate !== undefined && plate !== to.place)
      plates.set(`${to.holder} ${lineDocument(id, line)}`, { was: to.place, is: plate })
  }
  const placed = (place: Place): Place => {
    const plate = plates.get(`${place.holder} ${place.document}`)
    const onVehicle = place.at === 'transport' || place.at === 'refused'
    return plate && onVehicle && place.place === plate.was ? { ...place, place: plate.is } : place
  }

  function following(event: LotEvent): LotEvent {
    switch (event.type) {
      case 'LotPickedUp': {
        const { shipped = event.data.grams } = lineOf(event.data)
        return saying(event, { grams: shipped, to: placed(event.data.to) })
      }
      case 'LotHandedOver': {
        const { shipped = event.data.grams } = lineOf(event.data)
        return saying(event, { grams: shipped, from: placed(event.data.from), to: placed(event.data.to) })
      }
      case 'LotAccepted': {
        const { accepted = event.data.accepted, refused = event.data.refused } = lineOf(event.data)
        const { variance = event.data.variance } = lineOf(event.data)
        const { from, refusedTo } = event.data
        return saying(event, { accepted, refused, variance, from: placed(from), refusedTo: placed(refusedTo) })
      }
      case 'LotReturned': {
        // Unloaded again, where the manifest was cancelled: all that was shipped.
        const { returned, shipped } = lineOf(event.data)
        const mass = (event.data.from.at === 'refused' ? returned : shipped) ?? event.data.grams
        return saying(event, { grams: mass, from: placed(event.data.from) })
      }
      case 'LotTreated':
      case 'LotOpened':
      case 'LotGenerated':
      case 'LotDerived':
      case 'LotClassified':
      case 'LotLabelled':
      case 'LotStored':
      case 'LotTakenOut':
      case 'LotStockTaken':
      case 'LotSplit':
      case 'LotMixedInto':
      case 'LotReserved':
      case 'LotReservationReleased':
      case 'LotSetAside':
      case 'LotSetAsideEnded':
      case 'LotCorrected':
        return event
    }
  }

  const lineOf = ({ line }: { readonly line: number }): Said => said.get(line) ?? {}
  const after = before.map((one) =>
    'manifest' in one.event.data && one.event.data.manifest === id
      ? { revision: one.revision, event: following(one.event) }
      : one,
  )
  const ids = new Map(history.map((one) => [one.revision, one.id]))
  return changesBetween(before, after, (revision) => ids.get(revision) ?? '')
}

const saying = (event: LotEvent, is: object): LotEvent => ({ ...event, data: { ...event.data, ...is } }) as LotEvent
