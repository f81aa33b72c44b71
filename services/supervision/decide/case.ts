import { guardCase, isCompetent, type CaseAction, type Official } from '../../../schemas/case/actions.ts'
import type { CaseEvent } from '../../../schemas/case/events.ts'
import { evolveCase, isLate, noCase, type Case, type KnownCase } from '../../../schemas/case/state.ts'
import type { AnswerCase, CloseCase, ExtendCase, OpenCase } from '../../../schemas/commands/supervision.ts'
import type { Concern } from '../../../schemas/stream/registry.ts'
import type { Context } from '../../../schemas/context.ts'
import { accept, refusal, refuse, type Decider, type Decision, type Refusal } from '../../../schemas/decision.ts'
import { limitsOn } from '../../../schemas/rules/limits.ts'
import { businessDay, compareMoments, type Moment } from '../../../schemas/values/time.ts'

export type CaseContext = Omit<Context, 'actor'> & { readonly actor: Official }

/** The finding that a case is to grow from, as the log has it. */
export interface KnownFinding {
  readonly rule: string
  readonly subject: string
  readonly owner?: string | undefined
  readonly concern: Concern
}

export interface OpeningContext extends CaseContext {
  readonly id: string
  readonly finding: KnownFinding | undefined
}

const caseDecider = <C, X>(
  decide: (command: C, known: Case, context: X) => Decision<CaseEvent>,
): Decider<Case, C, CaseEvent, X> => ({ initial: noCase, evolve: evolveCase, decide })

/** An office opens a case from what exists for it. Steps of a case are recorded as they happen, so they are neither of the future nor out of order. */
export const openCase = caseDecider<OpenCase, OpeningContext>((command, known, { actor, now, finding, id }) => {
  if (finding === undefined || !(isCompetent(actor, finding.concern.streams) || concerns(actor, finding)))
    return refuse(refusal('finding-unknown', '/finding', { finding: command.finding }))
  if (!isCompetent(actor, finding.concern.streams)) return refuse(refusal('case-for-offices'))
  if (known.status !== 'none' && known.status !== 'closed')
    return refuse(refusal('case-open-already', '/finding', { case: id }))
  const unit = command.unit ?? finding.owner
  if (unit === undefined) return refuse(refusal('case-needs-unit', '/unit'))
  const { units, streams } = finding.concern
  if (!units.includes(unit)) return refuse(refusal('case-unit-strange', '/unit', { unit, choices: units.join(', ') }))
  const { occurredAt, demand, due } = command
  const wrong = outOfOrder(occurredAt, undefined, now) ?? tooEarly(due, occurredAt)
  if (wrong) return refuse(wrong)
  return accept([
    {
      type: 'CaseOpened',
      occurredAt,
      data: {
        units: [...units],
        streams: [...streams],
        finding: command.finding,
        rule: finding.rule,
        subject: finding.subject,
        unit,
        demand,
        due,
      },
    },
  ])
})

const concerns = ({ unit, roles }: Official, { concern }: KnownFinding): boolean =>
  roles.includes('admin') || (unit !== undefined && concern.units.includes(unit))

const step = <C extends { readonly occurredAt: Moment }>(
  action: CaseAction,
  event: (
    command: C,
    known: KnownCase,
    concern: { units: string[]; streams: Concern['streams'][number][] },
  ) => CaseEvent,
  more: (command: C, known: KnownCase) => Refusal | undefined = () => undefined,
) =>
  caseDecider<C, CaseContext>((command, known, { actor, now }) => {
    const obstacle = guardCase(action, known, actor)
    if (obstacle || known.status === 'none') return refuse(obstacle ?? refusal('case-unknown'))
    const wrong = outOfOrder(command.occurredAt, known.lastAt, now) ?? more(command, known)
    if (wrong) return refuse(wrong)
    const { units, streams } = known.opened
    return accept([event(command, known, { units: [...units], streams: [...streams] })])
  })

export const answerCase = step<AnswerCase>('answer', ({ occurredAt, answer }, _, concern) => ({
  type: 'CaseAnswered',
  occurredAt,
  data: { ...concern, answer },
}))

export const extendCase = step<ExtendCase>(
  'extension',
  ({ occurredAt, due, reason }, _, concern) => ({
    type: 'CaseExtended',
    occurredAt,
    data: { ...concern, due, reason },
  }),
  ({ due }, known) => tooEarly(due, known.due),
)

export const closeCase = step<CloseCase>('closing', ({ occurredAt, result, note }, known, concern) => ({
  type: 'CaseClosed',
  occurredAt,
  data: { ...concern, result, ...(note === undefined ? {} : { note }), late: isLate(known, occurredAt) },
}))

const tooEarly = (due: Moment, earliest: Moment): Refusal | undefined =>
  compareMoments(due, earliest) > 0
    ? undefined
    : refusal('case-due-passed', '/due', { dueAt: due, earliestAt: earliest })

const MINUTE_MS = 60_000

/** Steps of a case are recorded as they happen: in their order, and none of the future by more than clocks may differ. */
function outOfOrder(at: Moment, previous: Moment | undefined, now: Moment): Refusal | undefined {
  const skew = limitsOn(businessDay(at)).clockSkewMinutes * MINUTE_MS
  const early = previous !== undefined && compareMoments(at, previous) < 0
  return early || compareMoments(at, now) > skew
    ? refusal('case-out-of-order', '/occurredAt', { at, previousAt: previous ?? at })
    : undefined
}
