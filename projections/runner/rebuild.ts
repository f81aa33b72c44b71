import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import { LOCK_SPACES } from '../../infra/postgres/leadership.ts'
import type { Projection, Table } from '../projection.ts'
import { dropPartitions, lockCheckpoints, readPositions, unpark } from './checkpoints.ts'
import { compareTables, countRows, type Compared } from './compare.ts'
import { dropTables } from './ddl.ts'
import { openShadow, type Shadow } from './shadow.ts'
import { qualified, type Client } from './statements.ts'
import { inTransaction } from './transaction.ts'

export interface RebuildOptions {
  /** Lends a connection to each append-only table that is large, and one more; four at least. */
  readonly pool: pg.Pool
  readonly store: EventStore
  readonly schema?: string
  readonly projections: readonly Projection[]
  /** Hold the rebuilt rows against the live ones. */
  readonly compare?: boolean
  /** Put the rebuilt tables in the place of the live ones. */
  readonly swap?: boolean
  readonly pageSize?: number
  readonly onProgress?: (folded: Position, head: Position) => void
}

export interface Rebuilt {
  readonly name: string
  readonly events: number
  readonly rows: number
  readonly equal: boolean
  /** Rows that one side lacks or has otherwise. */
  readonly differences: number
  readonly seconds: number
}

interface Sides {
  readonly pool: pg.Pool
  readonly store: EventStore
  readonly schema: string
  readonly shadowSchema: string
  readonly shadows: readonly Shadow[]
  readonly pageSize: number
}

// Small enough that the events of a page are garbage before the young generation is full: what survives there is copied, and pages of 5,000 did.
const PAGE = 1_000
const SWAPS = 20

/**
 * Folds the log anew into tables beside the live ones, compares them row by row and puts them in their place, while the live fold goes
 * on: it waits only for the last page to be caught up and for the swap, which is a rename.
 */
export async function rebuild({
  pool,
  store,
  schema = 'rm',
  projections,
  compare = true,
  swap = true,
  pageSize = PAGE,
  onProgress,
}: RebuildOptions): Promise<readonly Rebuilt[]> {
  const began = performance.now()
  const shadowSchema = `${schema}_shadow`
  const lock = await pool.connect()
  const shadows: Shadow[] = []
  try {
    // One rebuild of a schema at a time; another one's remains are nobody's.
    await lock.query('select pg_advisory_lock($1, hashtext($2))', [LOCK_SPACES.rebuilds, schema])
    await lock.query(`drop schema if exists "${shadowSchema}" cascade`)
    await lock.query(`create schema "${shadowSchema}"`)
    for (const projection of projections) shadows.push(await openShadow(pool, shadowSchema, projection))

    const live = compare ? await livePositions(lock, schema, projections) : []
    const target = compare ? Math.min(...live) : await store.head()
    await foldLog(store, shadows, target, pageSize, onProgress)
    await Promise.all(shadows.map((shadow) => shadow.settle()))

    const sides: Sides = { pool, store, schema, shadowSchema, shadows, pageSize }
    const tables = compare ? await comparedWithLive(sides) : await counted(lock, shadowSchema, projections)
    if (swap) await swapIn(sides)
    const seconds = (performance.now() - began) / 1_000
    return shadows.map(({ projection, events }) => {
      const sum = (of: keyof Compared) =>
        projection.tables.reduce((total, table) => total + (tables.get(table)?.[of] ?? 0), 0)
      return {
        name: projection.name,
        events,
        rows: sum('rows'),
        differences: sum('differences'),
        equal: sum('differences') === 0,
        seconds,
      }
    })
  } finally {
    for (const shadow of shadows) shadow.abort()
    await lock.query(`drop schema if exists "${shadowSchema}" cascade`).catch(() => undefined)
    await lock
      .query('select pg_advisory_unlock($1, hashtext($2))', [LOCK_SPACES.rebuilds, schema])
      .catch(() => undefined)
    lock.release()
  }
}

async function livePositions(
  client: Client,
  schema: string,
  projections: readonly Projection[],
  locked = false,
): Promise<readonly Position[]> {
  const positions: Position[] = []
  // In the order of the names, so that two who lock several checkpoints never wait for each other.
  for (const { name } of projections) {
    if (locked) await lockCheckpoints(client, schema, name)
    positions.push((await readPositions(client, schema, [name])).get(name) ?? 0)
  }
  return positions
}

