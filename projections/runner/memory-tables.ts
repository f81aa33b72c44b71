import type { Cell, Changes, Rows, Table } from '../projection.ts'
import { openSpillFile, type SpillFile, type SpillPlace } from './spill-file.ts'

/** Tables beside the database: what a rebuild keeps of rows until it knows their last form, and what tests compare the database with. */
export interface MemoryTables {
  apply(changes: readonly Changes[]): void
  readonly rows: Rows
  /** All rows, in the order of their keys, at once. */
  all(table: Table): readonly (readonly Cell[])[]
  /** The same one by one, so that those in the file never are in memory together. */
  each(table: Table): Iterable<readonly Cell[]>
  /** Removes what was written to disk; the rows are void then. */
  close(): void
}

export interface MemoryTablesOptions {
  /**
   * Rows of each table that stay in memory, by the first columns of their keys; those not written for longest go to a temporary file and are read
   * from there where a fold asks for them again. By default all stay.
   */
  readonly keptInMemory?: number
}

const SEPARATOR = '\u0000'

/** Rows that share the first column of their key, by the rest of it. */
type Group = Map<string, readonly Cell[]>

/** Groups of rows by the first column of their key; most tables have one row a group. */
interface Groups {
  get(first: Cell): Group | undefined
  set(first: Cell, group: Group): void
  delete(first: Cell): void
  /** In the order of the keys. */
  sorted(): Iterable<Group>
}

const inOrder = (a: Cell, b: Cell): number => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0)

/** Keeps the groups that were written last in memory, the others in a file. A map lists its keys in the order in which they were set. */
function openGroups(file: SpillFile, keptInMemory: number): Groups {
  const present = new Map<Cell, Group>()
  const spilled = new Map<Cell, SpillPlace>()
  const read = (place: SpillPlace): Group => new Map(file.read(place) as [string, readonly Cell[]][])
  const get = (first: Cell): Group | undefined => {
    const group = present.get(first)
    if (group) return group
    const place = spilled.get(first)
    return place === undefined ? undefined : read(place)
  }
  return {
    get,
    set(first, group) {
      present.delete(first)
      present.set(first, group)
      spilled.delete(first)
      if (present.size <= keptInMemory) return
      const [oldest] = present
      if (!oldest) return
      present.delete(oldest[0])
      spilled.set(oldest[0], file.write([...oldest[1]]))
    },
    delete(first) {
      present.delete(first)
      spilled.delete(first)
    },
    *sorted() {
      for (const first of [...present.keys(), ...spilled.keys()].sort(inOrder)) {
        const group = get(first)
        if (group) yield group
      }
    },
  }
}

/** The rows of one table by their keys. */
interface Kept {
  has(row: readonly Cell[]): boolean
  put(row: readonly Cell[]): void
  remove(key: readonly Cell[]): void
  /** Rows whose key's first column is this. */
  withFirst(first: Cell): Iterable<readonly Cell[]>
  each(): Iterable<readonly Cell[]>
}

function byKey(keyAt: readonly number[], groups: Groups): Kept {
  const [at = 0, ...restAt] = keyAt
  const firstOf = (row: readonly Cell[]): Cell => row[at] ?? null
  const restOf = (row: readonly Cell[]): string =>
    restAt.length === 0 ? '' : restAt.map((column) => row[column]).join(SEPARATOR)
  return {
    has: (row) => groups.get(firstOf(row))?.has(restOf(row)) ?? false,
    put(row) {
      const first = firstOf(row)
      const group = (restAt.length === 0 ? undefined : groups.get(first)) ?? new Map<string, readonly Cell[]>()
      group.set(restOf(row), row)
      groups.set(first, group)
    },
    remove([first = null, ...rest]) {
      const group = groups.get(first)
      if (!group?.delete(rest.join(SEPARATOR))) return
      if (group.size === 0) groups.delete(first)
      else groups.set(first, group)
    },
    withFirst: (first) => groups.get(first)?.values() ?? [],
    *each() {
      for (const group of groups.sorted()) for (const [, row] of [...group].sort(([a], [b]) => inOrder(a, b))) yield row
    },
  }
}

const keyOf = ({ columns, key }: Table, row: readonly Cell[]): string =>
  key.map((column) => row[Object.keys(columns).indexOf(column)]).join(', ')

/** Opens empty tables. */
export function openMemoryTables({ keptInMemory = Infinity }: MemoryTablesOptions = {}): MemoryTables {
  const tables = new Map<string, Kept>()
  const file = openSpillFile()

  function kept({ name, columns, key }: Table): Kept {
    const known = tables.get(name)
    if (known) return known
    const names = Object.keys(columns)
    const fresh = byKey(
      key.map((column) => names.indexOf(column)),
      openGroups(file, keptInMemory),
    )
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
    all: (table) => [...kept(table).each()],
    each: (table) => kept(table).each(),
    close: () => file.close(),
  }
}
