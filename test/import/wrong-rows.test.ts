import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportResult } from '../../services/park/import/report.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { dependants, emptyPark, importSpoilt, own, places, type Books } from './planted.ts'

let bundle: string

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  await writeBundle(bundle, { seed: 3, units: 3, from: '2026-03-02', days: 8 })
})
afterAll(() => rm(bundle, { recursive: true, force: true }))

/** Nothing is lost, every refused row says why, and what follows names one of the rows that were spoilt. */
function expectWhole(result: ImportResult, ...spoilt: readonly string[]): void {
  expect(result.accepted + result.unchanged + result.refused + result.held).toBe(result.rows)
  const refused = result.problems.filter(({ severity, row }) => severity !== 'WARN' && row > 0)
  expect(new Set(refused.map(({ file, row }) => `${file}:${row}`)).size).toBe(result.refused + result.held)
  for (const problem of result.problems) expect([problem.zh, problem.en].every((text) => text.length > 0)).toBe(true)
  for (const { en } of dependants(result)) expect(spoilt.some((place) => en.includes(place))).toBe(true)
}

async function storedRow(books: Books): Promise<number> {
  const stored = await books.cell('hw-storage-out', 1, '入库批次编码')
  const unit = await books.cell('hw-storage-out', 1, '单位代码')
  return books.rowWhere('hw-storage-in', (cell) => cell('入库批次编码') === stored && cell('单位代码') === unit)
}

async function generatedRow(books: Books): Promise<number> {
  const row = await storedRow(books)
  const [unit, batch] = [
    await books.cell('hw-storage-in', row, '单位代码'),
    await books.cell('hw-storage-in', row, '产生批次编码'),
  ]
  return books.rowWhere('hw-generation', (cell) => cell('产生批次编码') === batch && cell('单位代码') === unit)
}

const withRow1Shipped = async (books: Books): Promise<void> => {
  // The first store-out row that is fed by a lot of these books, not by stock of an earlier year.
  const row = await books.rowWhere('hw-storage-out', (cell) => cell('入库批次编码').startsWith('HWRK2026'))
  await books.rewrite('hw-storage-out', ([header = '', ...rows]) => [
    header,
    rows[row - 1] ?? '',
    ...rows.filter((_, at) => at !== row - 1),
  ])
}

test('an unspoilt bundle is accepted whole, and the second time nothing changes', async () => {
  const runtime = emptyPark()
  const first = await importSpoilt(bundle, async () => undefined, runtime)
  expect(own(first)).toEqual([])
  expect(first).toMatchObject({ accepted: first.rows, refused: 0, held: 0 })
  const head = await runtime.store.head()
  expect(first.events).toBe(head)
  expect(await importSpoilt(bundle, async () => undefined, runtime)).toMatchObject({
    accepted: 0,
    unchanged: first.rows,
    events: 0,
    problems: [],
  })
  expect(await runtime.store.head()).toBe(head)
})

test('a waste code that is in no list is refused in its row, and what is made of that lot says so', async () => {
  let row = 0
  const result = await importSpoilt(bundle, async (books) => {
    await withRow1Shipped(books)
    row = await generatedRow(books)
    await books.put('hw-generation', row, '危险废物代码', () => '999-999-06')
  })
  expectWhole(result, `row ${row} of hw-generation.csv`)
  expect(places(own(result))).toContain(`hw-generation.csv:${row}:危险废物代码 R02`)
  expect(new Set(own(result).map((problem) => `${problem.file}:${problem.row}`))).toEqual(
    new Set([`hw-generation.csv:${row}`]),
  )
  const files = new Set(dependants(result).map(({ file }) => file))
  expect(files).toContain('hw-storage-in.csv')
  expect(files).toContain('hw-storage-out.csv')
  expect(files).toContain('hw-manifests.csv')
  expect(files).toContain('hw-manifest-lines.csv')
})

test('R01: a unit with a wrong check digit is refused, and all that names it', async () => {
  let row = 0
  const spoilt = (code: string) => `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`
  const result = await importSpoilt(bundle, async (books) => {
    row = await books.rowWhere('units', (cell) => cell('单位名称').startsWith('虚拟002'))
    const code = await books.cell('units', row, '统一社会信用代码')
    for (const file of [
      'units',
      'facilities',
      'plans',
      'contracts',
      'opening-stock',
      'hw-generation',
      'hw-storage-in',
      'hw-storage-out',
      'hw-manifests',
      'gisw-generation',
      'gisw-out',
      'gisw-receipts',
    ]) {
      await books.rewrite(file, (lines) => lines.map((line) => line.replaceAll(code, spoilt(code))))
    }
  })
  expect(places(own(result))).toContain(`units.csv:${row}:统一社会信用代码 R01`)
  expect(own(result).every(({ rule }) => rule === 'R01')).toBe(true)
  expect(result.accepted + result.refused).toBe(result.rows)
})

