import type pg from 'pg'
import type { EventStore, Position, RecordedEvent } from '../../infra/event-store/port.ts'
import { isEventType } from '../../schemas/integration/messages.ts'
import type { Folding, Past, Projection, Table } from '../projection.ts'
import type { Parked } from './checkpoints.ts'
import { openCopy, type Copy } from './copy.ts'
import { ddlOf } from './ddl.ts'
import { openMemoryTables, type MemoryTables } from './memory-tables.ts'
import { openPast } from './past.ts'
import { FoldFailed, isPoison } from './poison.ts'
import { applyChanges, rowsIn, RowsUnreadable, type Client } from './statements.ts'

/** One projection folded again beside its live tables. */
export interface Shadow {
  readonly projection: Projection
  readonly position: Position
  readonly events: number
  /** First the rows stream out or stay in memory; once they are in tables, pages are applied to them. */
  foldInMemory(page: readonly RecordedEvent[], store: EventStore): Promise<void>
  /** Ends the first part: all rows into the tables, then their indexes, table beside table. */
  settle(): Promise<void>
  /** Folds up to `to` inside the caller's transaction. */
  catchUp(client: Client, store: EventStore, to: Position, pageSize: number): Promise<void>
  /** Events that it could not fold, with those of the same streams that wait behind them. */
  parked(): Promise<readonly Parked[]>
  abort(): void
}

/**
 * A shadow that keeps rows in memory met an event that cannot be folded: its rows are void, because the fold's own memory is. The projection
 * is then folded in tables from the beginning (`openParkingShadow`), which can set single events aside.
 */
export class ShadowPoisoned extends Error {
  override readonly name = 'ShadowPoisoned'
  readonly shadow: Shadow
  constructor(shadow: Shadow, cause: unknown) {
    super(`${shadow.projection.name} met an event that it cannot fold`, { cause })
    this.shadow = shadow
  }
}

const pastUpTo = (store: EventStore, page: readonly RecordedEvent[]): Past =>
  openPast(store, { upTo: page.at(-1)?.position ?? 0 })

// Of each table that is not append-only: a few megabytes, and more than pages in a row write.
const KEPT_IN_MEMORY = 10_000

export async function openShadow(pool: pg.Pool, schema: string, projection: Projection): Promise<Shadow> {
  const handles = new Set<string>(projection.handles)
  const folding: Folding = projection.open()
  const memory: MemoryTables = openMemoryTables({ keptInMemory: KEPT_IN_MEMORY })
  const ddl = await ddlOf(projection)
  const copies = new Map<Table, Copy>(
    projection.tables.map((table) => {
      const statements = ddl.get(table.name)
      if (!statements) throw new Error(`${projection.ddl.pathname} does not create ${table.name}`)
      return [table, openCopy(pool, schema, table, statements)]
    }),
  )
  let [position, count] = [0, 0]

  /** What the projection folds of a page. An event of a type that this code does not know concerns every projection, as in the live fold. */
  function concerned(page: readonly RecordedEvent[]): readonly RecordedEvent[] {
    const strange = page.find(({ type }) => !isEventType(type))
    if (strange) throw new ShadowPoisoned(shadow, new FoldFailed(`${strange.type} is no event that this code knows`))
    return page.filter(({ type }) => handles.has(type))
  }

  /** Runs a step of the fold; separates what would fail again at every try from faults of the database. */
  async function poisonless<T>(step: () => Promise<T>, poison: (fault: unknown) => boolean = isPoison): Promise<T> {
    try {
      return await step()
    } catch (fault) {
      throw poison(fault) ? new ShadowPoisoned(shadow, fault) : fault
    }
  }
  const notTheDatabase = (fault: unknown): boolean => !(fault instanceof RowsUnreadable)

  const shadow: Shadow = {
    projection,
    get position() {
      return position
    },
    get events() {
      return count
    },
    parked: () => Promise.resolve([]),
    async foldInMemory(page, store) {
      const events = concerned(page)
      if (events.length > 0) {
        const changes = await poisonless(() => folding.fold(events, memory.rows, pastUpTo(store, page)), notTheDatabase)
        await poisonless(
          () => Promise.resolve(memory.apply(changes.filter(({ table }) => !table.appendOnly))),
          notTheDatabase,
        )
        for (const { table, inserts } of changes)
          if (table.appendOnly) await poisonless(() => copies.get(table)?.write(inserts) ?? Promise.resolve())
      }
      count += events.length
      position = page.at(-1)?.position ?? position
    },
    async settle() {
      const ends = [...copies].map(async ([table, copy]) => {
        if (!table.appendOnly) await copy.write(memory.each(table))
        await copy.end()
      })
      // None is left at work behind a fault of another.
      await Promise.allSettled(ends)
      memory.close()
      await poisonless(() => Promise.all(ends))
    },
    async catchUp(client, store, to, pageSize) {
      while (position < to) {
        const page = (await store.readAll(position, pageSize)).filter((event) => event.position <= to)
        const last = page.at(-1)
        if (!last) return
        const events = concerned(page)
        if (events.length > 0) {
          const changes = await poisonless(
            () => folding.fold(events, rowsIn(client, schema), pastUpTo(store, page)),
            notTheDatabase,
          )
          await poisonless(() => applyChanges(client, schema, changes))
        }
        count += events.length
        position = last.position
      }
    },
    abort() {
      memory.close()
      for (const copy of copies.values()) copy.abort()
    },
  }
  return shadow
}
