import { randomUUID } from 'node:crypto'
import { writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { freshDatabase } from '../../test/support/database.ts'
import type { Cell, Projection, Table } from '../projection.ts'
import { insertPartitions, NotOwner, readPositions } from './checkpoints.ts'
import { openKeeper, type Keeper } from './keeper.ts'
import { pagePool } from './page-transaction.ts'
import { rebuild } from './rebuild.ts'
import { replayParked } from './replay.ts'
import { openRunner, type Runner, type RunnerOptions } from './runner.ts'
import { inTransaction } from './transaction.ts'

const tally: Table = { name: 'tally', columns: { stream: 'text', events: 'bigint', last: 'bigint' }, key: ['stream'] }
const seen: Table = {
  name: 'seen',
  columns: { position: 'bigint', stream: 'text' },
  key: ['position'],
  appendOnly: true,
}

/** Counts events by stream; `broken` names streams on which its fold fails. */
function counting(
  ddl: URL,
  { version = 1, broken = new Set<string>() }: { version?: number; broken?: Set<string> } = {},
): Projection {
  return {
    name: 'tally',
    version,
    tables: [tally, seen],
    ddl,
    handles: ['NameClaimed'],
    open: () => ({
      async fold(page, rows) {
        const counts = new Map<Cell, readonly Cell[]>(
          (await rows.byKey(tally, [...new Set(page.map(({ stream }) => stream))])).map((row) => [row[0] ?? null, row]),
        )
        for (const { stream, position } of page) {
          if (broken.has(stream)) throw new TypeError(`cannot count ${stream}`)
          counts.set(stream, [stream, Number(counts.get(stream)?.[1] ?? 0) + version, position])
        }
        return [
          { table: tally, inserts: [], upserts: [...counts.values()], deletes: [] },
          { table: seen, inserts: page.map(({ position, stream }) => [position, stream]), upserts: [], deletes: [] },
        ]
      },
    }),
  }
}

let ddl: URL
let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
let pages: pg.Pool
let schemas = 0
const running: Runner[] = []

beforeAll(async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'tally-')), 'tables.sql')
  await writeFile(
    file,
    'create table tally (stream text not null, events bigint not null, last bigint not null);\nalter table tally add primary key (stream);\ncreate table seen (position bigint primary key, stream text);\n',
  )
  ddl = pathToFileURL(file)
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url })
  pages = pagePool(database.url, 2)
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((runner) => runner.stop()))
})
afterAll(async () => {
  await Promise.all([pool.end(), pages.end()])
  await database.drop()
})

const freshSchema = () => `rm${++schemas}`
async function run(options: Omit<RunnerOptions, 'databaseUrl'>): Promise<Runner> {
  const runner = await openRunner({ databaseUrl: database.url, pageSize: 7, ...options })
  running.push(runner)
  return runner
}
async function claim(store: EventStore, stream: string, times = 1): Promise<number> {
  for (let i = 0; i < times; i++) {
    const commandId = randomUUID()
    await store.append({
      stream,
      expected: 'any',
      commandId,
      events: [
        {
          type: 'NameClaimed',
          schemaVersion: 1,
          occurredAt: '2025-12-01T08:00:00+08:00',
          data: { kind: 'label', name: 'x', by: 'y' },
          metadata: { commandId, actor: { subject: 's', roles: [] }, provenance: 'live' },
        },
      ],
    })
  }
  return store.head()
}
const tallies = async (schema: string) =>
  (await pool.query(`select stream, events::int as events, last::int as last from ${schema}.tally order by stream`))
    .rows

