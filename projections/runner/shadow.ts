import type pg from 'pg'
import type { EventStore, Position, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Folding, Projection, Table } from '../projection.ts'
import { openCopy, type Copy } from './copy.ts'
import { ddlOf } from './ddl.ts'
import { openMemoryTables, type MemoryTables } from './memory-tables.ts'
import { applyChanges, rowsIn, type Client } from './statements.ts'

/** One projection folded anew beside its live tables. */
export interface Shadow {
  readonly projection: Projection
  position: Position
  events: number
  /** First the rows stream out or stay in memory; once they are in tables, pages are applied to them. */
  foldInMemory(page: readonly RecordedEvent[]): Promise<void>
  /** Ends the first part: all rows into the tables, then their indexes, table beside table. */
  settle(): Promise<void>
  /** Folds up to `to` inside the caller's transaction. */
  catchUp(client: Client, store: EventStore, to: Position, pageSize: number): Promise<void>
  abort(): void
}

export async function openShadow(pool: pg.Pool, schema: string, projection: Projection): Promise<Shadow> {
  const handles = new Set<string>(projection.handles)
  const folding: Folding = projection.open()
  const memory: MemoryTables = openMemoryTables()
  const ddl = await ddlOf(projection)
  const copies = new Map<Table, Copy>(
    projection.tables.map((table) => {
      const statements = ddl.get(table.name)
      if (!statements) throw new Error(`${projection.ddl.pathname} does not create ${table.name}`)
      return [table, openCopy(pool, schema, table, statements)]
    }),
  )
  const concerned = (page: readonly RecordedEvent[]) => page.filter(({ type }) => handles.has(type))

  const shadow: Shadow = {
    projection,
    position: 0,
    events: 0,
    async foldInMemory(page) {
      const events = concerned(page)
      if (events.length > 0) {
        const changes = await folding.fold(events, memory.rows)
        memory.apply(changes.filter(({ table }) => !table.appendOnly))
        for (const { table, inserts } of changes) if (table.appendOnly) await copies.get(table)?.write(inserts)
      }
      shadow.events += events.length
      shadow.position = page.at(-1)?.position ?? shadow.position
    },
    async settle() {
      await Promise.all(
        [...copies].map(async ([table, copy]) => {
          if (!table.appendOnly) await copy.write(memory.all(table))
          await copy.end()
        }),
      )
    },
    async catchUp(client, store, to, pageSize) {
      while (shadow.position < to) {
        const page = (await store.readAll(shadow.position, pageSize)).filter(({ position }) => position <= to)
        const last = page.at(-1)
        if (!last) return
        const events = concerned(page)
        if (events.length > 0) await applyChanges(client, schema, await folding.fold(events, rowsIn(client, schema)))
        shadow.events += events.length
        shadow.position = last.position
      }
    },
    abort() {
      for (const copy of copies.values()) copy.abort()
    },
  }
  return shadow
}