test('R01: a slip of the pen in one row is that row’s alone', async () => {
  const result = await importSpoilt(bundle, (books) =>
    books.put('trips', 4, '接收单位代码', (code) => `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`),
  )
  expectWhole(result)
  expect(places(own(result))).toEqual(['trips.csv:4:接收单位代码 R01'])
  expect(result.refused).toBe(1)
})

test('R28: more out of store than lies there is refused, with the manifest that would ship it', async () => {
  const result = await importSpoilt(bundle, async (books) => {
    await withRow1Shipped(books)
    await books.put('hw-storage-out', 1, '出库量', (tonnes) => String(Number(tonnes) + 5))
  })
  expectWhole(result, 'row 1 of hw-storage-out.csv')
  expect(places(own(result))).toEqual(['hw-storage-out.csv:1:出库量 R28'])
  expect(new Set(dependants(result).map(({ file }) => file))).toContain('hw-manifests.csv')
})

test('R28: more out of a pool than was generated is refused at the mass, and its receipt says so', async () => {
  const result = await importSpoilt(bundle, (books) => books.put('gisw-out', 1, '出厂数量(吨)', () => '900'))
  expectWhole(result, 'row 1 of gisw-out.csv')
  expect(places(own(result))).toEqual(['gisw-out.csv:1:出厂数量(吨) R28'])
  expect(dependants(result).map(({ file }) => file)).toEqual(['gisw-receipts.csv'])
})

test('R08: a licence that has expired stops the manifests to its holder, and no other', async () => {
  let licence = ''
  const result = await importSpoilt(bundle, async (books) => {
    licence = await books.cell('hw-manifests', 1, '许可证编号')
    const row = await books.rowWhere('licences', (cell) => cell('许可证编号') === licence)
    await books.put('licences', row, '有效期止', () => '2026-01-31')
  })
  expect(result.files['licences.csv']).toMatchObject({ refused: 0 })
  expect(
    own(result).every(
      ({ file, column, rule }) => file === 'hw-manifests.csv' && column === '许可证编号' && rule === 'R08',
    ),
  ).toBe(true)
  expect(own(result)[0]).toMatchObject({ row: 1 })
  expect(result.files['hw-manifests.csv']?.accepted).toBeGreaterThan(0)
  expect(result.accepted + result.refused).toBe(result.rows)
})

test('a licence that was refused itself is what its manifests name', async () => {
  let row = 0
  const result = await importSpoilt(bundle, async (books) => {
    const licence = await books.cell('hw-manifests', 1, '许可证编号')
    row = await books.rowWhere('licences', (cell) => cell('许可证编号') === licence)
    await books.put('licences', row, '有效期止', () => '2028-02-30')
  })
  expectWhole(result, `row ${row} of licences.csv`)
  expect(places(own(result))).toEqual([`licences.csv:${row}:有效期止 -`])
  expect(dependants(result).some(({ file }) => file === 'hw-manifests.csv')).toBe(true)
})

test.each([
  ['too few cells', (line: string) => line.slice(0, line.lastIndexOf(',')), 'row-broken'],
  ['too many cells', (line: string) => `${line},更多`, 'row-broken'],
  ['a quotation mark that nobody closes', (line: string) => line.replace(',TS001,', ',"TS001,'), 'quote-broken'],
])('a broken line (%s) is reported and costs no other row', async (_, spoil, code) => {
  let row = 0
  const result = await importSpoilt(bundle, async (books) => {
    await withRow1Shipped(books)
    row = await storedRow(books)
    await books.rewrite('hw-storage-in', (lines) => lines.with(row, spoil(lines[row] ?? '')))
  })
  expectWhole(result, `row ${row} of hw-storage-in.csv`)
  expect(own(result).map((problem) => `${problem.file}:${problem.row} ${problem.code}`)).toEqual([
    `hw-storage-in.csv:${row} ${code}`,
  ])
  expect(dependants(result).some(({ file }) => file === 'hw-storage-out.csv')).toBe(true)
})

test('a row that is not UTF-8 is reported by its number', async () => {
  const result = await importSpoilt(bundle, (books) =>
    books.bytes('trips', (bytes) => {
      const second = bytes.indexOf('\n', bytes.indexOf('\n') + 1) + 1
      const driver = bytes.indexOf('司机', second)
      return Buffer.concat([
        bytes.subarray(0, driver),
        Buffer.from([0xcb, 0xbe, 0xbb, 0xfa]),
        bytes.subarray(driver + Buffer.byteLength('司机')),
      ])
    }),
  )
  expectWhole(result)
  expect(own(result)).toMatchObject([{ file: 'trips.csv', row: 2, code: 'not-utf-8', severity: 'BLOCK' }])
  expect(result.refused).toBe(1)
})

