import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { findingsProjection } from '../../projections/findings/projection.ts'
import { journalWith } from '../../projections/journal/projection.ts'
import { wildHistory } from '../../projections/journal/random-history.ts'
import { lotsProjection } from '../../projections/lots/projection.ts'
import { manifestsProjection } from '../../projections/manifests/projection.ts'
import { registryProjection } from '../../projections/registry/projection.ts'
import { rebuild } from '../../projections/runner/rebuild.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { freshDatabase } from '../support/database.ts'
import { eventsOfBooks, parkMonthFolder } from './park-month.ts'

const projections = [
  journalWith([3, 5, 7]),
  lotsProjection,
  manifestsProjection,
  registryProjection,
  findingsProjection,
]
const folder = parkMonthFolder()
type Told = Pick<RecordedEvent, 'stream' | 'type' | 'occurredAt' | 'data'>
const [wild = []] = fc.sample(wildHistory(150), { numRuns: 20, seed: 3 }).filter((one) => one.length > 100)
// The beginning of a real month where it is at hand: pools, manifests of many lots, residues.
const books: readonly Told[] = folder
  ? eventsOfBooks(folder)
      .slice(0, 400)
      .map(({ stream, event }) => ({ stream, ...event }))
  : []
const history: readonly Told[] = [...wild, ...books]

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

async function tell(store: EventStore, events: readonly Told[]): Promise<number> {
  for (const { stream, type, occurredAt, data } of events) {
    const commandId = randomUUID()
    await store.append({
      stream,
      expected: 'any',
      commandId,
      events: [
        {
          type,
          occurredAt,
          data,
          schemaVersion: 1,
          metadata: { commandId, actor: { subject: 's', roles: [] }, provenance: 'book' },
        },
      ],
    })
  }
  return store.head()
}

test.each([11, 60, 250].flatMap((pageSize) => [0.1, 0.5, 0.9].map((split) => [pageSize, split] as const)))(
  'read models folded live in pages of %i, stopped at %f of the log and gone on, are the ones that a rebuild gives, row by row',
  async (pageSize, split) => {
    const schema = `rm_${pageSize}_${split * 10}`
    const store = openMemoryStore()
    const cut = Math.floor(history.length * split)
    for (const part of [history.slice(0, cut), history.slice(cut)]) {
      const runner = await openRunner({ store, databaseUrl: database.url, projections, schema, pageSize })
      try {
        expect(await runner.waitFor(await tell(store, part), 30_000)).toBe(true)
        expect(await runner.parked()).toEqual([])
      } finally {
        await runner.stop()
      }
    }
    const reports = await rebuild({ pool, store, schema, projections, swap: false, pageSize: 100 })
    expect(reports.map(({ name, equal, differences }) => ({ name, equal, differences }))).toEqual(
      projections.map(({ name }) => ({ name, equal: true, differences: 0 })),
    )
    expect(reports.find(({ name }) => name === 'journal')?.rows).toBeGreaterThan(100)
  },
  60_000,
)
