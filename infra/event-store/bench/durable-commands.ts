import { randomUUID } from 'node:crypto'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import type { Actor } from '../../../schemas/actor.ts'
import { systemClock, systemIds } from '../../commanding/clock.ts'
import { execute, type Runtime } from '../../commanding/execute.ts'
import { openStates } from '../../commanding/states.ts'
import type { EventStore } from '../port.ts'
import { openBenchStore, openUnnestPeer, OCCURRED_AT, peerRate, STORED, storing } from './load.ts'
import { closedLoop, interleaved, median, ratioOf, rounded } from './measure.ts'

const actor: Actor = { subject: 'u-1', roles: ['admin'] }

/** One command as a service takes it: parsed, decided, appended, answered. */
function commandSender(store: EventStore): () => Promise<void> {
  const runtime = {
    store,
    states: openStates(store),
    clock: systemClock,
    ids: systemIds,
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

const line = (open: number, target: number): BenchLine => ({
  name: `P1-${open}`,
  title: `durable commands/s through the service API, ${open} open, against an unnest INSERT of 1,000 rows`,
  target: `>= ${target}`,
  async run({ quick, databaseUrl }) {
    const [rounds, milliseconds] = quick ? [3, 700] : [6, 2_000]
    const bench = await openBenchStore(databaseUrl)
    try {
      const insert = await openUnnestPeer(bench.client, 'public.bare')
      const command = commandSender(bench.store)
      await closedLoop(open, 500, command)
      await peerRate(insert, 500)
      const rates = await interleaved(rounds, { commands: () => closedLoop(open, milliseconds, command), rows: () => peerRate(insert, milliseconds) })
      const ratio = rounded(ratioOf(rates.commands, rates.rows))
      return {
        ratio,
        target,
        passed: ratio >= target,
        figures: { 'commands/s': Math.round(median(rates.commands)), 'peer rows/s': Math.round(median(rates.rows)) },
      }
    } finally {
      await bench.close()
    }
  },
})

export const lines: readonly BenchLine[] = [line(256, 0.45), line(64, 0.33)]
