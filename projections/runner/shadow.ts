import type pg from 'pg'
import type { EventStore, Position, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Folding, Projection, Table } from '../projection.ts'
import { openCopy, type Copy } from './copy.ts'
import { ddlOf, runDdl } from './ddl.ts'
import { openMemoryTables, type MemoryTables } from './memory-tables.ts'
import { applyChanges, rowsIn, type Client } from './statements.ts'
import { inTransaction } from './transaction.ts'

/** One projection folded anew beside its live tables. */
export interface Shadow {
  readonly projection: Projection
  position: Position
  events: number
  /** First the rows stream out or stay in memory; once they are in tables, pages are applied to them. */
  foldInMemory(page: readonly RecordedEvent[]): Promise<void>
  /** Ends the first part: all rows into the tables, then their indexes. */
  settle(): Promise<void>
  /** Folds up to `to` inside the caller's transaction. */
  catchUp(client: Client, store: EventStore, to: Position, pageSize: number): Promise<void>
  abort(): void
}

export async function openShadow(pool: pg.Pool, schema: string, projection: Projection): Promise<Shadow> {
  const ddl = await ddlOf(projection)
  await inTransaction(pool, (client) => runDdl(client, schema, ddl.tables))
  const handles = new Set<string>(projection.handles)
  const folding: Folding = projection.open()
  const memory: MemoryTables = openMemoryTables()
  const copies = new Map<Table, Copy>()
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
        for (const { table, inserts } of changes) {
          if (!table.appendOnly || inserts.length === 0) continue
          let copy = copies.get(table)
          if (!copy) copies.set(table, (copy = await openCopy(pool, schema, table)))
          await copy.write(inserts)
        }
      }
      shadow.events += events.length
      shadow.position = page.at(-1)?.position ?? shadow.position
    },
    async settle() {
      for (const table of projection.tables) {
        const copy = copies.get(table) ?? (await openCopy(pool, schema, table))
        copies.delete(table)
        if (!table.appendOnly) await copy.write(memory.all(table))
        await copy.end()
      }
      await inTransaction(pool, async (client) => {
        await client.query(`set local maintenance_work_mem = '256MB'`)
        await runDdl(client, schema, ddl.indexes)
      })
      for (const { name } of projection.tables) await pool.query(`analyze "${schema}"."${name}"`)
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
