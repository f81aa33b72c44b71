import { readFile } from 'node:fs/promises'
import type { Projection } from '../projection.ts'
import { qualified, type Client } from './statements.ts'

/** The statements of one table of a projection's tables.sql: what makes it, and what is best made once its rows are in. */
export interface TableDdl {
  readonly create: string
  readonly indexes: readonly string[]
}

const CREATE = /^create table (\w+)/i
const LATER = /^(?:alter table|create (?:unique )?index \w+ on) (\w+)/i

/** The DDL of a projection by table. @throws Error where tables.sql holds a statement that is neither a table's nor an index's. */
export async function ddlOf({ ddl }: Projection): Promise<ReadonlyMap<string, TableDdl>> {
  const text = (await readFile(ddl, 'utf8')).replaceAll(/--.*$/gm, '')
  const tables = new Map<string, { create: string; indexes: string[] }>()
  for (const statement of text.split(/;\s*$/m).map((one) => one.trim())) {
    if (statement === '') continue
    const [, created] = CREATE.exec(statement) ?? []
    const [, extended = ''] = LATER.exec(statement) ?? []
    if (created !== undefined) tables.set(created, { create: statement, indexes: [] })
    else {
      const table = tables.get(extended)
      if (!table) throw new Error(`${ddl.pathname}: no table was created for: ${statement}`)
      table.indexes.push(statement)
    }
  }
  return tables
}

/** Runs DDL inside `schema`. The caller holds a transaction, which the search_path ends with. */
export async function runDdl(client: Client, schema: string, statements: readonly string[]): Promise<void> {
  await client.query({ text: [`set local search_path to "${schema}"`, ...statements].join(';\n') })
}

export async function dropTables(client: Client, schema: string, { tables }: Projection): Promise<void> {
  await client.query({ text: `drop table if exists ${tables.map(({ name }) => qualified(schema, name)).join(', ')}` })
}