describe('live folding', () => {
  test('rows follow the log, page by page, and a restart goes on where it was', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const first = await run({ store, schema, projections: [counting(ddl)] })
    expect(await first.waitFor(await claim(store, 'claim-a', 20), 5_000)).toBe(true)
    await first.stop()
    await claim(store, 'claim-b', 3)
    const second = await run({ store, schema, projections: [counting(ddl)] })
    expect(await second.waitFor(23, 5_000)).toBe(true)
    expect(await tallies(schema)).toEqual([
      { stream: 'claim-a', events: 20, last: 20 },
      { stream: 'claim-b', events: 3, last: 23 },
    ])
    expect(await second.lags()).toMatchObject([{ projection: 'tally', position: 23, events: 0, seconds: 0, parked: 0 }])
  })

  test('what is of no concern to a projection is gone past, and its checkpoint follows', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const projection = { ...counting(ddl), concerns: ({ stream }: RecordedEvent) => stream === 'claim-a' }
    const runner = await run({ store, schema, projections: [projection] })
    await claim(store, 'claim-a', 2)
    expect(await runner.waitFor(await claim(store, 'claim-b', 30), 5_000)).toBe(true)
    await vi.waitFor(async () => expect(await readPositions(pool, schema, ['tally'])).toEqual(new Map([['tally', 32]])))
    expect(await runner.waitFor(await claim(store, 'claim-a', 1), 5_000)).toBe(true)
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 3, last: 33 }])
  })

  test('who went past events under a fence that was raised learns it, and nothing is missing', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const faults: unknown[] = []
    const projection = { ...counting(ddl), concerns: ({ stream }: RecordedEvent) => stream === 'claim-a' }
    const runner = await run({ store, schema, projections: [projection], onFault: (fault) => faults.push(fault) })
    expect(await runner.waitFor(await claim(store, 'claim-a', 1), 5_000)).toBe(true)
    await pool.query(`update ${schema}.checkpoint set fence = fence + 1`)
    await claim(store, 'claim-b', 3)
    await vi.waitFor(() => expect(faults).toMatchObject([{ name: 'NotOwner' }]))
    expect(await runner.waitFor(await claim(store, 'claim-a', 2), 10_000)).toBe(true)
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 3, last: 6 }])
  })

  test('waiting for a position that is not there gives up in time', async () => {
    const runner = await run({ store: openMemoryStore(), schema: freshSchema(), projections: [counting(ddl)] })
    expect(await runner.waitFor(1, 50)).toBe(false)
  })

  test('of two processes one folds, and the other takes over when it is gone', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const one = await run({ store, schema, projections: [counting(ddl)] })
    expect(await one.waitFor(await claim(store, 'claim-a', 5), 5_000)).toBe(true)
    const two = await run({ store, schema, projections: [counting(ddl)] })
    expect(await two.waitFor(await claim(store, 'claim-a', 5), 5_000)).toBe(true)
    expect([one.leads(), two.leads()]).toEqual([true, false])
    await one.stop()
    expect(await two.waitFor(await claim(store, 'claim-a', 5), 10_000)).toBe(true)
    expect([one.leads(), two.leads()]).toEqual([false, true])
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 15, last: 15 }])
  })

  test('whose fence was raised writes nothing more, folds anew and counts nothing twice', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const faults: unknown[] = []
    const runner = await run({ store, schema, projections: [counting(ddl)], onFault: (fault) => faults.push(fault) })
    expect(await runner.waitFor(await claim(store, 'claim-a', 5), 5_000)).toBe(true)
    await pool.query(`update ${schema}.checkpoint set fence = fence + 1`)
    expect(await runner.waitFor(await claim(store, 'claim-a', 5), 10_000)).toBe(true)
    expect(faults).toMatchObject([{ name: 'NotOwner' }])
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 10, last: 10 }])
  })

  test('a broken connection costs time and nothing else', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const runner = await run({ store, schema, projections: [counting(ddl)] })
    expect(await runner.waitFor(await claim(store, 'claim-a', 5), 5_000)).toBe(true)
    await pool
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      .catch(() => undefined)
    expect(await runner.waitFor(await claim(store, 'claim-a', 20), 15_000)).toBe(true)
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 25, last: 25 }])
  })

  test('rows of another log are not gone on from', async () => {
    const schema = freshSchema()
    const [store, restored] = [openMemoryStore(), openMemoryStore()]
    const runner = await run({ store, schema, projections: [counting(ddl)] })
    await runner.waitFor(await claim(store, 'claim-a'), 5_000)
    await runner.stop()
    const other = await run({ store: restored, schema, projections: [counting(ddl)] })
    await expect(other.done).rejects.toMatchObject({ name: 'ForeignEpoch' })
  })
})

