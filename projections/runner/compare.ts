import type { Table } from '../projection.ts'
import { qualified, type Client } from './statements.ts'
import { plainTypes } from './types.ts'

/**
 * Rows that one of two tables lacks or has otherwise, by key and all columns. Both are read in the caller's snapshot, so it is a
 * statement about one moment even while the live table goes on.
 */
export async function differingRows(client: Client, live: string, shadow: string, { name, columns, key }: Table): Promise<number> {
  const list = (alias: string) =>
    Object.keys(columns)
      .map((column) => `${alias}."${column}"`)
      .join(', ')
  const on = key.map((column) => `l."${column}" = s."${column}"`).join(' and ')
  const { rows } = await client.query({
    text: `select count(*) as differing from ${qualified(live, name)} l full join ${qualified(shadow, name)} s on ${on} where (${list('l')}) is distinct from (${list('s')})`,
    types: plainTypes,
  })
  return (rows[0] as { differing: number }).differing
}

export async function countRows(client: Client, schema: string, { name }: Table): Promise<number> {
  const { rows } = await client.query({ text: `select count(*) as n from ${qualified(schema, name)}`, types: plainTypes })
  return (rows[0] as { n: number }).n
}
