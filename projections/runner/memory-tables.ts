import type { Cell, Changes, Rows, Table } from '../projection.ts'

/** Tables in memory: what a rebuild keeps of rows until it knows their last form, and what tests hold the database against. */
export interface MemoryTables {
  apply(changes: readonly Changes[]): void
  readonly rows: Rows
  /** All rows, in the order of their keys. */
  all(table: Table): readonly (readonly Cell[])[]
}

const SEPARATOR = '\u0000'

/** The rows of one table by their keys. */
interface Kept {
  has(row: readonly Cell[]): boolean
  put(row: readonly Cell[]): void
  remove(key: readonly Cell[]): void
  /** Rows whose key's first column is this. */
  withFirst(first: Cell): Iterable<readonly Cell[]>
  /** Every row beside its key. */
  keyed(): Iterable<readonly [Cell, readonly Cell[]]>
}

/** Of a key of one column: lots and documents are many, and a map for each would be most of what they take. */
function bySingleKey(at: number): Kept {
  const rows = new Map<Cell, readonly Cell[]>()
  const keyOf = (row: readonly Cell[]): Cell => row[at] ?? null
  return {
    has: (row) => rows.has(keyOf(row)),
    put: (row) => void rows.set(keyOf(row), row),
    remove: ([key = null]) => void rows.delete(key),
    withFirst(first) {
      const row = rows.get(first)
      return row ? [row] : []
    },
    keyed: () => rows,
  }
}

function byWholeKey(keyAt: readonly number[]): Kept {
  // First column of the key to the rows that share it, by the whole key.
  const byFirst = new Map<Cell, Map<string, readonly Cell[]>>()
  const firstOf = (row: readonly Cell[]): Cell => row[keyAt[0] ?? 0] ?? null
  const keyOf = (row: readonly Cell[]): string => keyAt.map((at) => row[at]).join(SEPARATOR)
  return {
    has: (row) => byFirst.get(firstOf(row))?.has(keyOf(row)) ?? false,
    put(row) {
      const first = firstOf(row)
      const rows = byFirst.get(first) ?? new Map<string, readonly Cell[]>()
      rows.set(keyOf(row), row)
      byFirst.set(first, rows)
    },
    remove(key) {
      const [first = null] = key
      const rows = byFirst.get(first)
      rows?.delete(key.join(SEPARATOR))
      if (rows?.size === 0) byFirst.delete(first)
    },
    withFirst: (first) => byFirst.get(first)?.values() ?? [],
    *keyed() {
      for (const rows of byFirst.values()) yield* rows
    },
  }
}

const keyOf = ({ columns, key }: Table, row: readonly Cell[]): string =>
  key.map((column) => row[Object.keys(columns).indexOf(column)]).join(', ')

export function openMemoryTables(): MemoryTables {
  const tables = new Map<string, Kept>()

  function kept({ name, columns, key }: Table): Kept {
    const known = tables.get(name)
    if (known) return known
    const names = Object.keys(columns)
    const [first = 0, ...others] = key.map((column) => names.indexOf(column))
    const fresh = others.length === 0 ? bySingleKey(first) : byWholeKey([first, ...others])
    tables.set(name, fresh)
    return fresh
  }

  return {
    apply(changes) {
      for (const { table, inserts, upserts, deletes } of changes) {
        const target = kept(table)
        for (const key of deletes) target.remove(key)
        for (const row of inserts) {
          if (target.has(row)) throw new Error(`${table.name} holds ${keyOf(table, row)} already`)
          target.put(row)
        }
        for (const row of upserts) target.put(row)
      }
    },
    rows: {
      async byKey(table, keys) {
        const target = kept(table)
        return keys.flatMap((key) => [...target.withFirst(key)])
      },
    },
    all(table) {
      return [...kept(table).keyed()]
        .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0))
        .map(([, row]) => row)
    },
  }
}
