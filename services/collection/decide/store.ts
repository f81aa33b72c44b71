import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { isAt, type Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { SealedStoreLot } from '../../../schemas/rules/questions.ts'

/** 入库 (HJ 1259-2022 B.2): a classified lot, or what was received of one, or a part of it, goes into a store and is weighed there. */
export const store: Decider<Lot, SealedStoreLot, LotEvent, Context> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('storage-in', lot, context.actor, {
      day: businessDay(command.occurredAt),
      provenance: context.provenance,
    })
    if (why) return refuse(why)
    const { grams, part = false, batch, handler, occurredAt } = command
    const from = openFor('storage-in', lot).find(
      ({ place }) => actsAt(context.actor, place) && isAt(place, command.at),
    )?.place
    if (!lot.waste || !from) return refuse(command.at ? refusal('place-not-open', '/at') : refusal('nothing-to-store'))
    const promises = promisesAt(lot, [from])
    if (!part && 'promised' in promises) return refuse(refusal('lot-promised', '/part', promises))
    if (batch !== undefined && batch in lot.storedIn) return refuse(refusal('batch-reused', '/batch', { batch }))

    const findings = law.ask('StoreLot', { command, lot, from, context, day: businessDay(occurredAt) })
    const { waste } = lot
    // What was received stays in the stage of disposal, under its line.
    const to: Place =
      from.at === 'disposal'
        ? { ...from, place: command.store }
        : { at: 'collection', holder: from.holder, place: command.store }
    return acceptUnlessBlocked(findings, () => [
      { type: 'LotStored', occurredAt, data: { waste, from, to, grams, whole: !part, ...present({ batch, handler }) } },
    ])
  },
}
