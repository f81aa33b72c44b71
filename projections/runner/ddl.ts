import { readFile } from 'node:fs/promises'
import type { Projection } from '../projection.ts'
import type { Client } from './statements.ts'

/** The statements of a projection's tables.sql, tables apart from what is best made once the rows are in. */
export async function ddlOf({ ddl }: Projection): Promise<{ readonly tables: readonly string[]; readonly indexes: readonly string[] }> {
  const text = (await readFile(ddl, 'utf8')).replaceAll(/--.*$/gm, '')
  const statements = text
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  return {
    tables: statements.filter((statement) => /^create table/i.test(statement)),
    indexes: statements.filter((statement) => !/^create table/i.test(statement)),
  }
}

/** Runs DDL inside `schema`. The caller holds a transaction, which the search_path ends with. */
export async function runDdl(client: Client, schema: string, statements: readonly string[]): Promise<void> {
  await client.query({ text: `set local search_path to "${schema}"` })
  for (const text of statements) await client.query({ text })
}

export async function dropTables(client: Client, schema: string, { tables }: Projection): Promise<void> {
  for (const { name } of tables) await client.query({ text: `drop table if exists "${schema}"."${name}"` })
}