test('a byte order mark, CRLF, spaces and full-width digits are read, and said', async () => {
  const result = await importSpoilt(bundle, async (books) => {
    await books.put('trips', 3, '毛重(kg)', (mass) => ` ${mass}　`)
    await books.put('trips', 5, '皮重(kg)', (mass) =>
      [...mass].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(''),
    )
    await books.bytes('trips', (bytes) =>
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(bytes.toString('utf8').replaceAll('\n', '\r\n'))]),
    )
  })
  expectWhole(result)
  expect(result).toMatchObject({ refused: 0, accepted: result.rows })
  expect(own(result).map(({ file, row, column, code, severity }) => [file, row, column, code, severity])).toEqual([
    ['trips.csv', 0, '', 'byte-order-mark', 'WARN'],
    ['trips.csv', 0, '', 'crlf', 'WARN'],
    ['trips.csv', 3, '毛重(kg)', 'spaces-trimmed', 'WARN'],
    ['trips.csv', 5, '皮重(kg)', 'full-width', 'WARN'],
  ])
})

test('a row that stands there twice is recorded once and said to be double', async () => {
  const result = await importSpoilt(bundle, (books) =>
    books.rewrite('gisw-generation', (lines) => [...lines, lines[3] ?? '']),
  )
  expectWhole(result)
  const last = result.files['gisw-generation.csv']?.rows ?? 0
  expect(own(result)).toMatchObject([
    { file: 'gisw-generation.csv', row: last, column: '记录表编号', code: 'duplicate-row', severity: 'WARN' },
  ])
  expect(result).toMatchObject({ unchanged: 1, refused: 0 })
})

test('the same number with other content is refused in one folder', async () => {
  const result = await importSpoilt(bundle, (books) =>
    books.rewrite('trips', (lines) => [...lines, (lines[3] ?? '').replace(/GR-\w+$|GD-\w+$/, 'GD-LF')]),
  )
  expectWhole(result)
  const last = result.files['trips.csv']?.rows ?? 0
  expect(places(own(result))).toEqual([`trips.csv:${last}:称重编号 -`])
  expect(own(result)).toMatchObject([{ code: 'already-exists-with-other-content', severity: 'BLOCK' }])
})

test('the same number with other content is refused where it was recorded before, file by file, and nothing is recorded', async () => {
  const runtime = emptyPark()
  await importSpoilt(bundle, async () => undefined, runtime)
  const head = await runtime.store.head()
  const changed: readonly (readonly [string, string, (old: string) => string])[] = [
    ['opening-stock', '贮存量(吨)', () => '0.7'],
    ['hw-generation', '产生量', () => '0.0123'],
    ['hw-storage-in', '入库量', () => '0.0123'],
    ['hw-storage-out', '出库量', () => '0.0123'],
    ['hw-treatment', '产物名称', () => '另一产物'],
    ['gisw-generation', '产生数量(吨)', () => '0.777'],
    ['gisw-out', '出厂数量(吨)', () => '0.123'],
    ['gisw-receipts', '利用处置方式', () => 'GD-LF'],
    ['trips', '利用处置方式', () => 'GD-LF'],
    ['hw-manifests', '应急联系电话', () => '19811112222'],
  ]
  for (const [file, column, value] of changed) {
    const result = await importSpoilt(bundle, (books) => books.put(file, 1, column, value), runtime)
    expect(
      own(result).filter((problem) => problem.file === `${file}.csv` && problem.row === 1),
      file,
    ).not.toHaveLength(0)
    expect(result.files[`${file}.csv`]?.refused, file).toBeGreaterThan(0)
    expect(result.accepted, file).toBe(0)
  }
  expect(await runtime.store.head()).toBe(head)
})

test('the next books may go on with lots that lie in store since earlier ones', async () => {
  const runtime = emptyPark()
  const later = ['hw-storage-out', 'hw-manifests', 'hw-manifest-lines', 'hw-treatment'] as const
  const keep = (books: Books, files: readonly string[]) =>
    Promise.all(files.map((file) => books.rewrite(file, (lines) => lines.slice(0, 1))))
  const first = await importSpoilt(bundle, async (books) => void (await keep(books, later)), runtime)
  expect(first.refused).toBe(0)
  const others = Object.keys(first.files)
    .map((file) => file.replace('.csv', ''))
    .filter((file) => !later.includes(file as (typeof later)[number]))
  const second = await importSpoilt(bundle, async (books) => void (await keep(books, others)), runtime)
  expect(own(second)).toEqual([])
  expect(second).toMatchObject({ accepted: second.rows, refused: 0 })
})

test('a trial run says what would happen and writes nothing', async () => {
  const { importFolder } = await import('../../services/park/import/import-folder.ts')
  const runtime = emptyPark()
  const trial = await importFolder(bundle, { runtime, dryRun: true })
  expect(trial).toMatchObject({ accepted: trial.rows, refused: 0 })
  expect(await runtime.store.head()).toBe(0)
  const real = await importFolder(bundle, { runtime })
  expect(real.events).toBe(trial.events)
  expect(await importFolder(bundle, { runtime, dryRun: true })).toMatchObject({ unchanged: real.rows, events: 0 })
})
