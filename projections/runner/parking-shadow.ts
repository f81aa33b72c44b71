import type pg from 'pg'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import type { Projection } from '../projection.ts'
import { createRunnerTables, insertCheckpoint, readParked } from './checkpoints.ts'
import { ddlOf, dropTables, runDdl } from './ddl.ts'
import { openKeeper } from './keeper.ts'
import type { Shadow } from './shadow.ts'
import { inTransaction } from './transaction.ts'

export interface ParkingShadowOptions {
  readonly pool: pg.Pool
  /** Where pages are written (`pagePool`). */
  readonly pages: pg.Pool
  readonly schema: string
  readonly projection: Projection
  readonly store: EventStore
}

/**
 * One projection folded again beside its live tables in a log that holds events which cannot be folded. It is the live fold (`openKeeper`) on
 * tables of another schema, so it parks exactly what the live fold parks; it is slower than a shadow in memory and needs no memory.
 */
export async function openParkingShadow({
  pool,
  pages,
  schema,
  projection,
  store,
}: ParkingShadowOptions): Promise<Shadow> {
  const storeEpoch = await store.epoch()
  await inTransaction(pool, async (client) => {
    await createRunnerTables(client, schema)
    await dropTables(client, schema, projection)
    for (const { create, indexes } of (await ddlOf(projection)).values())
      await runDdl(client, schema, [create, ...indexes])
    await insertCheckpoint(client, schema, projection.name, { version: projection.version, storeEpoch, position: 0 })
  })
  const keeper = await openKeeper({ pool, pages, schema, projection, store, storeEpoch })
  const handles = new Set<string>(projection.handles)
  let count = 0
  let position: Position = 0

  return {
    projection,
    get position() {
      return position
    },
    get events() {
      return count
    },
    // The log is read in `catchUp`, from the beginning: pages that other shadows fold meanwhile are not needed.
    foldInMemory: () => Promise.resolve(),
    settle: () => Promise.resolve(),
    async catchUp(_client, _store, to, pageSize) {
      while (position < to) {
        const events = (await store.readAll(position, pageSize)).filter((event) => event.position <= to)
        const last = events.at(-1)
        if (!last) break
        await keeper.take({ events, offsets: [] })
        count += events.filter(({ type }) => handles.has(type)).length
        position = last.position
      }
      await keeper.settle()
    },
    parked: () => inTransaction(pool, (client) => readParked(client, schema, projection.name)),
    abort: () => undefined,
  }
}