describe('an event on which the fold fails', () => {
  test('is parked with all that follows in its stream; other streams go on; a replay brings them in', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const broken = new Set(['claim-bad'])
    const runner = await run({ store, schema, projections: [counting(ddl, { broken })] })
    await claim(store, 'claim-a', 2)
    await claim(store, 'claim-bad', 2)
    await claim(store, 'claim-a', 2)
    expect(await runner.waitFor(await claim(store, 'claim-bad', 1), 5_000)).toBe(true)
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 4, last: 6 }])
    expect(await runner.parked()).toMatchObject([
      { position: 3, stream: 'claim-bad', error: expect.stringContaining('cannot count'), attempts: 1 },
      { position: 4, error: '' },
      { position: 7, error: '' },
    ])
    expect(await runner.replayParked()).toBe(0)
    broken.clear()
    expect(await runner.replayParked()).toBe(3)
    expect(await runner.parked()).toEqual([])
    expect(await runner.waitFor(await claim(store, 'claim-bad', 1), 5_000)).toBe(true)
    expect(await tallies(schema)).toEqual([
      { stream: 'claim-a', events: 4, last: 6 },
      { stream: 'claim-bad', events: 4, last: 8 },
    ])
  })

  test('is brought in by a replay from beside, and whoever folds goes on behind it', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const broken = new Set(['claim-bad'])
    const runner = await run({ store, schema, projections: [counting(ddl, { broken })] })
    expect(await runner.waitFor(await claim(store, 'claim-bad', 2), 5_000)).toBe(true)
    const beside = { store, schema, databaseUrl: database.url, projections: [counting(ddl)] }
    expect(await replayParked(beside)).toEqual({ replayed: 2, parked: 0, settled: 0, unreadable: 0 })
    broken.clear()
    expect(await runner.waitFor(await claim(store, 'claim-bad', 1), 10_000)).toBe(true)
    expect(await runner.parked()).toEqual([])
    expect(await tallies(schema)).toEqual([{ stream: 'claim-bad', events: 3, last: 3 }])
  })

  test('is any that only later code knows, and its stream waits for that code', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const runner = await run({ store, schema, projections: [counting(ddl)] })
    const commandId = randomUUID()
    const metadata = { commandId, actor: { subject: 's', roles: [] }, provenance: 'live' as const }
    const occurredAt = '2025-12-01T08:00:00+08:00'
    await store.append({
      stream: 'claim-new',
      expected: 'any',
      commandId,
      events: [{ type: 'NameDreamtOf', schemaVersion: 1, occurredAt, data: {}, metadata }],
    })
    await claim(store, 'claim-new', 1)
    expect(await runner.waitFor(await claim(store, 'claim-a', 1), 5_000)).toBe(true)
    expect(await runner.parked()).toMatchObject([
      { position: 1, error: expect.stringContaining('NameDreamtOf') },
      { position: 2, error: '' },
    ])
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 1, last: 3 }])
  })
})

describe('a projection that is folded by partitions', () => {
  const partitions = [0, 1].map((partition) => ({ topic: 'wufei.registry', partition }))
  const [first, second] = partitions as [(typeof partitions)[number], (typeof partitions)[number]]

  /** What a new owner of a partition gets: the keeper of its checkpoint. */
  async function owner(schema: string, store: EventStore, partition: (typeof partitions)[number]): Promise<Keeper> {
    await inTransaction(pool, (client) => insertPartitions(client, schema, 'tally', partitions))
    return openKeeper({
      pool,
      pages,
      schema,
      projection: counting(ddl),
      store,
      storeEpoch: await store.epoch(),
      partition,
    })
  }
  const page = async (store: EventStore, after: number, next: number, { topic, partition } = first) => ({
    events: await store.readAll(after, 100),
    offsets: [{ topic, partition, next, epoch: await store.epoch() }],
  })

  test('is written by whoever claimed a partition last, and by nobody else; the offset is that of the rows', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    await (await run({ store, schema, projections: [counting(ddl)] })).stop()
    await claim(store, 'claim-a', 3)
    const former = await owner(schema, store, first)
    await former.take(await page(store, 0, 3))
    await claim(store, 'claim-a', 2)
    const next = await owner(schema, store, first)
    expect([next.position(), next.offsets().map((offset) => offset.next)]).toEqual([3, [3]])
    await expect(former.take(await page(store, 3, 5))).rejects.toThrow(NotOwner)
    await next.take(await page(store, 3, 5))
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 5, last: 5 }])
    // Of the whole it is as far as the partition that is least far.
    expect(await readPositions(pool, schema, ['tally'])).toEqual(new Map([['tally', 0]]))
    const other = await owner(schema, store, second)
    await other.take({ events: [], offsets: [], upTo: 5 })
    expect(await readPositions(pool, schema, ['tally'])).toEqual(new Map([['tally', 5]]))
  })

  test('goes back to one owner, and to rebuilt rows, with nothing folded twice', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    await (await run({ store, schema, projections: [counting(ddl)] })).stop()
    await claim(store, 'claim-a', 4)
    const former = await owner(schema, store, first)
    await former.take(await page(store, 0, 4))
    await (await owner(schema, store, second)).take({ events: [], offsets: [], upTo: 4 })
    const runner = await run({ store, schema, projections: [counting(ddl)] })
    expect(await runner.waitFor(await claim(store, 'claim-a', 1), 5_000)).toBe(true)
    await expect(former.take(await page(store, 4, 5))).rejects.toThrow(NotOwner)
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 5, last: 5 }])
    await runner.stop()
    const again = await owner(schema, store, first)
    await rebuild({ pool, store, schema, projections: [counting(ddl)] })
    await expect(again.take({ events: [], offsets: [], upTo: 9 })).rejects.toThrow(NotOwner)
    expect((await owner(schema, store, first)).position()).toBe(5)
  })
})

