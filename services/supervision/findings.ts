import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import type { AboutFinding, RaisedFinding } from '../../schemas/finding/events.ts'
import type { RecordedFinding } from '../../schemas/finding/state.ts'
import { findingStream } from '../../schemas/values/identifiers.ts'
import type { Moment } from '../../schemas/values/time.ts'
import { raiseFinding, settleFinding } from './decide/finding.ts'

const nothing = () => Promise.resolve(undefined)

/** A finding of a timer or projection is raised, found at `occurredAt`. */
export const raise = (
  runtime: Runtime,
  finding: RaisedFinding,
  occurredAt: Moment,
  envelope: Envelope,
): Promise<Outcome<RecordedFinding>> =>
  execute(
    runtime,
    { decider: raiseFinding, stream: findingStream(finding), command: { finding, occurredAt }, context: nothing },
    envelope,
  )

/** What it asked for was done at `occurredAt`. */
export const settle = (
  runtime: Runtime,
  { finding, late }: { readonly finding: AboutFinding; readonly late?: boolean | undefined },
  occurredAt: Moment,
  envelope: Envelope,
): Promise<Outcome<RecordedFinding>> =>
  execute(
    runtime,
    {
      decider: settleFinding,
      stream: findingStream(finding),
      command: { finding, late, occurredAt },
      context: nothing,
    },
    envelope,
  )
