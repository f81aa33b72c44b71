import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { migrate } from './migrate.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let folder: string
let clients: pg.Client[]

beforeEach(async () => {
  database = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'wufei-migrations-'))
  clients = [new pg.Client(database.url), new pg.Client(database.url)]
  await Promise.all(clients.map((client) => client.connect()))
  await writeFile(join(folder, '0001-first.sql'), 'create table first ()')
})
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await database.drop()
  await rm(folder, { recursive: true })
})

const run = (index = 0): Promise<readonly string[]> =>
  migrate(clients[index] as pg.Client, { part: 'books', directory: pathToFileURL(`${folder}/`) })
const exists = async (table: string): Promise<boolean> =>
  (await clients[0]?.query('select to_regclass($1) is not null as found', [table]))?.rows[0].found

test('only the files that are missing run, in order', async () => {
  expect(await run()).toEqual(['0001-first.sql'])
  await writeFile(join(folder, '0002-second.sql'), 'create table second (); create table third ()')
  expect(await run()).toEqual(['0002-second.sql'])
  expect(await run()).toEqual([])
  expect(await exists('third')).toBe(true)
})

test('two processes that start together run each file once', async () => {
  expect((await Promise.all([run(0), run(1)])).flat()).toEqual(['0001-first.sql'])
})

test('a file that fails leaves nothing behind, and can be mended', async () => {
  await writeFile(join(folder, '0002-second.sql'), 'create table half (); select 1/0')
  await expect(run()).rejects.toThrow('0002-second.sql failed: division by zero')
  expect(await exists('half')).toBe(false)
  await writeFile(join(folder, '0002-second.sql'), 'create table half ()')
  expect(await run()).toEqual(['0002-second.sql'])
})

test('a database whose file was otherwise is refused, with what its operator can do', async () => {
  await run()
  await writeFile(join(folder, '0001-first.sql'), 'create table other ()')
  await expect(run()).rejects.toThrow(
    /another version of Wufei wrote this database: its books\/0001-first\.sql, applied on 20\d\d-.*name an empty DATA_DIR.*import the books again.*nothing was changed/,
  )
})

test('a database that is newer than the code is refused', async () => {
  await writeFile(join(folder, '0002-second.sql'), 'create table second ()')
  await run()
  await rm(join(folder, '0002-second.sql'))
  await expect(run()).rejects.toThrow(
    /a newer version of Wufei wrote this database: books\/0002-second\.sql .* Run that version or a newer one/,
  )
})

test('a hole in the numbers is refused before anything runs', async () => {
  await writeFile(join(folder, '0003-third.sql'), 'create table third ()')
  await expect(run()).rejects.toThrow('should be number 0002')
  expect(await exists('first')).toBe(false)
})
