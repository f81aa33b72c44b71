import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimMark, databaseTime } from '../../infra/commanding/caretaker-mark.ts'
import { openCaretaker } from '../../infra/commanding/caretaker.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { processesProjection } from '../../projections/processes/projection.ts'
import { rebuild } from '../../projections/runner/rebuild.ts'
import { openRunner, type Runner } from '../../projections/runner/runner.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { manifestStream } from '../../schemas/values/identifiers.ts'
import { parkDeadlines } from '../../services/park/deadlines.ts'
import { policies, processes } from '../../services/park/process/parts.ts'
import { freshDatabase } from '../support/database.ts'
import { testRuntime } from '../support/runtime.ts'
import { DEPARTED, FILED, PICKED_UP } from '../support/transfers.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
let store: EventStore
let runner: Runner
beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url })
  const client = await pool.connect()
  await migrate(client, { part: 'commanding', directory: new URL('../../infra/commanding/', import.meta.url) })
  client.release()
  store = await openPostgresStore({ url: database.url })
  runner = await openRunner({ store, databaseUrl: database.url, projections: [processesProjection] })
})
afterAll(async () => {
  await runner.stop()
  await store.close()
  await pool.end()
  await database.drop()
})

const DAY = 86_400_000
const on = (days: number): string => new Date(Date.now() + days * DAY).toISOString()
const moved = <E extends ManifestEvent>(event: E, occurredAt: string): E => ({ ...event, occurredAt })

let appended = 0
async function append(
  stream: string,
  events: readonly Pick<ManifestEvent, 'type' | 'occurredAt' | 'data'>[],
): Promise<void> {
  const commandId = derivedId('open-deadline', ++appended)
  const metadata = { commandId, actor: { subject: 'given', roles: ['admin'] }, provenance: 'live' as const }
  await store.append({
    stream,
    expected: 'any',
    commandId,
    events: events.map((event) => ({ ...event, schemaVersion: 1, metadata })),
  })
}

const deadlines = async () =>
  (await pool.query<{ id: string; due: boolean }>('select id, due_at < now() as due from rm.deadline order by id')).rows

test('an open deadline of a year costs one instance and its row: mark and checkpoint are at the end of the log, and a rebuild gives it back', async () => {
  const waiting = derivedId('waiting')
  // On the road for a year to come: nothing of it is due.
  await append(manifestStream(waiting), [
    moved(FILED, on(365)),
    moved(PICKED_UP, on(365)),
    moved(DEPARTED, on(365)),
  ] as readonly ManifestEvent[])
  for (let i = 0; i < 400; i++)
    await append(manifestStream(derivedId('passing', i)), [
      moved(FILED, on(0)),
      { type: 'ManifestCancelled', occurredAt: on(0), data: { reason: '测试' } },
    ] as readonly ManifestEvent[])
  const head = await store.head()
  expect(await runner.waitFor(head, 30_000)).toBe(true)
  expect(await deadlines()).toEqual([{ id: `manifest-terms/${waiting}/raise/R65`, due: false }])

  const runtime = testRuntime({ store, clock: { now: () => new Date().toISOString() } })
  const mark = await claimMark(pool, 'open-deadline')
  const caretaker = openCaretaker(runtime, {
    policies: policies.filter(({ on: types }) => types.length === 0),
    deadlines: parkDeadlines(runtime, pool, processes),
    mark,
    grace: 0,
    time: () => databaseTime(pool),
  })
  await caretaker.sweep()
  expect(await mark.load(await store.epoch())).toBe(head)
  expect(await runner.position('processes')).toBe(head)

  const dueAt = async () =>
    (await pool.query<{ due: string }>('select due_at::text as due from rm.deadline')).rows[0]?.due
  const due = await dueAt()
  const outage = { startedAt: on(365.1), endedAt: on(365.2), cause: '计划检修' }
  await append('outage-planned', [{ type: 'OutageDeclared', occurredAt: on(0), data: outage }] as never)
  await runner.waitFor(await store.head(), 30_000)
  expect(await dueAt()).not.toBe(due)

  const [rebuilt] = await rebuild({ pool, store, projections: [processesProjection] })
  expect(rebuilt).toMatchObject({ equal: true, differences: 0, rows: 4 })
  expect(await deadlines()).toHaveLength(1)
  expect((await pool.query('select from commanding.deadline_attempt')).rowCount).toBe(0)
})

test('two leaders on one database, restarted in between, carry out 200 deadlines once each, also once all is folded anew', {
  timeout: 60_000,
}, async () => {
  const N = 200
  for (let i = 0; i < N; i++)
    await append(manifestStream(derivedId('overdue', i)), [
      moved(FILED, on(-9)),
      moved(PICKED_UP, on(-9)),
      moved(DEPARTED, on(-9)),
    ] as readonly ManifestEvent[])
  expect(await runner.waitFor(await store.head(), 30_000)).toBe(true)
  const leader = () => {
    const runtime = testRuntime({ store, clock: { now: () => new Date().toISOString() } })
    return parkDeadlines(runtime, pool, processes)
  }
  // Ten minutes and more after they were recorded, when nothing can be waited for any more.
  const later = Date.now() + 900_000
  const raised = async () => (await store.readAll(0, 10_000)).filter(({ type }) => type === 'FindingRaised')
  const sweeps = Promise.all([leader().sweep(later), leader().sweep(later)])
  await runner.stop()
  runner = await openRunner({ store, databaseUrl: database.url, projections: [processesProjection] })
  await sweeps
  await runner.waitFor(await store.head(), 30_000)
  await leader().sweep(later)
  expect((await raised()).length).toBe(N)
  expect(new Set((await raised()).map(({ stream }) => stream)).size).toBe(N)

  await pool.query('delete from commanding.deadline_attempt')
  const [rebuilt] = await rebuild({ pool, store, projections: [processesProjection] })
  expect(rebuilt).toMatchObject({ equal: true, differences: 0 })
  await runner.waitFor(await store.head(), 30_000)
  await leader().sweep(later)
  expect((await raised()).length).toBe(N)
})
