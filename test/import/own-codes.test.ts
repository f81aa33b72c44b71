import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFiles } from '../../services/park/import/import-folder.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { emptyPark, own } from './planted.ts'
import { filesOf, readTables, type Tables } from './tables.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wufei-own-codes-'))
  await writeBundle(folder, { seed: 5, units: 5, from: '2026-03-02', days: 14 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The books with every cell of these columns written in another way. */
async function booksWith(columns: RegExp, write: (old: string) => string): Promise<Tables> {
  const tables = await readTables(folder)
  for (const { header, rows } of Object.values(tables))
    for (const [at, column] of header.entries())
      if (columns.test(column)) for (const cells of rows) cells[at] = write(cells[at] ?? '')
  return tables
}

test('batch codes of a unit’s own letters, in lower case, are taken, and nothing is said about them (R25)', async () => {
  const books = await booksWith(/批次编码|记录表编号|称重编号/, (old) => old.replace(/[A-Z]+(?=\d)/g, '车间1#a-'))
  const result = await importFiles(filesOf(books), { runtime: emptyPark() })
  expect(result).toMatchObject({ accepted: result.rows, refused: 0, held: 0 })
  expect(own(result)).toEqual([])
})

test('plates and credit codes are one however a book spells them, from one file to the next', async () => {
  const plain = await importFiles(filesOf(await readTables(folder)), { runtime: emptyPark() })
  const books = await booksWith(/^车牌$|单位代码|[人]代码$/, (old) =>
    old.length === 18 ? `${old.slice(0, 8)} ${old.slice(8).toLowerCase()}` : old.replace(/^(..)/, '$1·').toLowerCase(),
  )
  const result = await importFiles(filesOf(books), { runtime: emptyPark() })
  expect(result).toMatchObject({ accepted: plain.accepted, refused: 0, held: 0, events: plain.events })
  expect(result.problems.filter(({ severity }) => severity !== 'WARN')).toEqual([])
  expect(new Set(result.problems.map(({ code }) => code))).toEqual(new Set(['spelled', 'recorded-from-books']))
})
