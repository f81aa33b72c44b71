import type { OpenLot } from '../../../schemas/commands/generation.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { present } from '../../../schemas/values/present.ts'
import { notTheirs } from './generate.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { GenerationContext } from '../../../schemas/rules/questions.ts'
import { openedAt } from '../../../schemas/rules/recording.ts'

/**
 * 往年贮存: a lot that already lay in store when the books began. It happened on the day it was generated, long before anybody could
 * record it here; its code may stand in any edition of the list (readings R02).
 */
export const open: Decider<Lot, OpenLot, LotEvent, GenerationContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const stranger = notTheirs(command.unit, context)
    if (stranger) return refuse(stranger)
    if (lot.exists) return refuse(refusal('lot-exists', '', { lot: context.lot }))
    const { unit, waste, name, grams, batch, storeIn, store, bornOn } = command
    const occurredAt = openedAt(bornOn)
    const findings = law.ask('OpenLot', { command, lot, context, day: bornOn })
    return acceptUnlessBlocked(findings, () => [
      {
        type: 'LotOpened',
        occurredAt,
        data: {
          waste,
          origin: { unit, inside: context.unit.inside },
          to: { at: 'collection', holder: unit, place: store },
          grams,
          bornOn,
          batch,
          ...present({ storeIn, name }),
        },
      },
    ])
  },
}
