import type { Cell, Changes, Rows, Table } from '../projection.ts'

interface Kept {
  readonly table: Table
  readonly keyAt: readonly number[]
  /** First column of the key to the rows that share it, by the whole key. */
  readonly byFirst: Map<Cell, Map<string, readonly Cell[]>>
}

/** Tables in memory: what a rebuild keeps of rows until it knows their last form, and what tests hold the database against. */
export interface MemoryTables {
  apply(changes: readonly Changes[]): void
  readonly rows: Rows
  /** All rows, in the order of their keys. */
  all(table: Table): readonly (readonly Cell[])[]
}

const SEPARATOR = '\u0000'

export function openMemoryTables(): MemoryTables {
  const tables = new Map<string, Kept>()

  function kept(table: Table): Kept {
    const known = tables.get(table.name)
    if (known) return known
    const columns = Object.keys(table.columns)
    const fresh: Kept = { table, keyAt: table.key.map((column) => columns.indexOf(column)), byFirst: new Map() }
    tables.set(table.name, fresh)
    return fresh
  }

  function put({ table, keyAt, byFirst }: Kept, row: readonly Cell[], isNew: boolean): void {
    const first = row[keyAt[0] ?? 0] ?? null
    const rows = byFirst.get(first) ?? new Map<string, readonly Cell[]>()
    const key = keyAt.map((at) => row[at]).join(SEPARATOR)
    if (isNew && rows.has(key)) throw new Error(`${table.name} holds ${key.replaceAll(SEPARATOR, ', ')} already`)
    rows.set(key, row)
    byFirst.set(first, rows)
  }

  return {
    apply(changes) {
      for (const { table, inserts, upserts, deletes } of changes) {
        const target = kept(table)
        for (const key of deletes) {
          const rows = target.byFirst.get(key[0] ?? null)
          rows?.delete(key.join(SEPARATOR))
          if (rows?.size === 0) target.byFirst.delete(key[0] ?? null)
        }
        for (const row of inserts) put(target, row, true)
        for (const row of upserts) put(target, row, false)
      }
    },
    rows: {
      async byKey(table, keys) {
        const { byFirst } = kept(table)
        return keys.flatMap((key) => [...(byFirst.get(key)?.values() ?? [])])
      },
    },
    all(table) {
      const { byFirst } = kept(table)
      const keyed = [...byFirst.values()].flatMap((rows) => [...rows])
      return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row)
    },
  }
}
