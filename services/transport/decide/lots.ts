import {
  accept,
  refusal,
  refusalsOf,
  refuse,
  type Decider,
  type Decision,
  type Facts,
  type Refusal,
} from '../../../schemas/decision.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { evolveLot, freeAt, freeInStock, heldAt, noLot, type Lot } from '../../../schemas/lot/state.ts'
import type { Grams } from '../../../schemas/values/mass.ts'
import { accountKey, lineDocument, type Place } from '../../../schemas/values/place.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import type { Waste } from '../../../schemas/values/waste.ts'
import { law } from '../../../schemas/rules/law.ts'

/**
 * What a transfer does to its lots. Only the system sends these commands, as part of a filing or as what follows from a manifest's
 * event: who may do what was decided there, and here only the grams are guarded.
 */
interface UnderLine {
  readonly manifest: string
  readonly line: number
  readonly occurredAt: string
}
interface Moved extends UnderLine {
  readonly from: Place
  readonly to: Place
  readonly grams: Grams
}

type LotDecider<C> = Decider<Lot, C, LotEvent, undefined>

const lotDecider = <C>(decide: (command: C, lot: Lot) => Decision<LotEvent>): LotDecider<C> => ({
  initial: noLot,
  evolve: evolveLot,
  decide,
})

/** R28: 转移 takes no more than lies there and is promised to nobody else. */
const shortOf = (taken: number, free: number, occurredAt: string, promises: Facts = {}): readonly Refusal[] =>
  refusalsOf(law.ask('MoveLot', { taken, free, promises, pointer: '/grams', day: businessDay(occurredAt) }))

export interface ReserveLot extends UnderLine {
  readonly from: Place
  readonly grams: Grams
}

/** Promises mass of a lot to a line that is being filed. Asking again for the same changes nothing. */
export const reserveLot = lotDecider<ReserveLot>(({ manifest, line, from, grams, occurredAt }, lot) => {
  const promised = lot.reserved[lineDocument(manifest, line)]
  if (promised)
    return promised.grams === grams && accountKey(promised.place) === accountKey(from)
      ? accept([])
      : refuse(refusal('already-reserved'))
  const free = Math.min(freeAt(lot, from), freeInStock(lot, from, businessDay(occurredAt)))
  const short = shortOf(grams, free, occurredAt, free < grams ? promisesAt(lot, [from]) : {})
  if (short.length > 0) return refuse(...short)
  return accept([{ type: 'LotReserved', occurredAt, data: { manifest, line, from, grams } }])
})

export interface ReleaseReservation extends UnderLine {
  readonly reason: 'never-filed' | 'cancelled'
}

/** Takes a promise back; nothing where there is none any more. */
export const releaseReservation = lotDecider<ReleaseReservation>(({ manifest, line, reason, occurredAt }, lot) =>
  accept(
    lot.reserved[lineDocument(manifest, line)]
      ? [{ type: 'LotReservationReleased', occurredAt, data: { manifest, line, reason } }]
      : [],
  ),
)

/** Whether nothing of the lot stays behind once what was promised to this line has left that place: a package, then, and no part of one. */
export function leavesWhole(lot: Lot, manifest: string, line: number): boolean {
  const promised = lot.reserved[lineDocument(manifest, line)]
  return !lot.pool && promised !== undefined && heldAt(lot, promised.place) === promised.grams
}

/** How much of a lot may leave under this line: what is promised to it, and what is promised to nobody. */
export function leavable(lot: Lot, manifest: string, line: number): number {
  const promised = lot.reserved[lineDocument(manifest, line)]
  return promised ? promised.grams + freeAt(lot, promised.place) : 0
}

/** The promise is kept: the mass that the consignor's scale showed is on the road. */
export const pickUpLot = lotDecider<Moved>(({ manifest, line, from, to, grams, occurredAt }, lot) => {
  if (!lot.reserved[lineDocument(manifest, line)]) return refuse(refusal('not-reserved'))
  const whole = leavesWhole(lot, manifest, line)
  const most = leavable(lot, manifest, line)
  const short = whole ? [] : shortOf(grams, most, occurredAt)
  if (short.length > 0) return refuse(...short)
  return withWaste(lot, (waste) => ({
    type: 'LotPickedUp',
    occurredAt,
    data: { waste, from, to, grams, whole, manifest, line },
  }))
})

export interface HandOverLot extends Moved {
  readonly leg: number
}

/** From one carrier to the next. */
export const handOverLot = lotDecider<HandOverLot>(({ manifest, line, leg, from, to, grams, occurredAt }, lot) => {
  if (heldAt(lot, from) < grams) return refuse(refusal('not-on-the-road'))
  return withWaste(lot, (waste) => ({
    type: 'LotHandedOver',
    occurredAt,
    data: { waste, from, to, grams, manifest, line, leg },
  }))
})

/** Unloaded again where it had been picked up, because the manifest was cancelled before it departed. */
export const unloadLot = lotDecider<Moved>(({ manifest, line, from, to, grams, occurredAt }, lot) => {
  if (heldAt(lot, from) < grams) return refuse(refusal('not-on-the-road'))
  return withWaste(lot, (waste) => ({
    type: 'LotReturned',
    occurredAt,
    data: { waste, from, to, grams, manifest, line },
  }))
})

const withWaste = ({ waste }: Lot, event: (waste: Waste) => LotEvent): Decision<LotEvent> =>
  waste ? accept([event(waste)]) : refuse(refusal('lot-unknown'))
