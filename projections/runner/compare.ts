import type pg from 'pg'
import type { Table } from '../projection.ts'
import { qualified, type Client } from './statements.ts'
import { inTransaction } from './transaction.ts'
import { plainTypes } from './types.ts'

/** A table that was built anew, held against the live one. */
export interface Compared {
  readonly rows: number
  /** Rows that one side lacks or has otherwise. */
  readonly differences: number
}

// Two tables are compared at a time, each by one process of the server: workers beside them would take more of the two cores than they save of the time.
const AT_A_TIME = 2
const SETTINGS = `set local work_mem = '64MB'; set local max_parallel_workers_per_gather = 0`

/**
 * Compares every table by key and all columns, in the snapshot of the caller's transaction, so that it is a statement about one moment even
 * while the live tables go on.
 */
export async function compareTables(
  pool: pg.Pool,
  snapshot: Client,
  live: string,
  shadow: string,
  tables: readonly Table[],
): Promise<ReadonlyMap<Table, Compared>> {
  const { rows } = await snapshot.query({ text: 'select pg_export_snapshot() as id' })
  const { id } = rows[0] as { id: string }
  const compared = new Map<Table, Compared>()
  const left = [...tables]
  const one = () =>
    inTransaction(
      pool,
      async (client) => {
        await client.query(`set transaction snapshot '${id}'; ${SETTINGS}`)
        for (let table = left.shift(); table; table = left.shift())
          compared.set(table, await compareTable(client, live, shadow, table))
      },
      'begin isolation level repeatable read read only',
    )
  await Promise.all(Array.from({ length: AT_A_TIME }, one))
  return compared
}

async function compareTable(
  client: Client,
  live: string,
  shadow: string,
  { name, columns, key }: Table,
): Promise<Compared> {
  const list = (alias: string) =>
    Object.keys(columns)
      .map((column) => `${alias}."${column}"`)
      .join(', ')
  const on = key.map((column) => `l."${column}" = s."${column}"`).join(' and ')
  const { rows } = await client.query({
    text: `select count(s."${key[0]}") as rows, count(*) filter (where (${list('l')}) is distinct from (${list('s')})) as differences
      from ${qualified(live, name)} l full join ${qualified(shadow, name)} s on ${on}`,
    types: plainTypes,
  })
  return rows[0] as Compared
}

export async function countRows(client: Client, schema: string, { name }: Table): Promise<number> {
  const { rows } = await client.query({
    text: `select count(*) as n from ${qualified(schema, name)}`,
    types: plainTypes,
  })
  return (rows[0] as { n: number }).n
}
