import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultBounds } from '../../schemas/commands/bounds.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { emptyPark, importSpoilt, own, type Books } from './planted.ts'

let bundle: string
beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  await writeBundle(bundle, { seed: 3, units: 3, from: '2026-03-02', days: 8 })
})
afterAll(() => rm(bundle, { recursive: true, force: true }))

const told = async (spoil: (books: Books) => Promise<void>) =>
  own(await importSpoilt(bundle, spoil)).map(({ file, row, column, code, severity }) => [
    file,
    row,
    column,
    code,
    severity,
  ])

test('a mass beyond the bound of one act is refused in its row and column, and says both figures', async () => {
  const result = await importSpoilt(bundle, (books) =>
    books.put('gisw-generation', 2, '产生数量(吨)', () => '50000.0001'),
  )
  const [problem] = own(result)
  expect([problem?.file, problem?.row, problem?.column, problem?.code]).toEqual([
    'gisw-generation.csv',
    2,
    '产生数量(吨)',
    'mass-above-bound',
  ])
  expect(problem?.zh).toContain('50000.0001 吨')
  expect(problem?.en).toContain('50000 t')
})

test('a mass of exactly the bound is taken', async () => {
  expect(await told((books) => books.put('gisw-generation', 2, '产生数量(吨)', () => '50000'))).toEqual([])
})

test('a row before the first day of the books is refused by itself, whatever the law of its day asks', async () => {
  const problems = await told((books) => books.put('gisw-generation', 2, '产生时间', () => '0202-03-02T08:00:00+08:00'))
  expect(problems).toContainEqual(['gisw-generation.csv', 2, '产生时间', 'before-the-books', 'BLOCK'])
})

test('stock of earlier years has a first day of its own', async () => {
  const [book, column] = ['opening-stock', '产生日期'] as const
  expect(await told((books) => books.put(book, 1, column, () => '1995-05-05'))).not.toContainEqual(
    expect.arrayContaining(['before-opening-stock']),
  )
  expect(await told((books) => books.put(book, 1, column, () => '1989-12-31'))).toContainEqual([
    'opening-stock.csv',
    1,
    column,
    'before-opening-stock',
    'BLOCK',
  ])
})

test('books of a park that begins within the year register its units when it begins', async () => {
  const park = emptyPark()
  const bounds = { ...defaultBounds, booksFrom: '2026-03-01' }
  const result = await importSpoilt(bundle, async () => undefined, { ...park, bounds })
  expect(own(result)).toEqual([])
  expect(result.refused).toBe(0)
})
