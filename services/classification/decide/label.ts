import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { guardLot } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { parseLabelCode } from '../../../schemas/values/label-code.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { LabelContext, PutOnLabel } from '../../../schemas/rules/questions.ts'

export const putOnLabel: Decider<Lot, PutOnLabel, LotEvent, LabelContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('label', lot, context.actor)
    if (why) return refuse(why)
    const { label, occurredAt } = command
    const findings = law.ask('LabelLot', { command, lot, context, day: businessDay(occurredAt) })
    // A form and no rule of a day: the first 18 of the 37 characters say whose label it is, so a unit cannot take another unit's label.
    const unit = parseLabelCode(label)?.unit
    if (unit !== undefined && unit !== lot.origin?.unit && findings.every(({ severity }) => severity === 'WARN'))
      return refuse(refusal('label-of-another-unit', '/label', { label, unit: lot.origin?.unit ?? '' }))
    return acceptUnlessBlocked(findings, () => [{ type: 'LotLabelled', occurredAt, data: { label } }])
  },
}
