import type { EventType } from '../../schemas/streams.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { Ids } from '../ids/ids.ts'
import type { Appended, Envelope, Outcome, Runtime } from './execute.ts'
import { reportRefusal } from './refused-reactions.ts'

/** A command that follows from an event. Its id is derived from the event and `key`, so a second run does nothing. */
export interface Reaction {
  readonly key: string
  /** The one stream that it appends to. */
  readonly stream: string
  perform(runtime: Runtime, envelope: Envelope): Promise<Outcome<unknown>>
}

/** What follows from events of some types. `react` is pure but for reading through the runtime. */
export interface Policy {
  readonly name: string
  readonly on: readonly EventType[]
  /** True where each reaction goes to a stream of its own: they may then run side by side. Otherwise their order counts. */
  readonly unordered?: boolean
  react(appended: Appended, runtime: Runtime): Promise<readonly Reaction[]> | readonly Reaction[]
}

export const SYSTEM_ACTOR: Actor = { subject: 'system', roles: ['admin'] }

/**
 * The id of what should follow from an event stands for something else: on another stream, or of another cause. It was not done, and cannot be
 * done under that id: a fault of ours, or a log that was written to by others. Never taken for done.
 */
export class ReceiptElsewhere extends Error {
  override readonly name = 'ReceiptElsewhere'

  constructor(what: string, found?: string) {
    super(`${what}: its command id was used for something else${found === undefined ? '' : `, in ${found}`}`)
  }
}

/** A policy's own command was refused: a fault of ours, or of the event that caused it. It is a finding until it is done (`refused-reactions.ts`). */
export class ReactionRefused extends Error {
  override readonly name = 'ReactionRefused'
}

/** Others were faster too often: it is tried again and says nothing about the event. */
export class ReactionRaced extends Error {
  override readonly name = 'ReactionRaced'
}

export const reactionId = (ids: Ids, causeId: string, key: string): string => ids.derive('reaction', causeId, key)

/** Where a reaction comes from: what it inherits of the command behind it. */
export type Cause = Pick<Envelope, 'provenance' | 'commandId' | 'correlationId' | 'traceparent'>

/** The envelope of a reaction. A book's row stays a book's row in all that follows from it. */
export const reactionEnvelope = (ids: Ids, causeId: string, key: string, cause: Cause): Envelope => ({
  commandId: reactionId(ids, causeId, key),
  actor: SYSTEM_ACTOR,
  provenance: cause.provenance === 'book' ? 'book' : 'policy',
  causationId: causeId,
  correlationId: cause.correlationId ?? cause.commandId,
  ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
})

/** Performs one reaction and answers the position it reached. @throws ReactionRefused, ReactionRaced, ReceiptElsewhere */
export async function perform(
  name: string,
  { id, stream, revision }: Appended,
  reaction: Reaction,
  runtime: Runtime,
  cause: Cause,
): Promise<number> {
  const outcome = await reaction.perform(runtime, reactionEnvelope(runtime.ids, id, reaction.key, cause))
  if (outcome.status === 'done') return outcome.position
  if (outcome.status === 'reused') throw new ReceiptElsewhere(`${name}/${reaction.key} on ${stream}@${revision}`)
  const what = `${name}/${reaction.key} on ${stream}@${revision}`
  if (outcome.status === 'conflict') throw new ReactionRaced(`${what}: conflict`)
  if (outcome.status === 'held') throw new ReactionRefused(`${what}: held as ${outcome.hold}`)
  const why = outcome.refusals.map(({ code, rule = '', pointer }) => `${code} ${rule} ${pointer}`.trim()).join(', ')
  throw new ReactionRefused(`${what}: ${why}`)
}

/** What is recorded about a policy's step: the envelope of its reactions without an id. */
export const aboutStep = ({ ids }: Runtime, policy: string, cause: Appended, of: Cause) => {
  const { commandId: _, ...envelope } = reactionEnvelope(ids, cause.id, '', of)
  return { policy, cause, envelope }
}

/** Whether that says that a step was refused, which is a finding, and no fault of the moment. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof ReactionRefused || error instanceof ReceiptElsewhere

/**
 * Runs all that follows from these events, depth first and in order, and answers the last position. A step that is refused becomes a finding, and
 * one that lost its races is left to the caretaker. Neither is an error of the sender, because the events are committed.
 */
export function reactor(policies: readonly Policy[]) {
  const byType = new Map<string, Policy[]>()
  for (const policy of policies) for (const type of policy.on) byType.set(type, [...(byType.get(type) ?? []), policy])
  const concerned = (type: string): readonly Policy[] => byType.get(type) ?? []

  return {
    concerned,
    async run(runtime: Runtime, events: readonly Appended[], cause: Cause): Promise<number> {
      let reached = 0
      for (const appended of events) {
        for (const { name, unordered, react } of concerned(appended.event.type)) {
          const reactions = await react(appended, runtime)
          const step = (reaction: Reaction) => perform(name, appended, reaction, runtime, cause)
          const results = unordered ? await Promise.allSettled(reactions.map(step)) : await inTurn(reactions, step)
          const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
          for (const error of errors) if (!isRefusal(error) && !(error instanceof ReactionRaced)) throw error
          const refused = errors.find(isRefusal)
          if (refused)
            reached = Math.max(
              reached,
              await reportRefusal(runtime, aboutStep(runtime, name, appended, cause), refused.message),
            )
          for (const result of results) if (result.status === 'fulfilled') reached = Math.max(reached, result.value)
        }
      }
      return reached
    },
  }
}

/** One after the other; what comes after one that failed must not come before it. */
async function inTurn<T>(
  reactions: readonly Reaction[],
  step: (reaction: Reaction) => Promise<T>,
): Promise<readonly PromiseSettledResult<T>[]> {
  const results: PromiseSettledResult<T>[] = []
  for (const reaction of reactions) {
    const [result] = await Promise.allSettled([step(reaction)])
    results.push(result)
    if (result.status === 'rejected') break
  }
  return results
}
