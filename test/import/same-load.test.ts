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
  folder = await mkdtemp(join(tmpdir(), 'wufei-same-load-'))
  await writeBundle(folder, { seed: 5, units: 5, from: '2026-03-02', days: 14 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The books with their first slip once more, under another number. */
async function booksWithSlip(number: string): Promise<{ readonly books: Tables; readonly row: number }> {
  const books = await readTables(folder)
  const { header, rows } = books['trips'] as Tables[string]
  const [slip = []] = rows
  rows.push(slip.map((cell, at) => (header[at] === '称重编号' ? number : cell)))
  return { books, row: rows.length }
}

test('a slip of the same load in the same book is recorded, and its row names the first slip (R107)', async () => {
  const { books, row } = await booksWithSlip('CARRIER-1')
  const result = await importFiles(filesOf(books), { runtime: emptyPark() })
  expect(result).toMatchObject({ accepted: result.rows, refused: 0, held: 0 })
  expect(own(result)).toMatchObject([
    {
      file: 'trips.csv',
      row,
      column: '称重编号',
      rule: 'R107',
      severity: 'WARN',
      en: expect.stringContaining('one load twice'),
    },
  ])
})

test('a slip of a load that an earlier import recorded is found, too, and reading the same book again says nothing', async () => {
  const runtime = emptyPark()
  expect(own(await importFiles(filesOf(await readTables(folder)), { runtime }))).toEqual([])
  const { books, row } = await booksWithSlip('CARRIER-2')
  const second = await importFiles(filesOf(books), { runtime })
  expect(second).toMatchObject({ accepted: 1, unchanged: second.rows - 1, refused: 0 })
  expect(own(second)).toMatchObject([{ row, rule: 'R107' }])
  expect(own(await importFiles(filesOf(books), { runtime }))).toEqual([])
})
