import { accept, type Decider } from '../../schemas/decision.ts'
import type { AboutFinding, FindingEvent, RaisedFinding } from '../../schemas/finding/events.ts'
import { evolveFinding, noFinding, type RecordedFinding } from '../../schemas/finding/state.ts'
import { findingStream } from '../../schemas/values/identifiers.ts'
import type { Moment } from '../../schemas/values/time.ts'
import { execute, type Envelope, type Outcome, type Runtime } from './execute.ts'

const nothing = () => Promise.resolve(undefined)

interface Raise {
  readonly finding: RaisedFinding
  readonly occurredAt: Moment
}

/** One that is open already stays as it was raised. */
const raising: Decider<RecordedFinding, Raise, FindingEvent, undefined> = {
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
const settling: Decider<RecordedFinding, Settle, FindingEvent, undefined> = {
  initial: noFinding,
  evolve: evolveFinding,
  decide: ({ finding, late, occurredAt }, { status }) =>
    accept(
      status === 'open'
        ? [{ type: 'FindingSettled', occurredAt, data: { ...finding, ...(late === undefined ? {} : { late }) } }]
        : [],
    ),
}

/** A finding of a timer, a projection or the system itself is raised, found at `occurredAt`. */
export const raiseFinding = (
  runtime: Runtime,
  finding: RaisedFinding,
  occurredAt: Moment,
  envelope: Envelope,
): Promise<Outcome<RecordedFinding>> =>
  execute(
    runtime,
    { decider: raising, stream: findingStream(finding), command: { finding, occurredAt }, context: nothing },
    envelope,
  )

/** What it asked for was done at `occurredAt`. */
export const settleFinding = (
  runtime: Runtime,
  { finding, late }: { readonly finding: AboutFinding; readonly late?: boolean | undefined },
  occurredAt: Moment,
  envelope: Envelope,
): Promise<Outcome<RecordedFinding>> =>
  execute(
    runtime,
    { decider: settling, stream: findingStream(finding), command: { finding, late, occurredAt }, context: nothing },
    envelope,
  )

/** How often the finding was raised and settled so far: part of the id of the next such command. */
export const findingRevision = async ({ states }: Runtime, finding: AboutFinding): Promise<number> =>
  (await states.load(raising, findingStream(finding), 0)).revision
