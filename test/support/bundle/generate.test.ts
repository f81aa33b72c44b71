import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BOOKS } from '../../../services/park/import/books.ts'
import { parseTonnes } from '../../../schemas/values/mass.ts'
import { hasValidCheckDigit } from '../../../schemas/values/unit-code.ts'
import { writeBundle } from './generate.ts'

let folder: string
let expected: Awaited<ReturnType<typeof writeBundle>>
const options = { seed: 11, units: 6, from: '2026-05-01', days: 20 }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  expected = await writeBundle(folder, options)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const text = (name: string): Promise<string> => readFile(join(folder, `${name}.csv`), 'utf8')

async function sum(
  name: string,
  column: string,
  only: (cell: (column: string) => string) => boolean = () => true,
): Promise<number> {
  const [header = '', ...rows] = (await text(name)).trimEnd().split('\n')
  const at = (row: string) => (name_: string) => row.split(',')[header.split(',').indexOf(name_)] ?? ''
  return rows
    .filter((row) => only(at(row)))
    .reduce((total, row) => total + (parseTonnes(at(row)(column)) ?? Number.NaN), 0)
}

test('a bundle has every book with the columns that the importer knows, and expected.json', async () => {
  expect((await readdir(folder)).sort()).toEqual([...BOOKS.map(({ name }) => `${name}.csv`), 'expected.json'].sort())
  for (const { name, columns } of BOOKS)
    expect((await text(name)).split('\n')[0]?.split(',')).toEqual(columns.map((column) => column.name))
})

test('the same seed gives the same bundle, another seed another one', async () => {
  const again = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  await writeBundle(again, options)
  for (const file of await readdir(folder))
    expect(await readFile(join(again, file), 'utf8')).toBe(await readFile(join(folder, file), 'utf8'))
  await writeBundle(again, { ...options, seed: 12 })
  expect(await readFile(join(again, 'units.csv'), 'utf8')).not.toBe(await text('units'))
  await rm(again, { recursive: true, force: true })
})

test('units bear valid check digits', async () => {
  const codes = (await text('units'))
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',')[0] ?? '')
  expect(codes.filter((code) => !hasValidCheckDigit(code))).toEqual([])
})

test('the totals are the sums of the rows', async () => {
  const { totals_g: totals, cells_g: cells } = expected
  const { hazardous, industrial } = totals
  expect(hazardous.shipped).toBe(await sum('hw-storage-out', '出库量'))
  expect(hazardous.accepted).toBe(await sum('hw-manifest-lines', '接受量(吨)'))
  expect(hazardous.treated).toBe(await sum('hw-treatment', '处理量(吨)'))
  expect(hazardous.residue).toBe(await sum('hw-treatment', '残渣量(吨)'))
  expect(hazardous.landfilled).toBe(await sum('hw-treatment', '处理量(吨)', (cell) => cell('利用处置方式') === 'D1'))
  expect(hazardous.opening_stock).toBe(await sum('opening-stock', '贮存量(吨)'))
  expect(industrial.generated).toBe(await sum('gisw-generation', '产生数量(吨)'))
  for (const stages of Object.values(cells))
    for (const cell of Object.values(stages))
      expect(cell.opening + cell.in - cell.out + cell.adjusted).toBe(cell.closing)
  expect(cells.hazardous.transport.closing).toBe(hazardous.refused)
})

test('there is something of everything in it: refusals, partial acceptances, residues, stock of an earlier year, all five streams', () => {
  const { rows, totals_g: totals } = expected
  for (const count of Object.values(rows)) expect(count).toBeGreaterThan(0)
  for (const stream of Object.values(totals)) expect(stream.treated).toBeGreaterThan(0)
  for (const word of [
    'refused',
    'residue',
    'recovered_prior_year',
    'landfilled',
    'facility_stock_end',
    'producer_stock_end',
  ] as const)
    expect(totals.hazardous[word], word).toBeGreaterThan(0)
})
