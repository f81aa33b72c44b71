import type { StoreLot } from '../../../schemas/commands/collection.ts'
import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, freeAt, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { batchFindings } from '../../../schemas/rules/batch.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { batchChainWhole, containerLabelled, stockNeverNegative } from '../../../schemas/rules/storage.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import type { Sealed } from '../../../schemas/values/person.ts'
import type { Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'

export type SealedStoreLot = Sealed<StoreLot, 'handler'>

/** 入库 (HJ 1259-2022 B.2): a classified lot, or a part of it, goes into a store and is weighed there. */
export const store: Decider<Lot, SealedStoreLot, LotEvent, Context> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('storage-in', lot, context.actor, context.provenance)
    if (why) return refuse(why)
    const { grams, part = false, batch, generationBatch, label, handler, occurredAt } = command
    const from = openFor('storage-in', lot).find(({ place }) => actsAt(context.actor, place))?.place
    if (!lot.waste || !from) return refuse(refusal('nothing-to-store'))
    const free = freeAt(lot, from)
    const promises = promisesAt(lot, [from])
    if (!part && 'promised' in promises) return refuse(refusal('lot-promised', '/part', promises))
    if (batch !== undefined && batch in lot.storedIn) return refuse(refusal('batch-reused', '/batch', { batch }))

    const day = businessDay(occurredAt)
    const findings = [
      // What the scale shows of a whole package counts, even above the earlier weight; a part cannot be more than there is.
      ...(part ? judge(stockNeverNegative, { taken: grams, balance: free, promises, pointer: '/grams' }, day) : []),
      ...judge(
        batchChainWhole,
        { named: generationBatch, known: lot.batch === undefined ? [] : [lot.batch], pointer: '/generationBatch' },
        day,
      ),
      // That there is a label at all was asked above.
      ...judge(containerLabelled, { required: false, label: lot.label, scanned: label, pointer: '/label' }, day),
      ...batchFindings(batch, 'stored', day),
      ...timeliness(command, lot.lastAt, context, 'stored'),
    ]
    const { waste } = lot
    const to: Place = { at: 'collection', holder: from.holder, place: command.store }
    return acceptUnlessBlocked(findings, () => [
      { type: 'LotStored', occurredAt, data: { waste, from, to, grams, whole: !part, ...present({ batch, handler }) } },
    ])
  },
}
