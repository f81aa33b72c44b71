import type { TakeStock } from '../../../schemas/commands/collection.ts'
import { accept, acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, freeAt, hasRoomFor, heldAt, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { accountKey } from '../../../schemas/values/place.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { TakeStockContext } from '../../../schemas/rules/questions.ts'
import { businessDay } from '../../../schemas/values/time.ts'

/** 盘点: what was counted at one place stands from then on. A count that agrees with the books is no event. */
export const takeStock: Decider<Lot, TakeStock, LotEvent, TakeStockContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('stock-take', lot, context.actor)
    if (why) return refuse(why)
    const { counted, note, occurredAt } = command
    const at = openFor('stock-take', lot).find(
      ({ place }) => actsAt(context.actor, place) && accountKey(place) === accountKey(command.at),
    )?.place
    if (!lot.waste || !at) return refuse(refusal('place-not-open', '/at'))
    const booked = grams(heldAt(lot, at))
    if (counted === booked) return accept([])
    const found = counted - booked
    if (found > context.actMass)
      return refuse(refusal('mass-above-bound', '/counted', { grams: found, limit: context.actMass }))
    if (!hasRoomFor(lot, found)) return refuse(refusal('lot-full', '/counted', { limit: Number.MAX_SAFE_INTEGER }))
    // What is promised to a manifest cannot be counted away: the manifest is cancelled first.
    const promised = booked - freeAt(lot, at)
    if (counted < promised) return refuse(refusal('lot-promised', '/counted', { promised }))
    const { waste } = lot
    return acceptUnlessBlocked(law.ask('TakeStock', { command, lot, context, day: businessDay(occurredAt) }), () => [
      { type: 'LotStockTaken', occurredAt, data: { waste, at, counted, booked, reason: note } },
    ])
  },
}
