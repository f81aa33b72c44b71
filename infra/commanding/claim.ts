import { evolveClaim, noClaim, type Claim, type ClaimEventOf } from '../../schemas/claim/events.ts'
import { accept, type Decider } from '../../schemas/decision.ts'
import { claimStream } from '../../schemas/values/identifiers.ts'
import { preliminary } from './context.ts'
import { execute, type Envelope, type Runtime } from './execute.ts'

type Claiming = ClaimEventOf<'NameClaimed'>

type NameClaimed = Claiming['data']

interface ClaimName extends NameClaimed {
  readonly occurredAt: string
  /** A bearer that never came to be, as its own stream says: its name is free again. */
  readonly insteadOf?: string
}

/** First come, first served: a name that somebody bears stays theirs, and asking again changes nothing. */
export const claiming: Decider<Claim, ClaimName, Claiming, undefined> = {
  initial: noClaim,
  evolve: evolveClaim,
  decide: ({ kind, name, by, occurredAt, insteadOf }, { by: bearer }) =>
    accept(
      bearer === undefined || bearer === insteadOf
        ? [{ type: 'NameClaimed', occurredAt, data: { kind, name, by } }]
        : [],
    ),
}

/**
 * Claims a name for `by` unless it is taken, and answers who bears it. A stream of its own holds the name, so that of two who ask
 * at the same moment one gets it. `envelope` is the one of the command that needs the name; the claim has an id derived from it.
 */
export async function claimName(runtime: Runtime, claim: ClaimName, envelope: Envelope): Promise<string> {
  const stream = claimStream(claim.kind, claim.name)
  const own = preliminary(envelope, runtime.ids.derive('claim', claim.kind, claim.name, envelope.commandId))
  const outcome = await execute(
    runtime,
    { decider: claiming, stream, command: claim, context: () => Promise.resolve(undefined) },
    own,
  )
  if (outcome.status !== 'done' || outcome.state.by === undefined)
    throw new Error(`${stream} could not be claimed: ${outcome.status}`)
  return outcome.state.by
}
