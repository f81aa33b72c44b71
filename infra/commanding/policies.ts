import type { EventType } from '../../schemas/event.ts'
import type { Actor } from '../../schemas/actor.ts'
import { derivedId } from '../event-store/event-id.ts'
import type { Appended, Envelope, Outcome, Runtime } from './execute.ts'

/** A command that follows from an event. Its id is derived from the event and `key`, so a second run does nothing. */
export interface Reaction {
  readonly key: string
  perform(runtime: Runtime, envelope: Envelope): Promise<Outcome<unknown>>
}

/** What follows from events of some types. `react` is pure but for reading through the runtime; the order of reactions counts. */
export interface Policy {
  readonly name: string
  readonly on: readonly EventType[]
  react(appended: Appended, runtime: Runtime): Promise<readonly Reaction[]> | readonly Reaction[]
}

export const SYSTEM_ACTOR: Actor = { subject: 'system', roles: ['admin'] }

/** A policy's own command was refused: a fault of ours, or of the event that caused it. It stays visible until someone mends it. */
export class ReactionRefused extends Error {
  override readonly name = 'ReactionRefused'
}

export const reactionId = (causeId: string, key: string): string => derivedId('reaction', causeId, key)

/**
 * Runs all that follows from these events, depth first and in order, and answers the last position. The same code serves the request
 * that caused them and the subscriber that looks after requests which died between an event and its reaction.
 */
export function reactor(policies: readonly Policy[]) {
  const byType = new Map<string, Policy[]>()
  for (const policy of policies) for (const type of policy.on) byType.set(type, [...(byType.get(type) ?? []), policy])

  return {
    concerns: (type: string): boolean => byType.has(type),
    async run(runtime: Runtime, events: readonly Appended[], cause: Pick<Envelope, 'provenance' | 'commandId' | 'correlationId'>): Promise<number> {
      let reached = 0
      for (const appended of events) {
        for (const policy of byType.get(appended.event.type) ?? []) {
          for (const reaction of await policy.react(appended, runtime)) {
            const outcome = await reaction.perform(runtime, {
              commandId: reactionId(appended.id, reaction.key),
              actor: SYSTEM_ACTOR,
              provenance: cause.provenance === 'book' ? 'book' : 'policy',
              causationId: appended.id,
              correlationId: cause.correlationId ?? cause.commandId,
            })
            if (outcome.status !== 'done') throw new ReactionRefused(`${policy.name}/${reaction.key} on ${appended.stream}@${appended.revision}: ${JSON.stringify(outcome)}`)
            reached = Math.max(reached, outcome.position)
          }
        }
      }
      return reached
    },
  }
}
