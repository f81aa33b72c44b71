import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openLoop, quantile, rounded } from '../../../infra/event-store/bench/measure.ts'
import { openPostgresStore } from '../../../infra/event-store/postgres/store.ts'
import type { NewEvent } from '../../../infra/event-store/port.ts'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import { readConfiguration } from '../../../infra/configuration/configuration.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import { allProjections } from '../../../projections/all.ts'
import { openFoldingThread } from '../folding/thread.ts'

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

/** What the machine itself does to commits that arrive like that: a row each, on as many sessions as it takes. */
async function openBareCommits(databaseUrl: string): Promise<{ commit(): Promise<unknown>; close(): Promise<void> }> {
  const pool = openPool({ connectionString: databaseUrl, max: 16 })
  await pool.query('create table public.bare (id bigint generated always as identity primary key, at timestamptz)')
  return {
    commit: () => pool.query({ name: 'bare', text: 'insert into public.bare (at) values (now())' }),
    close: () => pool.end(),
  }
}

export const lines: readonly BenchLine[] = [
  {
    name: 'P7',
    title: `from sending a command to its committed ledger row, ${PER_SECOND}/s open loop, all read models folding; p99, ms`,
    target: `<= ${TARGET_MS} ms`,
    async run({ quick, databaseUrl }) {
      const store = await openPostgresStore({ url: databaseUrl })
      const faults: unknown[] = []
      const runner = await openFoldingThread({
        config: readConfiguration({ DATABASE_URL: databaseUrl }),
        databaseUrl,
        store,
        names: allProjections.map(({ name }) => name),
        onFault: (fault) => void faults.push(fault),
        onParked: (parked) => void faults.push(parked),
      })
      const bare = await openBareCommits(databaseUrl)
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
        // Second by second in turns: a stall of the machine meets both sides alike.
        const [latencies, stalls]: [number[], number[]] = [[], []]
        for (let turn = 0; turn < (quick ? 3 : 15); turn++) {
          latencies.push(...(await openLoop(PER_SECOND, 1_000, command)))
          stalls.push(...(await openLoop(PER_SECOND, 1_000, bare.commit)))
        }
        const { rows } = await client.query<{ entries: number }>(
          'select count(*)::int as entries from rm.journal_entry',
        )
        if (rows[0]?.entries !== (await store.head()))
          throw new Error('not every command has its ledger row', { cause: faults[0] })
        const p99 = rounded(quantile(latencies, 0.99))
        return {
          ratio: p99,
          target: TARGET_MS,
          passed: p99 <= TARGET_MS,
          figures: {
            'p50 ms': rounded(quantile(latencies, 0.5)),
            'p99 ms': p99,
            commands: latencies.length,
            'bare one-row commits at the same arrivals, p50 ms': rounded(quantile(stalls, 0.5)),
            'their p99 ms': rounded(quantile(stalls, 0.99)),
          },
        }
      } finally {
        await bare.close()
        await client.end()
        await runner.stop()
        await store.close()
      }
    },
  },
]