describe('a rebuild', () => {
  test('gives the same rows beside the live ones while the live fold goes on', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const projection = counting(ddl)
    const runner = await run({ store, schema, projections: [projection] })
    await runner.waitFor(await claim(store, 'claim-a', 30), 5_000)
    const writing = claim(store, 'claim-b', 200)
    const [report] = await rebuild({ pool, store, schema, projections: [projection], pageSize: 9 })
    await writing
    expect(report).toMatchObject({ name: 'tally', equal: true, differences: 0 })
    expect(await runner.waitFor(230, 10_000)).toBe(true)
    expect(await tallies(schema)).toEqual([
      { stream: 'claim-a', events: 30, last: 30 },
      { stream: 'claim-b', events: 200, last: 230 },
    ])
  })

  test('finds rows that differ, and what it swaps in is right', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const projection = counting(ddl)
    const runner = await run({ store, schema, projections: [projection] })
    await runner.waitFor(await claim(store, 'claim-a', 10), 5_000)
    await pool.query(`update ${schema}.tally set events = 99`)
    await pool.query(`delete from ${schema}.seen where position in (3, 4)`)
    const checked = await rebuild({ pool, store, schema, projections: [projection], swap: false })
    expect(checked).toMatchObject([{ rows: 11, events: 10, equal: false, differences: 3 }])
    expect(await tallies(schema)).toMatchObject([{ events: 99 }])
    await rebuild({ pool, store, schema, projections: [projection] })
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 10, last: 10 }])
    expect(await runner.waitFor(await claim(store, 'claim-a', 1), 10_000)).toBe(true)
    expect(await tallies(schema)).toMatchObject([{ events: 11 }])
  })

  test('comes by itself where the fold has a new version', async () => {
    const [store, schema] = [openMemoryStore(), freshSchema()]
    const old = await run({ store, schema, projections: [counting(ddl)] })
    await old.waitFor(await claim(store, 'claim-a', 4), 5_000)
    await old.stop()
    const renewed = await run({ store, schema, projections: [counting(ddl, { version: 2 })] })
    expect(await renewed.waitFor(await claim(store, 'claim-a', 1), 5_000)).toBe(true)
    expect(await tallies(schema)).toEqual([{ stream: 'claim-a', events: 10, last: 5 }])
  })
})

describe('a fold that asks what its stream held before', () => {
  const asked = new Map<number, readonly number[]>()
  const others = new Map<number, readonly number[]>()
  const positions = async (events: Promise<readonly RecordedEvent[]>) => (await events).map(({ position }) => position)
  const claim = (store: EventStore, stream: string) =>
    store.append({
      stream,
      expected: 'any',
      commandId: randomUUID(),
      events: [
        {
          type: 'NameClaimed',
          schemaVersion: 1,
          occurredAt: '2025-12-06T08:52:00+08:00',
          data: { kind: 'label', name: 'a', by: stream },
          metadata: { commandId: randomUUID(), actor: { subject: 'x', roles: [] }, provenance: 'live' },
        },
      ],
    })
  const remembering = (broken: ReadonlySet<string>): Projection => ({
    ...counting(ddl),
    open: () => ({
      async fold(page, _rows, past) {
        for (const { stream, position } of page) {
          if (broken.has(stream)) throw new TypeError(`cannot count ${stream}`)
          asked.set(position, await positions(past.of(stream)))
          others.set(position, await positions(past.of('claim-b')))
        }
        return [
          { table: seen, inserts: page.map(({ position, stream }) => [position, stream]), upserts: [], deletes: [] },
        ]
      },
    }),
  })

  test('gets it up to its page, live and in a rebuild, and nothing of what is parked', async () => {
    const schema = `past_${++schemas}`
    const store = openMemoryStore()
    for (const stream of ['claim-a', 'claim-b', 'claim-a', 'claim-b', 'claim-a']) await claim(store, stream)
    const broken = new Set<string>()
    const projection = remembering(broken)
    const runner_ = await openRunner({
      store,
      databaseUrl: database.url,
      schema,
      projections: [projection],
      pageSize: 2,
    })
    running.push(runner_)
    await runner_.waitFor(5, 10_000)
    const live = new Map(asked)
    // Pages of two: the third event of the stream ends the third page, the second comes in the second one.
    expect(live.get(5)).toEqual([1, 3, 5])
    expect(live.get(1)).toEqual([1])
    asked.clear()
    const [rebuilt] = await rebuild({ pool, store, schema, projections: [projection], swap: false, pageSize: 2 })
    expect(rebuilt).toMatchObject({ equal: true })
    expect(asked.get(5)).toEqual([1, 3, 5])

    broken.add('claim-b')
    asked.clear()
    await claim(store, 'claim-b')
    await runner_.waitFor(6, 10_000)
    await claim(store, 'claim-a')
    await runner_.waitFor(7, 10_000)
    expect(asked.get(7)).toEqual([1, 3, 5, 7])
    expect(others.get(7)).toEqual([2, 4])
    broken.delete('claim-b')
    expect(await runner_.replayParked()).toBe(1)
    expect(asked.get(6)).toEqual([2, 4, 6])
  })
})
