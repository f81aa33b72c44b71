import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BOOKS } from '../../services/park/import/books.ts'
import { importFiles } from '../../services/park/import/import-folder.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { emptyPark, own, places } from './planted.ts'
import { filesOf, readTables, type Tables } from './tables.ts'

/** Readings, "all": a field of a form that the source has no column for is no violation; a column that is there and empty is one. */

const LABEL = '容器/包装编码'
type Column = readonly [file: string, column: string]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wufei-columns-'))
  await writeBundle(folder, { seed: 3, units: 3, from: '2026-03-02', days: 8 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function booksWithout(columns: readonly Column[]): Promise<Tables> {
  const tables = await readTables(folder)
  for (const [file, column] of columns) {
    const table = tables[file]
    const at = table?.header.indexOf(column) ?? -1
    if (table === undefined || at < 0) throw new Error(`${file} has no column ${column}`)
    table.header.splice(at, 1)
    for (const cells of table.rows) cells.splice(at, 1)
  }
  return tables
}

const labelled = (...files: readonly string[]): readonly Column[] => files.map((file) => [file, LABEL])
const LABELLED = ['opening-stock', 'hw-generation', 'hw-storage-in', 'hw-storage-out']

describe('a column that a whole book lacks is no violation', () => {
  const rests = new Set(['残渣废物代码'])
  const singly = BOOKS.flatMap(({ name, columns }) =>
    columns
      .filter(({ name: column, need }) => need !== 'must' && !rests.has(column))
      .map(({ name: column }): readonly Column[] => [[name, column]]),
  )
  const together: readonly (readonly Column[])[] = [
    labelled('hw-generation', 'hw-storage-in'),
    labelled('hw-generation', 'hw-storage-out'),
    labelled('hw-generation', 'hw-storage-in', 'opening-stock'),
    labelled(...LABELLED),
    [
      ['hw-manifest-lines', '是否存在重大差异'],
      ['hw-manifest-lines', '差异说明'],
    ],
  ]

  test.each(
    [...singly, ...together].map((columns) => [columns.map((column) => column.join(' ')).join(', '), columns] as const),
  )('without %s every row is taken', async (_, columns) => {
    const result = await importFiles(filesOf(await booksWithout(columns)), { runtime: emptyPark() })
    expect(own(result)).toEqual([])
    expect(result).toMatchObject({ accepted: result.rows, refused: 0, held: 0 })
  })

  test.each([['hw-generation'], ['opening-stock'], ['hw-generation', 'hw-storage-in', 'opening-stock']])(
    'the first book that has the column says the labels, and a second time nothing changes (%s)',
    async (...files) => {
      const runtime = emptyPark()
      const books = await booksWithout(labelled(...files))
      const { rows, events } = await importFiles(filesOf(books), { runtime })
      expect(await importFiles(filesOf(books), { runtime })).toMatchObject({ accepted: 0, unchanged: rows, events: 0 })
      const labels = (await runtime.store.readAll(0, events)).filter(({ type }) => type === 'LotLabelled')
      expect(labels.length).toBeGreaterThan(0)
      const tables = await readTables(folder)
      const known = new Set(
        LABELLED.flatMap((file) => tables[file]?.rows.map((_, at) => tables[file]?.cell(at + 1, LABEL))),
      )
      for (const { data } of labels) expect(known).toContain((data as { readonly label: string }).label)
    },
  )

  test('R31: a label that is not that of its lot is found at the first row that names it', async () => {
    const tables = await booksWithout(labelled('hw-generation'))
    tables['hw-storage-in']?.put(3, LABEL, '913205946W28Y0L2R79004040620251201001')
    const result = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(places(own(result))).toEqual([`hw-storage-in.csv:3:${LABEL} R31`])
  })

  test('a residue without a code cannot become a lot: its row is refused, and no rule is broken', async () => {
    const result = await importFiles(filesOf(await booksWithout([['hw-treatment', '残渣废物代码']])), {
      runtime: emptyPark(),
    })
    expect(own(result).length).toBeGreaterThan(0)
    expect(
      own(result).every(
        ({ file, rule, code }) => file === 'hw-treatment.csv' && rule === null && code === 'column-missing',
      ),
    ).toBe(true)
  })
})

describe('a column that is there and empty is one', () => {
  test.each([
    ...LABELLED.map((file) => [file, LABEL, 'R31', () => true] as const),
    ['hw-manifest-lines', '废物名称', 'R52', () => true],
    ['hw-manifest-lines', '是否存在重大差异', 'R72', () => true],
    ['hw-manifest-lines', '差异说明', 'R72', (cell: string) => cell !== ''],
    ['trips', '含水率(%)', 'R94', (cell: string) => cell !== ''],
    ['hw-treatment', '残渣废物代码', 'R77', (cell: string) => cell !== ''],
  ] as const)('%s %s', async (file, column, rule, where) => {
    const tables = await readTables(folder)
    const table = tables[file]
    const row = (table?.rows.findIndex((_, at) => where(table.cell(at + 1, column))) ?? -1) + 1
    table?.put(row, column, '')
    const result = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(places(own(result))).toEqual([`${file}.csv:${row}:${column} ${rule}`])
  })
})
