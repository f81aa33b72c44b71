import { randomUUID } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { freshDatabase } from '../../test/support/database.ts'
import type { Cell, Projection, Table } from '../projection.ts'
import type { Parked } from './checkpoints.ts'
import { rebuild } from './rebuild.ts'
import { openRunner, type Runner } from './runner.ts'

const days: Table = {
  name: 'days',
  columns: { position: 'bigint', day: 'date' },
  key: ['position'],
  appendOnly: true,
}
const last: Table = { name: 'last_day', columns: { stream: 'text', day: 'date', events: 'bigint' }, key: ['stream'] }
const DDL = `create table days (position bigint primary key, day date not null);
create table last_day (stream text primary key, day date not null, events bigint not null);
`

/**
 * Keeps the day of each event in an append-only table and the newest of each stream in another. A day of the year 0000 is one that the fold
 * takes and PostgreSQL does not; a name in `failing` is one that the fold itself fails on.
 */
const dayBook = (ddl: URL, failing: ReadonlySet<string> = new Set()): Projection => ({
  name: 'day-book',
  version: 1,
  tables: [days, last],
  ddl,
  handles: ['NameClaimed'],
  open: () => ({
    async fold(page, rows) {
      const known = await rows.byKey(last, [...new Set(page.map(({ stream }) => stream))])
      const newest = new Map<Cell, readonly Cell[]>(known.map((row) => [row[0] ?? null, row]))
      for (const { stream, occurredAt, data } of page) {
        const { name } = data as { readonly name?: string }
        if (name !== undefined && failing.has(name)) throw new TypeError(`cannot keep ${name}`)
        newest.set(stream, [stream, occurredAt.slice(0, 10), Number(newest.get(stream)?.[2] ?? 0) + 1])
      }
      const inserts = page.map(({ position, occurredAt }) => [position, occurredAt.slice(0, 10)])
      return [
        { table: days, inserts, upserts: [], deletes: [] },
        { table: last, inserts: [], upserts: [...newest.values()], deletes: [] },
      ]
    },
  }),
})

let ddl: URL
let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
let schemas = 0
const running: Runner[] = []

beforeAll(async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'day-book-')), 'tables.sql')
  await writeFile(file, DDL)
  ddl = pathToFileURL(file)
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url, max: 12 })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((runner) => runner.stop()))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

interface Claim {
  readonly day?: string
  readonly name?: string
  readonly type?: string
}

const claim = async (
  store: EventStore,
  stream: string,
  { day = '2025-12-01', name = 'x', type = 'NameClaimed' }: Claim = {},
): Promise<number> => {
  const commandId = randomUUID()
  const occurredAt = `${day}T08:00:00+08:00`
  const metadata = { commandId, actor: { subject: 's', roles: [] }, provenance: 'live' as const }
  const data = { kind: 'label', name, by: 'y' }
  const events = [{ type, schemaVersion: 1, occurredAt, data, metadata }]
  await store.append({ stream, expected: 'any', commandId, events })
  return store.head()
}

async function opened(failing?: ReadonlySet<string>) {
  const [store, schema] = [openMemoryStore(), `parked${++schemas}`]
  const projection = dayBook(ddl, failing)
  const heard: Parked[] = []
  const onParked = (parked: Parked) => void heard.push(parked)
  const runner = await openRunner({
    databaseUrl: database.url,
    store,
    schema,
    projections: [projection],
    pageSize: 7,
    onParked,
  })
  running.push(runner)
  const rows = async () => (await pool.query(`select position::int from ${schema}.days order by position`)).rows
  return { store, schema, projection, runner, heard, rows }
}

describe.each([
  ['whose rows PostgreSQL does not take', { day: '0000-11-30' }, undefined, 'date/time field value out of range'],
  ['on which the fold fails', { name: 'bad' }, new Set(['bad']), 'TypeError: cannot keep bad'],
  ['of a type that only later code knows', { type: 'NameDreamtOf' }, undefined, 'NameDreamtOf'],
] as const)('an event %s', (_, poison, failing, error) => {
  test('is parked by the live fold and by a rebuild alike, with what waits behind it', async () => {
    const { store, schema, projection, runner, heard, rows } = await opened(failing)
    for (let i = 0; i < 12; i++) await claim(store, `claim-${i % 3}`)
    await claim(store, 'claim-1', poison)
    await claim(store, 'claim-1')
    await claim(store, 'claim-2', poison)
    const head = await claim(store, 'claim-0')
    expect(await runner.waitFor(head, 10_000)).toBe(true)
    const parked = [
      { position: 13, stream: 'claim-1', error: expect.stringContaining(error), attempts: 1 },
      { position: 14, stream: 'claim-1', error: '' },
      { position: 15, stream: 'claim-2', error: expect.stringContaining(error) },
    ]
    expect(await runner.parked()).toMatchObject(parked)
    expect(heard.map(({ position }) => position)).toEqual([13, 15])

    const [checked] = await rebuild({ pool, store, schema, projections: [projection], pageSize: 5, swap: false })
    expect(checked).toMatchObject({ parked: 3, differences: 0, equal: true })
    const live = await rows()
    expect(live).toHaveLength(13)

    const [swapped] = await rebuild({ pool, store, schema, projections: [projection], pageSize: 5 })
    expect(swapped).toMatchObject({ parked: 3, differences: 0, equal: true })
    expect(await rows()).toEqual(live)
    expect(await runner.parked()).toMatchObject(parked)

    expect(await runner.waitFor(await claim(store, 'claim-2'), 10_000)).toBe(true)
    expect(await runner.waitFor(await claim(store, 'claim-0'), 10_000)).toBe(true)
    expect((await runner.parked()).map(({ position }) => position)).toEqual([13, 14, 15, 17])
    expect(await rows()).toHaveLength(14)
  })
})

test('a rebuild on code that can fold what is parked says that the live rows lack it, and brings it in', async () => {
  const { store, schema, runner, rows } = await opened(new Set(['bad']))
  await claim(store, 'claim-0')
  expect(await runner.waitFor(await claim(store, 'claim-0', { name: 'bad' }), 10_000)).toBe(true)
  expect(await runner.parked()).toHaveLength(1)
  const mended = [dayBook(ddl)]
  const [checked] = await rebuild({ pool, store, schema, projections: mended, swap: false })
  expect(checked).toMatchObject({ parked: 0, equal: false })
  await rebuild({ pool, store, schema, projections: mended })
  expect(await rows()).toHaveLength(2)
  expect(await runner.parked()).toEqual([])
})

test('a rebuild meets poison that comes while it runs', async () => {
  const { store, schema, projection, runner } = await opened(new Set(['bad']))
  let head = 0
  for (let i = 0; i < 40; i++) head = await claim(store, `claim-${i % 5}`)
  expect(await runner.waitFor(head, 10_000)).toBe(true)
  let late: Promise<number> | undefined
  const [report] = await rebuild({
    pool,
    store,
    schema,
    projections: [projection],
    pageSize: 5,
    onProgress: () => void (late ??= claim(store, 'claim-3', { name: 'bad' })),
  })
  expect(await runner.waitFor((await late) ?? 0, 10_000)).toBe(true)
  expect(report).toMatchObject({ equal: true, differences: 0 })
  expect((await runner.parked()).map(({ position }) => position)).toEqual([41])
})
