import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import { LOCK_SPACES } from '../../infra/postgres/leadership.ts'
import type { Projection, Table } from '../projection.ts'
import { dropPartitions, lockCheckpoints, park, readParked, readPositions, unpark, type Parked } from './checkpoints.ts'
import { compareTables, countRows, type Compared } from './compare.ts'
import { dropTables } from './ddl.ts'
import { pagePool } from './page-transaction.ts'
import { openParkingShadow } from './parking-shadow.ts'
import { openShadow, ShadowPoisoned, type Shadow } from './shadow.ts'
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
  /** Events that could not be folded, with those of their streams that wait behind them; the same in the live rows where `equal`. */
  readonly parked: number
  readonly equal: boolean
  /** Rows that one side lacks or has otherwise. */
  readonly differences: number
  readonly seconds: number
}

interface Sides {
  readonly pool: pg.Pool
  readonly pages: pg.Pool
  readonly store: EventStore
  readonly schema: string
  readonly shadowSchema: string
  /** One for each projection; one that met poison is replaced in place. */
  readonly shadows: Shadow[]
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
  // Opens no session before a shadow has to park.
  const pages = pagePool(pool.options.connectionString ?? '', 1)
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
    const sides: Sides = { pool, pages, store, schema, shadowSchema, shadows, pageSize }
    await foldLog(sides, target, onProgress)
    await eachShadow(sides, (shadow) => shadow.settle())
    const reached = shadows.map(() => target)
    await withPoisonAside(sides, () =>
      inTransaction(pool, (client) => catchUp(client, store, shadows, reached, pageSize)),
    )

    const compared = compare
      ? await withPoisonAside(sides, () => comparedWithLive(sides))
      : { tables: await counted(lock, shadowSchema, projections), parked: new Map<Projection, boolean>() }
    if (swap) await withPoisonAside(sides, () => swapIn(sides))
    const seconds = (performance.now() - began) / 1_000
    return await Promise.all(
      shadows.map(async (shadow) => {
        const { projection, events } = shadow
        const sum = (of: keyof Compared) =>
          projection.tables.reduce((total, table) => total + (compared.tables.get(table)?.[of] ?? 0), 0)
        return {
          name: projection.name,
          events,
          rows: sum('rows'),
          parked: (await shadow.parked()).length,
          differences: sum('differences'),
          equal: sum('differences') === 0 && compared.parked.get(projection) !== false,
          seconds,
        }
      }),
    )
  } finally {
    for (const shadow of shadows) shadow.abort()
    await pages.end()
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

/**
 * Puts a shadow that parks in the place of one that met an event which cannot be folded. It begins at the beginning of the log, because what
 * the other one kept in memory is void; `catchUp` brings it to where the others are.
 */
async function setAside(
  { pool, pages, store, shadowSchema, shadows }: Sides,
  { shadow }: ShadowPoisoned,
): Promise<void> {
  shadow.abort()
  const { projection } = shadow
  shadows[shadows.indexOf(shadow)] = await openParkingShadow({
    pool,
    pages,
    schema: shadowSchema,
    projection,
    store,
  })
}

/** Runs `work` until no shadow in memory meets poison in it: each that does is replaced and `work` runs again. */
async function withPoisonAside<T>(sides: Sides, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (fault) {
      if (!(fault instanceof ShadowPoisoned)) throw fault
      await setAside(sides, fault)
    }
  }
}

/** Runs a step of every shadow side by side; those that meet poison in it are replaced, any other fault ends the rebuild. */
async function eachShadow(sides: Sides, step: (shadow: Shadow) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(sides.shadows.map(step))
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  for (const fault of faults) if (!(fault instanceof ShadowPoisoned)) throw fault
  for (const fault of faults) if (fault instanceof ShadowPoisoned) await setAside(sides, fault)
}

/** Folds the log up to `target`, reading a page ahead. */
async function foldLog(sides: Sides, target: Position, onProgress: RebuildOptions['onProgress']): Promise<void> {
  const { store, pageSize } = sides
  let next = store.readAll(0, pageSize)
  for (;;) {
    const page = (await next).filter(({ position }) => position <= target)
    const last = page.at(-1)
    if (!last) return
    next = store.readAll(last.position, pageSize)
    next.catch(() => undefined)
    await eachShadow(sides, (shadow) => shadow.foldInMemory(page, store))
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
async function comparedWithLive({ pool, store, schema, shadowSchema, shadows, pageSize }: Sides): Promise<{
  readonly tables: ReadonlyMap<Table, Compared>
  /** Whether the same events are parked on both sides, where both were at the same position. */
  readonly parked: ReadonlyMap<Projection, boolean>
}> {
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
      const parked = new Map<Projection, boolean>()
      for (const shadow of shadows) {
        const live = await readParked(snapshot, schema, shadow.projection.name)
        parked.set(shadow.projection, sameEvents(live, await shadow.parked()))
      }
      const all = projections.flatMap(({ tables }) => tables)
      return { tables: await compareTables(pool, snapshot, schema, shadowSchema, all), parked }
    },
    'begin isolation level repeatable read read only',
  )
}

const sameEvents = (one: readonly Parked[], other: readonly Parked[]): boolean =>
  one.length === other.length && one.every(({ position }, i) => position === other[i]?.position)

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
        for (const shadow of shadows) {
          const { projection, position } = shadow
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
          await park(client, schema, await shadow.parked())
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
