import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFiles, importFolder } from '../../services/park/import/import-folder.ts'
import { wholly } from '../../services/park/import/report.ts'
import { inGbk } from './office.ts'
import { emptyPark, own } from './planted.ts'

/** Files as offices hand them over: in other encodings, with titles, beside workbooks, under other names. */

const HEAD = '统一社会信用代码,单位名称,角色,行业代码,地址,园区内,管理类别,联系人,联系电话'
const ROW = '91350100M000100Y43,虚拟甲（苏州）,产生单位,3973,示例路1号,是,,示例甲,19900003517'
const OTHER = '91350211M000100Y46,虚拟乙,产生单位,3973,,是,,,'

const oneFile = (name: string, content: Buffer | string) =>
  importFiles(
    [
      {
        name,
        async *bytes() {
          yield Buffer.from(content)
        },
      },
    ],
    { runtime: emptyPark() },
  )
const utf16 = (text: string, big: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return big ? bytes.swap16() : bytes
}

describe('a file is read in what it was written in', () => {
  const text = `${HEAD}\n${ROW}\n`
  test.each([
    ['UTF-8', Buffer.from(text), undefined],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), undefined],
    ['GBK', inGbk(text), 'GB18030'],
    ['UTF-16 with tabs', utf16(text.replaceAll(',', '\t'), false), 'UTF-16'],
    ['UTF-16, the other bytes first', utf16(text, true), 'UTF-16'],
  ])('%s', async (_, bytes, said) => {
    const result = await oneFile('units.csv', bytes)
    expect(result).toMatchObject({ rows: 1, accepted: 1 })
    const notices = result.notices.filter(({ code }) => code === 'read-as-encoding')
    expect(notices.map(({ en }) => en)).toEqual(said === undefined ? [] : [`The file was read as ${said}`])
  })

  test('letters beyond GBK are read by GB18030 and not by an older table: 䶮', async () => {
    const gb = Buffer.concat([
      inGbk(`${HEAD}\n91350100M000100Y43,`),
      Buffer.from([0xfe, 0x9f]),
      inGbk(',产生单位,,,是,,,\n'),
    ])
    expect(new TextDecoder('gb18030').decode(Buffer.from([0xfe, 0x9f]))).toBe('䶮')
    const runtime = emptyPark()
    const bytes = async function* () {
      yield gb
    }
    expect(await importFiles([{ name: 'units.csv', bytes }], { runtime })).toMatchObject({ accepted: 1 })
    const [registered] = await runtime.store.readAll(0, 10)
    expect(registered?.data).toMatchObject({ name: '䶮' })
  })

  test('a damaged line costs itself alone, in GBK as in UTF-8', async () => {
    const damaged = Buffer.concat([
      inGbk(`${text}91350211M000100Y46,`),
      Buffer.from([0xff, 0x2c]),
      inGbk(`\n${OTHER}\n`),
    ])
    const result = await oneFile('units.csv', damaged)
    expect(result).toMatchObject({ rows: 3, refused: 1 })
    expect(own(result).find(({ row }) => row === 2)).toMatchObject({
      code: 'encoding-broken',
      en: 'The row is not GB18030',
    })
    const spoilt = Buffer.concat([Buffer.from(`${text}91350211M000100Y46,`), inGbk('虚拟乙,产生单位,,,是,,,\n')])
    expect(own(await oneFile('units.csv', spoilt)).map(({ row, code }) => `${row} ${code}`)).toEqual(['2 not-utf-8'])
  })
})

