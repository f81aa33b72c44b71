import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openLoop, quantile, rounded } from '../../infra/event-store/bench/measure.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import type { NewEvent } from '../../infra/event-store/port.ts'
import type { BenchLine } from '../../test/load/bench-line.ts'
import { openRunner } from '../runner/runner.ts'
import { allProjections } from '../all.ts'

const TARGET_MS = 25
const PER_SECOND = 1_000
const UNIT = '91320594P00000001X'

function generated(commandId: string): NewEvent {
  return {
    type: 'LotGenerated',
    schemaVersion: 1,
    occurredAt: new Date().toISOString(),
    data: {
      waste: { stream: 'hazardous', code: '900-404-06' },
      origin: { unit: UNIT, inside: true },
      to: { at: 'generation', holder: UNIT, place: 'MF0001' },
      grams: 1_000,
      pool: false,
    },
    metadata: { commandId, actor: { subject: 'bench', roles: ['admin'] }, provenance: 'live' },
  }
}

export const lines: readonly BenchLine[] = [
  {
    name: 'P7',
    title: `from sending a command to its committed ledger row, ${PER_SECOND}/s open loop, all read models folding; p99, ms`,
    target: `<= ${TARGET_MS} ms`,
    async run({ quick, databaseUrl }) {
      const store = await openPostgresStore({ url: databaseUrl })
      const runner = await openRunner({ store, databaseUrl, projections: allProjections })
      const client = new pg.Client(databaseUrl)
      await client.connect()
      try {
        // Who waits for a position is told by the page that holds it.
        const waiting: { readonly position: number; readonly tell: () => void }[] = []
        let reached = 0
        runner.onAdvance((projection, position) => {
          if (projection !== 'journal') return
          reached = position
          for (let next = waiting[0]; next && next.position <= position; next = waiting[0]) {
            waiting.shift()
            next.tell()
          }
        })
        const command = async () => {
          const commandId = randomUUID()
          const result = await store.append({
            stream: `lot-${commandId}`,
            expected: 0,
            commandId,
            events: [generated(commandId)],
          })
          if (result.outcome !== 'appended') throw new Error(`not appended: ${result.outcome}`)
          const { position } = result
          if (position <= reached) return
          await new Promise<void>((tell) => {
            const at = waiting.findLastIndex((one) => one.position < position) + 1
            waiting.splice(at, 0, { position, tell })
          })
        }
        await openLoop(PER_SECOND / 2, 1_000, command)
        const latencies = await openLoop(PER_SECOND, quick ? 3_000 : 15_000, command)
        const { rows } = await client.query<{ entries: number }>(
          'select count(*)::int as entries from rm.journal_entry',
        )
        if (rows[0]?.entries !== (await store.head())) throw new Error('not every command has its ledger row')
        const p99 = rounded(quantile(latencies, 0.99))
        return {
          ratio: p99,
          target: TARGET_MS,
          passed: p99 <= TARGET_MS,
          figures: { 'p50 ms': rounded(quantile(latencies, 0.5)), 'p99 ms': p99, commands: latencies.length },
        }
      } finally {
        await client.end()
        await runner.stop()
        await store.close()
      }
    },
  },
]
