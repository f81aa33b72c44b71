import { contextOf } from '../../infra/commanding/context.ts'
import { execute, type Done, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { carryOutHeld, holdIdOf, isCarriedOut } from '../../infra/commanding/holding.ts'
import { ReceiptElsewhere } from '../../infra/commanding/policies.ts'
import { eventId } from '../../infra/event-store/event-id.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { RejectHold, ReleaseHold, WithdrawHold } from '../../schemas/commands/holds.ts'
import { refusal, type Decider, type Finding, type Refusal } from '../../schemas/decision.ts'
import type { HoldEvent } from '../../schemas/hold/events.ts'
import { holdFold, type HeldCommand, type Hold } from '../../schemas/hold/state.ts'
import { holdStream } from '../../schemas/values/identifiers.ts'
import type { Moment } from '../../schemas/values/time.ts'
import { conclude, expire, reject, release, withdraw, type HoldContext, type Result } from './decide/hold.ts'

function decideOn<C extends { readonly hold: string }>(
  runtime: Runtime,
  decider: Decider<Hold, C, HoldEvent, HoldContext>,
  command: C,
  envelope: Envelope,
): Promise<Outcome<Hold>> {
  const context = async (): Promise<HoldContext> => ({
    ...contextOf(runtime, envelope),
    actor: { ...envelope.actor, competence: envelope.competence },
    carriedOut: await isCarriedOut(runtime, command.hold),
  })
  return execute(runtime, { decider, stream: holdStream(command.hold), command, context }, envelope)
}

/**
 * Releases a held command, which is then carried out in the same request (`performReleased`). Where it is refused by what holds now, that is the
 * answer and the hold stays; where it meets findings that were not released, they are added to what it waits for.
 */
export async function releaseHold(runtime: Runtime, command: ReleaseHold, envelope: Envelope): Promise<Outcome<Hold>> {
  const outcome = await decideOn(runtime, release, command, envelope)
  return outcome.status === 'done' ? resultOf(runtime, outcome, envelope) : outcome
}

/** What came of the command by that release, however often it is asked: the event that the release caused says it. */
async function resultOf(runtime: Runtime, released: Done<Hold>, { commandId }: Envelope): Promise<Outcome<Hold>> {
  const { stream, revision, replayed } = released
  const cause = eventId(commandId, 0)
  const later = await runtime.store.readStream(stream, { from: revision + 1 })
  const caused = later.find(({ metadata }) => metadata.causationId === cause)
  if (!caused) return released
  const event = upcast(caused) as HoldEvent
  const { state } = await runtime.states.load(holdFold, stream, 0)
  const place = { revision: caused.revision, position: Math.max(caused.position, released.position), replayed }
  switch (event.type) {
    case 'HoldBlocked':
      return { status: 'refused', refusals: event.data.refusals as readonly Refusal[] }
    case 'HoldExtended':
      return {
        status: 'held',
        hold: holdIdOf(stream),
        findings: event.data.findings as readonly Finding[],
        state,
        ...place,
      }
    default:
      return { ...released, ...place, state }
  }
}

export const rejectHold = (runtime: Runtime, command: RejectHold, envelope: Envelope): Promise<Outcome<Hold>> =>
  decideOn(runtime, reject, command, envelope)

export const withdrawHold = (runtime: Runtime, command: WithdrawHold, envelope: Envelope): Promise<Outcome<Hold>> =>
  decideOn(runtime, withdraw, command, envelope)

/** The deadline of a hold passed. */
export const expireHold = (
  runtime: Runtime,
  hold: string,
  occurredAt: Moment,
  envelope: Envelope,
): Promise<Outcome<Hold>> =>
  execute(
    runtime,
    {
      decider: expire,
      stream: holdStream(hold),
      command: { occurredAt },
      context: async () => ({ carriedOut: await isCarriedOut(runtime, hold) }),
    },
    envelope,
  )

/**
 * Carries out a released command and notes what came of it. Both have ids that do not change: where a process dies between the release and the act,
 * or between the act and the note, the policy runner does what is missing and nothing twice.
 */
export async function performReleased(
  runtime: Runtime,
  stream: string,
  envelope: Envelope,
  releasedBy: string,
): Promise<Outcome<Hold>> {
  const { state } = await runtime.states.load(holdFold, stream, 0)
  if (state.status === 'none') throw new Error(`${stream} holds no command`)
  const first = resultIn(await carryOutHeld(runtime, stream, state, envelope, releasedBy), stream)
  const command = await finalResult(runtime, stream, state, first, envelope)
  const context = () => Promise.resolve({ now: runtime.clock.now() })
  return execute(runtime, { decider: conclude, stream, command, context }, envelope)
}

function resultIn(outcome: Outcome<unknown>, stream: string): Result {
  switch (outcome.status) {
    case 'done':
      return { is: 'done', subject: outcome.stream, revision: outcome.revision }
    case 'refused':
      return { is: 'blocked', refusals: outcome.refusals }
    case 'conflict':
      return { is: 'blocked', refusals: [refusal('revision-conflict', '', { revision: outcome.revision })] }
    case 'held':
      return { is: 'held', findings: outcome.findings }
    case 'reused':
      throw new ReceiptElsewhere(`the held command of ${stream}`)
  }
}

/** Another process may have carried it out between its refusal here and the note: then it is done. */
async function finalResult(
  runtime: Runtime,
  stream: string,
  state: HeldCommand,
  result: Result,
  envelope: Envelope,
): Promise<Result> {
  if (result.is === 'done' || !(await isCarriedOut(runtime, holdIdOf(stream)))) return result
  const again = await carryOutHeld(runtime, stream, state, envelope)
  return again.status === 'done' ? resultIn(again, stream) : result
}