describe('a table need not begin in the first line', () => {
  test('titles above the head row are skipped, and rows count from the first below it', async () => {
    const result = await oneFile(
      'units.csv',
      `园区单位名录,,,,,,,,\n填报单位：园例,,,,,,,,\n,,,,,,,,\n${HEAD}\n${ROW}\n,,,,,,,,\n${OTHER}x\n,,,,,,,,\n`,
    )
    expect(result).toMatchObject({ rows: 2 })
    expect(result.notices).toContainEqual(expect.objectContaining({ code: 'titles-skipped', file: 'units.csv' }))
  })

  test('heads with line breaks and full-width brackets are the same columns', async () => {
    const head = '单位代码,设施编码,设施名称,设施类型,"能力\n（吨）"'
    const result = await oneFile('facilities.csv', `${head}\n91350100M000100Y43,TS001,库,贮存库,1\n`)
    expect(result.problems.filter(({ code }) => code === 'column-unknown')).toEqual([])
  })

  test('a file without a head row is said in one message', async () => {
    const rows = Array.from({ length: 30 }, () => ROW).join('\n')
    const result = await oneFile('units.csv', `${rows}\n`)
    expect(result.problems).toEqual([
      expect.objectContaining({ file: 'units.csv', row: 0, code: 'head-missing', severity: 'BLOCK', count: 29 }),
    ])
  })

  test('separators behind the last column are no cells of their own', async () => {
    const result = await oneFile('units.csv', `${HEAD},,\n${ROW},,\n`)
    expect(result).toMatchObject({ accepted: 1 })
    expect(own(result)).toEqual([])
    expect(await oneFile('units.csv', `${HEAD}\n${ROW},,\n`)).toMatchObject({ accepted: 1 })
  })
})

test('cells of a column that all fail alike are one message with their number and first rows', async () => {
  const rows = Array.from({ length: 40 }, (_, at) => `91350100M000100Y43,TS${100 + at},库,仓库,1`)
  const result = await oneFile('facilities.csv', `单位代码,设施编码,设施名称,设施类型,能力(吨)\n${rows.join('\n')}\n`)
  expect(result).toMatchObject({ rows: 40, refused: 40 })
  expect(result.problems).toEqual([
    expect.objectContaining({ column: '设施类型', code: 'not-in-list', row: 0, count: 40, rows: [1, 2, 3, 4, 5] }),
  ])
  expect(result.problems[0]?.en).toMatch(/^40 rows \(row 1, 2, 3, 4, 5 and on\): “仓库” is not one of /)
})

describe('a file that looks like a book and is not read is named', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wufei-files-'))
    await writeFile(join(folder, 'units.csv'), `${HEAD}\n${ROW}\n`)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each([
    ['hw-manifests.xlsx', 'spreadsheet-not-read', 'hw-manifests.csv'],
    ['台账.xls', 'spreadsheet-not-read', '*.csv'],
    ['books.zip', 'archive-not-read', ''],
    ['hw-manifest.csv', 'file-misnamed', 'hw-manifests.csv'],
    ['hw_generation (1).csv', 'file-misnamed', 'hw-generation.csv'],
    ['gisw-recipts.csv', 'file-misnamed', 'gisw-receipts.csv'],
    ['危险废物台账.csv', 'file-unknown', 'hw-generation'],
    ['units.txt', 'file-twice', 'units.csv'],
  ])('%s: %s', async (name, code, named) => {
    await writeFile(join(folder, name), 'x')
    try {
      const result = await importFolder(folder, { runtime: emptyPark() })
      expect(result).toMatchObject({ rows: 1, accepted: 1 })
      const [problem] = result.problems.filter(({ severity }) => severity !== 'WARN')
      expect(problem).toMatchObject({ file: name, row: 0, code, severity: 'BLOCK' })
      expect(problem?.en).toContain(named)
      expect(wholly(result)).toBe(false)
    } finally {
      await rm(join(folder, name))
    }
  })

  test.each(['README.md', '.DS_Store', '~$units.xlsx', 'expected.json', 'notes.txt', '说明.docx'])(
    '%s is none of an import’s business',
    async (name) => {
      await writeFile(join(folder, name), 'x')
      const result = await importFolder(folder, { runtime: emptyPark() })
      await rm(join(folder, name))
      expect(own(result)).toEqual([])
      expect(wholly(result)).toBe(true)
    },
  )

  test('names are read as Windows reads them, whatever their case', async () => {
    const other = await mkdtemp(join(tmpdir(), 'wufei-files-'))
    await copyFile(join(folder, 'units.csv'), join(other, 'Units.CSV'))
    expect(await importFolder(other, { runtime: emptyPark() })).toMatchObject({ accepted: 1 })
    await rm(other, { recursive: true })
  })
})
