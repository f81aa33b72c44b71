import { expect, test } from 'vitest'
import { csvRecords, type CsvRecord, type Separator } from './csv-records.ts'
import { textLines, type TextSigns } from './text-lines.ts'

async function read(
  bytes: Buffer | string,
  chunk = 7,
  separator: Separator = ',',
): Promise<{ records: CsvRecord[]; signs: TextSigns }> {
  const all = Buffer.from(bytes)
  const signs: TextSigns = { encoding: 'utf-8', bom: false, crlf: false }
  async function* chunks() {
    for (let from = 0; from < all.length; from += chunk) yield all.subarray(from, from + chunk)
  }
  const records: CsvRecord[] = []
  const form = { separator, width: all.toString().split('\n')[0]?.split(separator).length }
  for await (const group of csvRecords(textLines(chunks(), signs), form)) records.push(...group)
  return { records, signs }
}

const cells = (records: readonly CsvRecord[]) => records.map((record) => record.cells.join('|'))

test('lines are split at commas wherever the chunks of the file end', async () => {
  for (const chunk of [1, 2, 3, 5, 1000])
    expect(cells((await read('代码,名称\n甲,乙\n丙,\n', chunk)).records)).toEqual(['代码|名称', '甲|乙', '丙|'])
})

test('the last line needs no line break, and empty lines are no rows', async () => {
  expect(cells((await read('a,b\n\n1,2\n   \n3,4')).records)).toEqual(['a|b', '1|2', '3|4'])
})

test('a file whose lines end in CR alone is read like any other, and said', async () => {
  const { records, signs } = await read('a,b\r1,2\r"3",4\r')
  expect(cells(records)).toEqual(['a|b', '1|2', '3|4'])
  expect(signs.crlf).toBe(true)
})

test('quoted cells hold commas, quotation marks and line breaks', async () => {
  expect((await read('a,b\n"1,1","say ""x"""\n"two\nlines",2\n')).records.slice(1)).toEqual([
    { cells: ['1,1', 'say "x"'] },
    { cells: ['two\nlines', '2'] },
  ])
})

test('a quotation mark that nobody closes costs its own line alone', async () => {
  const { records } = await read(`a,b\n1,"x\n${Array.from({ length: 40 }, (_, i) => `${i},y\n`).join('')}`)
  expect(records[1]).toEqual({ cells: ['1', '"x'], trouble: 'quote-broken' })
  expect(records).toHaveLength(42)
  expect(records.filter(({ trouble }) => trouble)).toHaveLength(1)
})

test('two such slips do not swallow the good rows between them', async () => {
  const { records } = await read('a,b\n1,"x\n2,y\n3,z\n4,"w\n5,v\n')
  expect(records.map(({ trouble, cells: [first] }) => `${first} ${trouble ?? 'good'}`)).toEqual([
    'a good',
    '1 quote-broken',
    '2 good',
    '3 good',
    '4 quote-broken',
    '5 good',
  ])
})

test('a line that is not UTF-8 is told apart from its neighbours', async () => {
  const { records } = await read(
    Buffer.concat([Buffer.from('a,b\n1,好\n'), Buffer.from([0x32, 0x2c, 0xba, 0xc3, 0x0a]), Buffer.from('3,好\n')]),
  )
  expect(records.map(({ trouble }) => trouble)).toEqual([undefined, undefined, 'not-utf-8', undefined])
  expect(records[2]?.cells[0]).toBe('2')
})

test('a byte order mark and CRLF are dropped and noticed', async () => {
  const { records, signs } = await read('\ufeffa,b\r\n1,2\r\n')
  expect(cells(records)).toEqual(['a|b', '1|2'])
  expect(signs).toEqual({ encoding: 'utf-8', bom: true, crlf: true })
  expect((await read('a\n1\n')).signs).toEqual({ encoding: 'utf-8', bom: false, crlf: false })
})

test('lines of separators and blanks alone are no rows', async () => {
  expect(cells((await read('a,b\n,\n1,2\n , \t\n,,,,,\n"",""\n3,4\n,\n')).records)).toEqual(['a|b', '1|2', '3|4'])
})

test('cells are cut at semicolons and tabs where those separate them, and commas are then text', async () => {
  expect(cells((await read('a;b\n1,5;"x;y"\n', 7, ';')).records)).toEqual(['a|b', '1,5|x;y'])
  expect(cells((await read('a\tb\n1,5\t"x\ty"\n', 7, '\t')).records)).toEqual(['a|b', '1,5|x\ty'])
})

test('a formula that keeps a code text needs no quotes around it', async () => {
  expect((await read('a,b\n="0012",="a,b"\nx,"=""3"""\n')).records.slice(1)).toEqual([
    { cells: ['="0012"', '="a,b"'] },
    { cells: ['x', '="3"'] },
  ])
})
