import type { LabelLot } from '../../../schemas/commands/classification.ts'
import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { guardLot } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { labelStem } from '../../../schemas/lot/label.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { labelSaysWhatItIs } from '../../../schemas/rules/storage.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import { parseLabelCode } from '../../../schemas/values/label-code.ts'
import { businessDay } from '../../../schemas/values/time.ts'

export interface LabelContext extends Context {
  /** Whether another lot bears that label: labels are claimed before they are put on. */
  readonly taken: boolean
}

/** The command with the label that is to be put on, chosen by the sender or the next free one. */
export type PutOnLabel = LabelLot & { readonly label: string }

export const putOnLabel: Decider<Lot, PutOnLabel, LotEvent, LabelContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('label', lot, context.actor)
    if (why) return refuse(why)
    const { label, occurredAt } = command
    const findings = [
      ...judge(
        labelSaysWhatItIs,
        { label, expected: labelStem(lot), taken: context.taken, pointer: '/label' },
        businessDay(occurredAt),
      ),
      ...timeliness(command, lot.lastAt, context, 'labelled'),
    ]
    // A form and no rule of a day: the first 18 of the 37 characters say whose label it is, so a unit cannot take another unit's label.
    const unit = parseLabelCode(label)?.unit
    if (unit !== undefined && unit !== lot.origin?.unit && findings.every(({ severity }) => severity === 'WARN'))
      return refuse(refusal('label-of-another-unit', '/label', { label, unit: lot.origin?.unit ?? '' }))
    return acceptUnlessBlocked(findings, () => [{ type: 'LotLabelled', occurredAt, data: { label } }])
  },
}
