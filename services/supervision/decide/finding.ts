import { accept, type Decider } from '../../../schemas/decision.ts'
import type { AboutFinding, FindingEvent, RaisedFinding } from '../../../schemas/finding/events.ts'
import { evolveFinding, noFinding, type RecordedFinding } from '../../../schemas/finding/state.ts'
import type { Moment } from '../../../schemas/values/time.ts'

interface Raise {
  readonly finding: RaisedFinding
  readonly occurredAt: Moment
}

/** One that is open already stays as it was raised. */
export const raiseFinding: Decider<RecordedFinding, Raise, FindingEvent, undefined> = {
  initial: noFinding,
  evolve: evolveFinding,
  decide: ({ finding, occurredAt }, { status }) =>
    accept(status === 'open' ? [] : [{ type: 'FindingRaised', occurredAt, data: finding }]),
}

interface Settle {
  readonly finding: AboutFinding
  readonly late?: boolean | undefined
  readonly occurredAt: Moment
}

/** Nothing where it is not open. */
export const settleFinding: Decider<RecordedFinding, Settle, FindingEvent, undefined> = {
  initial: noFinding,
  evolve: evolveFinding,
  decide: ({ finding, late, occurredAt }, { status }) =>
    accept(
      status === 'open'
        ? [{ type: 'FindingSettled', occurredAt, data: { ...finding, ...(late === undefined ? {} : { late }) } }]
        : [],
    ),
}
