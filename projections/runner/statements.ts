import type { Cell, Changes, Rows, Table } from '../projection.ts'
import { plainTypes } from './types.ts'

/** What of a pg client this folder needs. */
export interface Client {
  query(query: Query): Promise<{ rows: unknown[]; rowCount: number | null }>
}

export interface Query {
  readonly text: string
  values?: unknown[]
  /** Makes it a prepared statement of the connection. */
  readonly name?: string
  types?: typeof plainTypes
  rowMode?: 'array'
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const qualified = (schema: string, table: string): string => `${quoted(schema)}.${quoted(table)}`

interface TableStatements {
  readonly insert: Prepared
  readonly upsert: Prepared
  readonly delete: Prepared
  readonly select: Prepared
}
interface Prepared {
  readonly name: string
  readonly text: string
}

let count = 0
const built = new WeakMap<Table, Map<string, TableStatements>>()

/** The four statements of a table, whole pages at a time: one array a column. */
function statementsOf(schema: string, table: Table): TableStatements {
  const bySchema = built.get(table) ?? new Map<string, TableStatements>()
  built.set(table, bySchema)
  const known = bySchema.get(schema)
  if (known) return known

  const name = qualified(schema, table.name)
  const columns = Object.keys(table.columns)
  const list = columns.map(quoted).join(', ')
  const arrays = (names: readonly string[]) =>
    names.map((column, i) => `$${i + 1}::${table.columns[column]}[]`).join(', ')
  const insert = `insert into ${name} (${list}) select * from unnest(${arrays(columns)})`
  const others = columns
    .filter((column) => !table.key.includes(column))
    .map((column) => `${quoted(column)} = excluded.${quoted(column)}`)
  const key = table.key.map(quoted).join(', ')
  const [first = ''] = table.key
  const prepared = (what: string, text: string): Prepared => ({ name: `${what} ${++count}`, text })
  const statements: TableStatements = {
    insert: prepared('insert', insert),
    upsert: prepared(
      'upsert',
      `${insert} on conflict (${key}) do ${others.length === 0 ? 'nothing' : `update set ${others.join(', ')}`}`,
    ),
    delete: prepared(
      'delete',
      `delete from ${name} t using unnest(${arrays(table.key)}) k (${key}) where ${table.key.map((column) => `t.${quoted(column)} = k.${quoted(column)}`).join(' and ')}`,
    ),
    select: prepared(
      'select',
      `select ${list} from ${name} where ${quoted(first)} = any($1::${table.columns[first]}[])`,
    ),
  }
  bySchema.set(schema, statements)
  return statements
}

const transposed = (rows: readonly (readonly Cell[])[], width: number): Cell[][] =>
  Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null))

/** What writes the changes of a page: of each table what goes, what is new, what is written over, one statement for each of them, in order. */
export function writesOf(schema: string, changes: readonly Changes[]): readonly Query[] {
  return changes.flatMap(({ table, inserts, upserts, deletes }) => {
    const statements = statementsOf(schema, table)
    const width = Object.keys(table.columns).length
    return [
      ...(deletes.length > 0 ? [{ ...statements.delete, values: transposed(deletes, table.key.length) }] : []),
      ...(inserts.length > 0 ? [{ ...statements.insert, values: transposed(inserts, width) }] : []),
      ...(upserts.length > 0 ? [{ ...statements.upsert, values: transposed(upserts, width) }] : []),
    ]
  })
}

export async function applyChanges(client: Client, schema: string, changes: readonly Changes[]): Promise<void> {
  for (const write of writesOf(schema, changes)) await client.query(write)
}

/** A row could not be read: a fault of the database, never of the event that asked for it. */
export class RowsUnreadable extends Error {
  override readonly name = 'RowsUnreadable'
}

export function rowsIn(client: Client, schema: string): Rows {
  return {
    async byKey(table, keys) {
      if (keys.length === 0) return []
      try {
        const { rows } = await client.query({
          ...statementsOf(schema, table).select,
          values: [[...keys]],
          types: plainTypes,
          rowMode: 'array',
        })
        return rows as Cell[][]
      } catch (cause) {
        throw new RowsUnreadable(`rows of ${table.name} could not be read`, { cause })
      }
    },
  }
}