async function counted(
  client: Client,
  schema: string,
  projections: readonly Projection[],
): Promise<ReadonlyMap<Table, Compared>> {
  const tables = new Map<Table, Compared>()
  for (const table of projections.flatMap((projection) => projection.tables))
    tables.set(table, { rows: await countRows(client, schema, table), differences: 0 })
  return tables
}

/** Folds the log up to `target`, reading a page ahead. */
async function foldLog(
  store: EventStore,
  shadows: readonly Shadow[],
  target: Position,
  pageSize: number,
  onProgress: RebuildOptions['onProgress'],
): Promise<void> {
  let next = store.readAll(0, pageSize)
  for (;;) {
    const page = (await next).filter(({ position }) => position <= target)
    const last = page.at(-1)
    if (!last) return
    next = store.readAll(last.position, pageSize)
    next.catch(() => undefined)
    await Promise.all(shadows.map((shadow) => shadow.foldInMemory(page)))
    onProgress?.(last.position, target)
  }
}

async function catchUp(
  client: Client,
  store: EventStore,
  shadows: readonly Shadow[],
  positions: readonly Position[],
  pageSize: number,
): Promise<void> {
  for (const [i, shadow] of shadows.entries()) await shadow.catchUp(client, store, positions[i] ?? 0, pageSize)
}

/** Both sides at the same position in one snapshot; the live fold goes on while they are compared in it. */
async function comparedWithLive({
  pool,
  store,
  schema,
  shadowSchema,
  shadows,
  pageSize,
}: Sides): Promise<ReadonlyMap<Table, Compared>> {
  const projections = shadows.map(({ projection }) => projection)
  // Most of the way without holding anybody up.
  await inTransaction(pool, async (client) =>
    catchUp(client, store, shadows, await livePositions(client, schema, projections), pageSize),
  )
  return inTransaction(
    pool,
    async (snapshot) => {
      await inTransaction(pool, async (locking) => {
        const positions = await livePositions(locking, schema, projections, true)
        // Committed on a connection of its own while the lock stands, so that the snapshot sees the last pages of both sides.
        await inTransaction(pool, (client) => catchUp(client, store, shadows, positions, pageSize))
        await snapshot.query('select 1')
      })
      return compareTables(
        pool,
        snapshot,
        schema,
        shadowSchema,
        projections.flatMap(({ tables }) => tables),
      )
    },
    'begin isolation level repeatable read read only',
  )
}

/** Puts the shadows in the place of the live tables. Queries that run are waited for, new ones find the new tables. */
async function swapIn({ pool, store, schema, shadowSchema, shadows, pageSize }: Sides): Promise<void> {
  const projections = shadows.map(({ projection }) => projection)
  const storeEpoch = await store.epoch()
  for (let tries = 1; ; tries++) {
    try {
      await inTransaction(pool, async (client) => {
        // Whoever folds a partition of what is replaced begins anew, where the new rows are.
        for (const { name } of projections) await dropPartitions(client, schema, name)
        const positions = await livePositions(client, schema, projections, true)
        // Committed by itself, so that a swap that gives way can come again.
        await inTransaction(pool, (other) => catchUp(other, store, shadows, positions, pageSize))
        // Shorter than deadlock_timeout: where a query waits for us and we for it, it is the swap that gives way and comes again.
        await client.query(`set local lock_timeout = '800ms'`)
        for (const { projection, position } of shadows) {
          await dropTables(client, schema, projection)
          await client.query(
            projection.tables
              .map(({ name }) => `alter table ${qualified(shadowSchema, name)} set schema "${schema}"`)
              .join(';'),
          )
          await client.query(
            `update ${qualified(schema, 'checkpoint')} set version = $2, position = $3, store_epoch = $4, fence = fence + 1, updated_at = now() where projection = $1`,
            [projection.name, projection.version, position, storeEpoch],
          )
          await unpark(client, schema, projection.name)
        }
      })
      return
    } catch (fault) {
      if (!(fault instanceof pg.DatabaseError && (fault.code === '55P03' || fault.code === '40P01')) || tries >= SWAPS)
        throw fault
      await pause(100 * tries)
    }
  }
}
