/**
 * The process that the crash test kills: workers that append command after command, and a projector that keeps effects and checkpoint in one
 * transaction. It prints a line for every acknowledged command, `worker number position`, and goes on through every fault of the database.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { StoreBusy, StoreUnavailable } from '../../infra/event-store/faults.ts'
import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { openPool } from '../../infra/postgres/sessions.ts'

const url = process.env['CRASH_URL'] ?? ''
/** Number of the first command of each worker: the one after its last acknowledged, so that one in doubt is sent again. */
const starts = JSON.parse(process.env['CRASH_STARTS'] ?? '[]') as readonly number[]

let running = true
process.on('SIGTERM', () => {
  running = false
})

/** Until it works: the database may be down for as long as it likes. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch {
      await delay(30)
    }
  }
}

async function work(store: EventStore, worker: number, start: number): Promise<void> {
  for (let number = start; running; number++) {
    const commandId = derivedId('crash', worker, number)
    const events = Array.from({ length: 1 + (number % 2) }, () => ({
      type: 'LotStored',
      schemaVersion: 1,
      occurredAt: '2025-12-06T08:52:00+08:00',
      data: { worker, number },
      metadata: { commandId, actor: { subject: 'u-1', roles: ['recorder'] }, provenance: 'live' as const },
    }))
    const result = await appendUntilKnown(store, { stream: `lot-${worker}`, expected: 'any', commandId, events })
    if (result.outcome !== 'appended' && result.outcome !== 'replayed')
      throw new Error(`command ${number} of worker ${worker}: ${result.outcome}`)
    process.stdout.write(`${worker} ${number} ${result.position}\n`)
  }
}

async function appendUntilKnown(store: EventStore, request: Parameters<EventStore['append']>[0]) {
  for (;;) {
    try {
      return await store.append(request)
    } catch (error) {
      // In doubt or refused for now: the same command again, the receipt decides. Anything else is a finding.
      if (!(error instanceof StoreUnavailable || error instanceof StoreBusy)) throw error
    }
  }
}

/** Effects and checkpoint in one transaction, from the stored checkpoint after every fault. */
async function project(store: EventStore): Promise<void> {
  const pool = openPool({ connectionString: url, max: 2, connectionTimeoutMillis: 2_000 })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  for (;;) {
    const { rows } = await insist(() =>
      pool.query<{ position: number }>('select position::int from public.crash_checkpoint'),
    )
    const subscription = store.subscribe(rows[0]?.position ?? 0, (page) => apply(pool, page), { pageSize: 50 })
    await subscription.done.catch(() => undefined)
    await delay(30)
  }
}

async function apply(pool: pg.Pool, page: readonly RecordedEvent[]): Promise<void> {
  const client = await pool.connect()
  let fault: Error | undefined
  try {
    await client.query('begin')
    await client.query('insert into public.crash_effect select * from unnest($1::bigint[], $2::uuid[])', [
      page.map(({ position }) => position),
      page.map(({ id }) => id),
    ])
    await client.query('update public.crash_checkpoint set position = $1', [page.at(-1)?.position])
    await client.query('commit')
  } catch (error) {
    fault = error as Error
    throw error
  } finally {
    client.release(fault)
  }
}

const store = await insist(() => openPostgresStore({ url, migrate: false, pollMs: 50 }))
void project(store)
await Promise.all(starts.map((start, worker) => work(store, worker, start)))
const head = await insist(() => store.head())
process.stdout.write(`done ${head}\n`)
