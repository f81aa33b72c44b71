import { randomBytes, randomUUID } from 'node:crypto'
import { defaultBounds } from '../../../schemas/commands/bounds.ts'
import type { Actor } from '../../../schemas/actor.ts'
import { openIds } from '../../ids/ids.ts'
import { systemClock } from '../../commanding/clock.ts'
import { execute, type Runtime } from '../../commanding/execute.ts'
import { openStates } from '../../commanding/states.ts'
import type { EventStore } from '../port.ts'
import { OCCURRED_AT, STORED, storing } from './load.ts'

const actor: Actor = { subject: 'u-1', roles: ['admin'] }

/** One command as a service takes it: parsed, decided, appended, answered. Each is the first of a stream that was named for it. */
export function commandSender(store: EventStore): () => Promise<void> {
  const runtime = {
    store,
    states: openStates(store),
    clock: systemClock,
    ids: openIds({ secret: randomBytes(32), keyed: true }),
    bounds: defaultBounds,
    contextMaxAge: 0,
    react: () => Promise.resolve(0),
  } as unknown as Runtime
  return async () => {
    const execution = {
      decider: storing,
      stream: `lot-${randomUUID()}`,
      presumedNew: true,
      command: { occurredAt: OCCURRED_AT, data: STORED },
      context: () => Promise.resolve(undefined),
    }
    const outcome = await execute(runtime, execution, { commandId: randomUUID(), actor, provenance: 'live' })
    if (outcome.status !== 'done') throw new Error(`a command of the bench came to ${JSON.stringify(outcome)}`)
  }
}
