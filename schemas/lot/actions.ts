import { actsFor, type Actor } from '../actor.ts'
import { refusal, type Refusal } from '../decision.ts'
import type { AvailableAction } from '../manifest/actions.ts'
import type { PlaceKind } from '../values/place.ts'
import { freeAt, type Holding, type Lot } from './state.ts'

/** What may be done to a lot by itself; what happens to it on the road and at the receiver goes through its manifest. */
export const LOT_ACTIONS = ['classification', 'label', 'storage-in', 'storage-out', 'split', 'stock-take'] as const
export type LotAction = (typeof LOT_ACTIONS)[number]

const freeIn = (lot: Lot, ...kinds: readonly PlaceKind[]): Holding | undefined =>
  Object.values(lot.held).find(({ place }) => kinds.includes(place.at) && freeAt(lot, place) > 0)

/** Who holds the lot: whoever has mass of it in a place of their own, else whoever generated it. */
export function holderOf(lot: Lot): string | undefined {
  return Object.values(lot.held).find(({ place }) => place.at === 'generation' || place.at === 'classification' || place.at === 'collection')?.place.holder ?? lot.origin?.unit
}

const conditions: Readonly<Record<LotAction, (lot: Lot) => Refusal | undefined>> = {
  classification: (lot) => (freeIn(lot, 'generation') ? undefined : refusal('nothing-to-classify')),
  label: (lot) => (lot.label === undefined && !lot.pool && lot.waste?.stream === 'hazardous' ? undefined : refusal(lot.pool ? 'pools-have-no-label' : 'already-labelled')),
  'storage-in': (lot) => (freeIn(lot, 'classification') ? undefined : refusal('nothing-to-store')),
  'storage-out': (lot) => (Object.values(lot.held).some(({ place }) => place.at === 'collection' && place.document === undefined && freeAt(lot, place) > 0) ? undefined : refusal('nothing-in-store')),
  split: (lot) => (!lot.pool && freeIn(lot, 'classification', 'collection', 'disposal') ? undefined : refusal('nothing-to-split')),
  'stock-take': (lot) => (freeIn(lot, 'classification', 'collection') ? undefined : refusal('nothing-in-store')),
}

/** Why this actor may not do this to the lot now, or nothing: asked first by every decider of a lot, and the answer to `availableActions`. */
export function guardLot(action: LotAction, lot: Lot, actor: Actor): Refusal | undefined {
  if (!lot.exists) return refusal('lot-unknown')
  if (!actsFor(actor, holderOf(lot), 'producer', 'receiver')) return refusal('not-your-part', '', { action, by: 'holder' })
  return conditions[action](lot)
}

export const lotActions = (lot: Lot, actor: Actor): readonly AvailableAction<LotAction>[] =>
  LOT_ACTIONS.map((action) => {
    const why = guardLot(action, lot, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })

/** Every unit that the lot has been with as far as its state tells; to any other it does not exist. */
export const lotParties = (lot: Lot): readonly (string | undefined)[] => [lot.origin?.unit, ...Object.values(lot.held).map(({ place }) => place.holder)]
