import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { isAt, RECEIVED, type Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { SealedTakeOutLot } from '../../../schemas/rules/questions.ts'

/**
 * 出库 (HJ 1259-2022 B.3): out of the store to where it waits for its pickup. It stays in its holder's hands, so its place is the same
 * store under the document of its store-out batch; what a receiver takes out is where it was received again, for treatment or a manifest of its own.
 */
export const takeOut: Decider<Lot, SealedTakeOutLot, LotEvent, Context> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('storage-out', lot, context.actor)
    if (why) return refuse(why)
    const { grams, whole = false, batch, storeIn, handler, occurredAt } = command
    const from = openFor('storage-out', lot).find(
      ({ place }) => actsAt(context.actor, place) && place.place === command.store && isAt(place, command.at),
    )?.place
    if (!lot.waste || !from) return refuse(refusal('nothing-in-store', '/store'))
    const promises = promisesAt(lot, [from])
    if (whole && 'promised' in promises) return refuse(refusal('lot-promised', '/whole', promises))
    if (batch in lot.takenOut) return refuse(refusal('batch-reused', '/batch', { batch }))

    const findings = law.ask('TakeOutLot', { command, lot, from, context, day: businessDay(occurredAt) })
    const { waste } = lot
    const to: Place =
      from.at === 'disposal'
        ? { ...from, place: RECEIVED }
        : { at: 'collection', holder: from.holder, place: from.place, document: batch }
    return acceptUnlessBlocked(findings, () => [
      {
        type: 'LotTakenOut',
        occurredAt,
        data: { waste, from, to, grams, whole, batch, ...present({ storeIn, handler }) },
      },
    ])
  },
}
