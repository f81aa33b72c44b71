import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFiles, importFolder } from '../../services/park/import/import-folder.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { differences, ExpectedFigures, FIGURES_QUERY, type Figures } from './expected-figures.ts'
import { savedByOffice } from './office.ts'
import { emptyPark, own } from './planted.ts'
import { readTables } from './tables.ts'

/** Books that a spreadsheet opened and saved again: other bytes, the same rows. */

const DEMO = fileURLToPath(new URL('../../services/park/demo-bundle/', import.meta.url))
const PARK_MONTH = fileURLToPath(new URL('../../../shared/data/park-month/', import.meta.url))
const bundles = [
  { name: 'the park’s own small bundle', folder: DEMO },
  { name: 'park-month', folder: PARK_MONTH },
]

describe.each(bundles)('$name, saved by a spreadsheet', ({ name, folder }) => {
  const absent = !existsSync(`${folder}/expected.json`)
  if (absent) process.stdout.write(`skipped: ${name} is not there (${folder})\n`)
  let park: TestPark
  beforeAll(async () => {
    if (!absent) park = await composedPark()
  }, 60_000)
  afterAll(async () => {
    if (!absent) await park.close()
  })

  test.skipIf(absent)(
    'goes in whole, has the figures of the clean books to the gram, and the clean books then change nothing',
    { timeout: 400_000 },
    async () => {
      const expected = ExpectedFigures.parse(JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')))
      const { runtime, store } = park.park
      const saved = await importFiles(savedByOffice(await readTables(folder)), { runtime })
      expect(saved.problems.filter(({ severity }) => severity !== 'WARN')).toEqual([])
      expect(saved).toMatchObject({ accepted: saved.rows, refused: 0, held: 0 })
      expect(saved.rows).toBe(Object.values(await readTables(folder)).reduce((sum, { rows }) => sum + rows.length, 0))
      const codes = new Set(saved.notices.map(({ code }) => code))
      for (const code of [
        'read-as-encoding',
        'read-with-separator',
        'titles-skipped',
        'read-as-date',
        'read-as-number',
      ])
        expect(codes).toContain(code)
      // One notice for each file and column, however many cells.
      const names = saved.notices.map(({ file, column, code }) => `${file}:${column}:${code}`)
      expect(new Set(names).size).toBe(names.length)

      expect(await park.runner.waitFor(await store.head(), 120_000)).toBe(true)
      const bureau = await park.token('demo-bureau')
      for (const stream of ['industrial', 'hazardous', 'municipal', 'construction', 'sludge']) {
        const variables = { ...expected.period, stream: stream.toUpperCase() }
        const figures = await park.query<Figures>(bureau, FIGURES_QUERY, variables)
        expect(differences(expected, stream, figures), stream).toEqual([])
      }

      const clean = await importFolder(folder, { runtime })
      expect(clean).toMatchObject({ accepted: 0, unchanged: saved.rows, refused: 0, events: 0 })
    },
  )
})

test('codes that a spreadsheet made numbers of are one message for each file and column, with what to do', async () => {
  const NUMBERS: Readonly<Record<string, string>> = { 联单编号: '2.02532E+13', 道路运输证号: '3.20595E+11' }
  const tables = await readTables(DEMO)
  const result = await importFiles(
    savedByOffice(tables, (_, column, cell) => NUMBERS[column] ?? cell),
    { runtime: emptyPark() },
  )
  const said = own(result).filter(({ code }) => code === 'code-became-number')
  const files = ['vehicles', 'hw-manifests', 'hw-manifest-lines', 'hw-treatment']
  expect(said.map(({ file, row, column, count }) => ({ file, row, column, count }))).toEqual(
    files.map((file) => ({
      file: `${file}.csv`,
      row: 0,
      column: file === 'vehicles' ? '道路运输证号' : '联单编号',
      count: tables[file]?.rows.length,
    })),
  )
  for (const { zh, en, rows } of said) {
    expect(zh).toMatch(/“文本”格式.*原始数据重新填入/)
    expect(en).toMatch(/format the column as text, take the values again/)
    expect(rows?.[0]).toBe(1)
  }
  expect(result.accepted + result.unchanged + result.refused + result.held).toBe(result.rows)
  // What names none of those codes is taken all the same.
  expect(result.files['hw-generation.csv']).toMatchObject({ refused: 0 })
})
