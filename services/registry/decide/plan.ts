import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import { concerns } from '../../../schemas/actor.ts'
import type { FilePlan } from '../../../schemas/commands/registry.ts'
import { accept, acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { evolvePlan, noPlan, type Plan, type PlanEvent } from '../../../schemas/plan/events.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { byUnit } from './entry.ts'
import { present } from '../../../schemas/values/present.ts'
import { sameContent } from '../../../schemas/values/same.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { PlanContext } from '../../../schemas/rules/questions.ts'

/** A year's 管理计划 or further lines of it. Lines of one code and receiver add up (readings R22); the very same line again adds nothing. */
export const filePlan: Decider<Plan, FilePlan, PlanEvent, PlanContext> = {
  initial: noPlan,
  evolve: evolvePlan,
  decide(command, plan, context) {
    const { unit, year, occurredAt } = command
    if (!context.unit.exists || !concerns(context.actor, [unit]))
      return refuse(refusal('unit-unknown', '/unit', present({ unit, closedFrom: context.unit.closedFrom })))
    if (!byUnit(context.actor, unit)) return refuse(refusal('forbidden'))
    const unknown = command.lines.findIndex(({ method }) => context.catalogues.method(method) === undefined)
    if (unknown >= 0) return refuse(methodUnknown(command.lines[unknown]?.method ?? '', `/lines/${unknown}/method`))

    const fresh = command.lines.filter((line) => !plan.lines.some((filed) => sameContent(filed, line)))
    if (fresh.length === 0) return accept([])
    const day = businessDay(occurredAt)
    return acceptUnlessBlocked(law.ask('FilePlan', { command, plan, context, day }), () =>
      fresh.map((line) => ({ type: 'PlanLineFiled', occurredAt, data: { unit, year, ...line } })),
    )
  },
}
