import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'

test('every test file gets an empty database of its own', async () => {
  const [a, b] = await Promise.all([freshDatabase(), freshDatabase()])
  const client = new pg.Client({ connectionString: a.url })
  await client.connect()
  await client.query('create table only_here ()')
  await client.end()
  const other = new pg.Client({ connectionString: b.url })
  await other.connect()
  const { rows } = await other.query(`select to_regclass('only_here') as found`)
  await other.end()
  expect(rows).toEqual([{ found: null }])
  await Promise.all([a.drop(), b.drop()])
})
