import type { BookFile } from '../../services/park/import/read-books.ts'
import type { Tables } from './tables.ts'

/** Ways in which Chinese offices save a table: Excel's and WPS's "CSV", Excel's "Unicode text", and a CSV of a system with European settings. */
export const OFFICE_WAYS = ['gbk', 'utf-16', 'semicolons'] as const
export type OfficeWay = (typeof OFFICE_WAYS)[number]

/** A folder of books as they are after a spreadsheet opened each file and saved it again; ways take turns from file to file. */
export function savedByOffice(tables: Tables, spoil: (file: string, column: string, cell: string) => string = keep) {
  return Object.values(tables).map(({ name, header, rows }, at): BookFile => {
    const way = OFFICE_WAYS[at % OFFICE_WAYS.length] as OfficeWay
    const separator = { gbk: ',', 'utf-16': '\t', semicolons: ';' }[way]
    const saved = rows.map((cells) =>
      cells.map((cell, place) => {
        const column = header[place] ?? ''
        return spoil(name, column, asShown(column, cell))
      }),
    )
    const width = header.length
    const blank = Array.from({ length: width }, () => '')
    const table = [blank.with(0, `示例园区 ${name} 台账（2025年12月）`), blank, header, ...saved, blank, blank]
    const kept = withoutEmptyEnds(table)
    const text = kept.map((cells) => cells.map((cell) => quoted(cell, separator)).join(separator)).join('\r\n')
    return {
      name: way === 'utf-16' ? `${name}.txt` : `${name}.csv`,
      async *bytes() {
        const bytes = encoded(`${text}\r\n`, way)
        // Chunks that end within letters and lines.
        for (let from = 0; from < bytes.length; from += 60_001) yield bytes.subarray(from, from + 60_001)
      },
    }
  })
}

const BLOCK = 16

/** Excel leaves out the separators of columns that are empty at the end of all of 16 rows in a block (Microsoft KB 77295). */
function withoutEmptyEnds(table: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return table.map((cells, row) => {
    const from = row - (row % BLOCK)
    const width = Math.max(
      ...table.slice(from, from + BLOCK).map((one) => one.findLastIndex((cell) => cell !== '') + 1),
    )
    return row === 0 ? cells : cells.slice(0, Math.max(width, 1))
  })
}

const keep = (_file: string, _column: string, cell: string): string => cell

/** What a cell shows once a spreadsheet has understood it: days without zeros and offsets, numbers in groups of three. */
function asShown(column: string, cell: string): string {
  const moment = /^(\d{4})-0?(\d{1,2})-0?(\d{1,2})T0?(\d{1,2}):(\d{2}):(\d{2})\+08:00$/.exec(cell)
  if (moment) {
    const [, year, month, day, hour, minute, second] = moment
    return `${year}/${month}/${day} ${hour}:${minute}${second === '00' ? '' : `:${second}`}`
  }
  const date = /^(\d{4})-0?(\d{1,2})-0?(\d{1,2})$/.exec(cell)
  if (date) return `${date[1]}/${date[2]}/${date[3]}`
  if (/量|规模|能力|重\(kg\)/.test(column) && /^\d+(\.\d+)?$/.test(cell) && !/包装数量/.test(column)) {
    const [whole = '', part = ''] = cell.split('.')
    const digits = part.replace(/0+$/, '')
    return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${digits === '' ? '' : `.${digits}`}`
  }
  return cell
}

const quoted = (cell: string, separator: string): string =>
  cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

function encoded(text: string, way: OfficeWay): Buffer {
  switch (way) {
    case 'gbk':
      return inGbk(text)
    case 'utf-16':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    case 'semicolons':
      return Buffer.from(text)
  }
}

let table: ReadonlyMap<string, readonly [number, number]> | undefined

/** Two bytes a letter: the part of GB18030 that GBK is. Node only decodes it, so the table is made by decoding every pair. */
export function inGbk(text: string): Buffer {
  table ??= gbkTable()
  const bytes: number[] = []
  for (const letter of text) {
    const pair = table.get(letter)
    if (letter.charCodeAt(0) < 0x80) bytes.push(letter.charCodeAt(0))
    else if (pair) bytes.push(...pair)
    else throw new Error(`${letter} is not in GBK`)
  }
  return Buffer.from(bytes)
}

function gbkTable(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gb18030')
  const pairs = new Map<string, readonly [number, number]>()
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue
      const letter = decoder.decode(Uint8Array.of(high, low))
      if ([...letter].length === 1) pairs.set(letter, [high, low])
    }
  }
  return pairs
}
