import { actsFor, concerns, type Actor } from '../actor.ts'
import { refusal, refusalsOf, type Refusal } from '../decision.ts'
import type { Provenance } from '../event.ts'
import type { AvailableAction } from '../manifest/actions.ts'
import { law } from '../rules/law.ts'
import { inReceiversStore, type Place } from '../values/place.ts'
import { NEWEST_LAW, type Day } from '../values/time.ts'
import { promisesAt } from './promises.ts'
import { freeAt, type Lot } from './state.ts'
import type { Holding } from './holdings.ts'

/** What may be done to a lot by itself, where it is its producer's or was received; what happens to it on the road goes through its manifest. */
export const LOT_ACTIONS = [
  'classification',
  'label',
  'storage-in',
  'storage-out',
  'split',
  'sorting',
  'stock-take',
  'treatment',
] as const
export type LotAction = (typeof LOT_ACTIONS)[number]

interface Row {
  /** Places from which it can be done, where something lies free. */
  readonly at: (place: Place) => boolean
  /** What is refused where nothing lies there. */
  readonly nothing: string
  /** A further condition on the state, and on how the command came in. */
  readonly unless?: (lot: Lot, way: Way) => Refusal | undefined
}

/** The day whose law applies, and how the command came in. */
interface Way {
  readonly day: Day
  readonly provenance: Provenance
}

const inStore = (place: Place): boolean =>
  (place.at === 'collection' && place.document === undefined) || inReceiversStore(place)
/** Not in store yet: with who made it, or as it was received. */
const storable = (place: Place): boolean =>
  place.at === 'classification' || (place.at === 'disposal' && !inReceiversStore(place))
const atHome = ({ at }: Place): boolean => at === 'generation' || at === 'classification' || at === 'collection'
/** What a unit may treat: what it received, and what is its own and classified (自行利用处置, HJ 1259-2022 B.4). */
export const treatableAt = ({ at }: Place): boolean =>
  at === 'classification' || at === 'collection' || at === 'disposal'
const noPool = (code: string) => (lot: Lot) => (lot.pool ? refusal(code) : undefined)

/** R31: a container of hazardous waste is labelled before it goes into store. */
function unlabelledContainer(lot: Lot, { day, provenance }: Way): Refusal | undefined {
  const [why] = refusalsOf(law.ask('StoreLot:state', { lot, day, context: { provenance } }))
  return why
}

const rows: Readonly<Record<LotAction, Row>> = {
  classification: { at: ({ at }) => at === 'generation', nothing: 'nothing-to-classify' },
  label: {
    at: atHome,
    nothing: 'nothing-to-label',
    unless: (lot) => noPool('pools-have-no-label')(lot) ?? unlabelled(lot),
  },
  'storage-in': { at: storable, nothing: 'nothing-to-store', unless: unlabelledContainer },
  'storage-out': { at: inStore, nothing: 'nothing-in-store', unless: noPool('pools-are-not-staged') },
  split: {
    at: (place) => storable(place) || inStore(place),
    nothing: 'nothing-to-split',
    unless: noPool('pools-are-not-split'),
  },
  sorting: { at: (place) => storable(place) || inStore(place), nothing: 'nothing-to-split' },
  'stock-take': { at: (place) => storable(place) || inStore(place), nothing: 'nothing-in-store' },
  treatment: { at: treatableAt, nothing: 'nothing-to-treat' },
}

function unlabelled(lot: Lot): Refusal | undefined {
  if (lot.waste?.stream !== 'hazardous') return refusal('needs-no-label')
  return lot.label === undefined ? undefined : refusal('already-labelled')
}

/** Where this can be done to the lot now, whoever asks: places with something free in them. */
export const openFor = (action: LotAction, lot: Lot): readonly Holding[] =>
  Object.values(lot.held).filter(({ place }) => rows[action].at(place) && freeAt(lot, place) > 0)

/** Whether the actor acts for who holds that place. */
export const actsAt = (actor: Actor, { holder }: Place): boolean => actsFor(actor, holder, 'producer', 'receiver')

/**
 * Why this actor may not do this to the lot now, or nothing: asked first by every decider of a lot, and the answer to `availableActions`.
 * To whom the lot is nothing it does not exist. Rules about the content of a command come after it.
 */
export function guardLot(
  action: LotAction,
  lot: Lot,
  actor: Actor,
  way: Way = { day: NEWEST_LAW, provenance: 'live' },
): Refusal | undefined {
  if (!lot.exists || !concerns(actor, lotParties(lot))) return refusal('lot-unknown')
  const { nothing, unless } = rows[action]
  const open = openFor(action, lot)
  if (open.length === 0) {
    // All that lies there may be promised: the refusal names the manifests to its holder.
    const own = Object.values(lot.held).flatMap(({ place }) =>
      rows[action].at(place) && actsAt(actor, place) ? [place] : [],
    )
    return refusal(nothing, '', promisesAt(lot, own))
  }
  if (!open.some(({ place }) => actsAt(actor, place))) return refusal('not-your-part', '', { action, by: 'holder' })
  return unless?.(lot, way)
}

export const lotActions = (lot: Lot, actor: Actor): readonly AvailableAction<LotAction>[] =>
  LOT_ACTIONS.map((action) => {
    const why = guardLot(action, lot, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })

/** Every unit that the lot has been with as far as its state tells; to any other it does not exist. */
export const lotParties = (lot: Lot): readonly (string | undefined)[] => [
  lot.origin?.unit,
  ...Object.values(lot.held).map(({ place }) => place.holder),
]
