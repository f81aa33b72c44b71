import type { Facts } from '../../../schemas/decision.ts'
import { labelSaysWhatItIs } from '../../../schemas/rules/labels.ts'
import { editionOn } from '../../../schemas/rules/row.ts'
import { businessDay, Day, Moment } from '../../../schemas/values/time.ts'
import { BOOKS, type Book } from './books.ts'
import { readCell, type Trouble } from './cells.ts'
import { csvRecords, type CsvRecord } from './csv-records.ts'
import { columnName, findHead, HEAD_LINES, type HeadRow } from './head-row.ts'
import type { BookFile } from './read-books.ts'
import type { Report } from './report.ts'
import type { SpreadsheetCode } from './spreadsheet.ts'
import { textLines, type Line, type TextSigns } from './text-lines.ts'

/** A trouble and the column that it is about; no column: the whole row. */
export type CellTrouble = Trouble & { readonly column: string }

/** A cell that was read otherwise than it is written, as spreadsheets save it. */
export interface CellWay {
  readonly column: string
  readonly code: SpreadsheetCode | 'label-before-its-law'
  /** As it is written, and as it was read. */
  readonly value: string
  readonly read: string
}

/** A row as it was read: its cells in the order of the book's columns. */
export interface ReadRow {
  readonly cells: readonly string[]
  /** What was tidied up, or is left out without a rule that minds. */
  readonly done: readonly CellTrouble[]
  readonly ways: readonly CellWay[]
  /** What refuses the row. */
  readonly wrong: readonly CellTrouble[]
  /** Columns whose cells are not what the row meant. Of a row that could not be split they are a guess. */
  readonly faulty: ReadonlySet<string>
}

/** Reads one file, row by row. `take` gets each with its number, from 1. Answers the columns that the file has. */
export async function readFile(
  file: BookFile,
  book: number,
  report: Report,
  take: (row: number, read: ReadRow) => void,
): Promise<ReadonlySet<string>> {
  report.file(book)
  const spec = BOOKS[book] as Book
  const signs: TextSigns = { encoding: 'utf-8', bom: false, crlf: false }
  const about = (code: Trouble['code'], column = ''): void =>
    report.say({ book, row: 0, column, key: '', code, severity: 'WARN', facts: {} })
  const lines = textLines(file.bytes(), signs)
  const { head, after } = await headOf(lines, spec)
  if (signs.encoding !== 'utf-8')
    report.note({ book, row: 0, column: '', code: 'read-as-encoding', facts: { encoding: NAMES[signs.encoding] } })
  const header = head && readHeader(spec, head, about)
  if (head) sayHead(head, book, report)
  let row = 0
  if (header) {
    let before = 0
    for await (const records of csvRecords(after, { separator: head.separator, width: header.width }))
      for (const [i, record] of records.entries()) {
        const { length } = record.cells
        const short = length < header.width && (before === length || records[i + 1]?.cells.length === length)
        const read = readRow(spec, header, record, { encoding: NAMES[signs.encoding], short })
        if (short && read.wrong.length === 0) report.note({ book, row: 0, column: '', code: 'rows-short', facts: {} })
        take(++row, read)
        before = length
      }
  }
  if (signs.bom && signs.encoding === 'utf-8') about('byte-order-mark')
  if (signs.crlf) about('crlf')
  if (header === undefined) about('file-empty')
  return new Set(spec.columns.flatMap(({ name }, at) => ((header?.places[at] ?? -1) < 0 ? [] : [name])))
}

const NAMES = { 'utf-8': 'UTF-8', gb18030: 'GB18030', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16' } as const

const BREAKS: Readonly<Record<string, (facts: { cells: number; columns: number; encoding: string }) => Facts>> = {
  'row-broken': ({ cells, columns }) => ({ cells, columns }),
  'encoding-broken': ({ encoding }) => ({ encoding }),
}

/** The head row of a file, and the lines after it. */
async function headOf(
  groups: AsyncGenerator<readonly Line[], void, undefined>,
  spec: Book,
): Promise<{ head: HeadRow | undefined; after: AsyncIterable<readonly Line[]> }> {
  let first: readonly Line[] = []
  while (first.length < HEAD_LINES) {
    const { value, done } = await groups.next()
    if (done) break
    first = [...first, ...value]
  }
  const head = findHead(first, spec)
  async function* after() {
    yield first.slice(head?.lines ?? 0)
    yield* groups
  }
  return { head, after: after() }
}

function sayHead({ record, separator, titles, known }: HeadRow, book: number, report: Report): void {
  if (record.trouble)
    report.say({ book, row: 0, column: '', key: '', code: record.trouble, severity: 'WARN', facts: {} })
  if (known === 0) return
  if (titles > 0) report.note({ book, row: 0, column: '', code: 'titles-skipped', facts: { titles } })
  if (separator !== ',')
    report.note({ book, row: 0, column: '', code: 'read-with-separator', facts: { separator: SIGNS[separator] } })
}

const SIGNS = { '\t': 'Tab', ';': ';' } as const

interface Header {
  /** For each column of the book its place in the file, or -1. */
  readonly places: readonly number[]
  readonly width: number
  /** Whether it names any column of the book. */
  readonly known: boolean
}

function readHeader(
  { columns }: Book,
  { record: { cells }, known }: HeadRow,
  about: (code: Trouble['code'], column?: string) => void,
): Header {
  const names = cells.map(columnName)
  const places = columns.map(({ name }) => names.indexOf(columnName(name)))
  if (known === 0) return { places, width: cells.length, known: false }
  for (const [at, name] of names.entries()) {
    if (name === '') continue
    if (!places.includes(names.indexOf(name))) about('column-unknown', (cells[at] as string).trim())
    else if (names.indexOf(name) !== at) about('column-twice', (cells[at] as string).trim())
  }
  for (const [at, { name, need }] of columns.entries())
    if (need === 'must' && (places[at] as number) < 0) about('column-missing', name)
  return { places, width: cells.length, known: true }
}

/**
 * Reads one row. `short` says that rows next to it lack as many cells at their end: Excel leaves out the separators of empty cells at the end
 * of rows, in blocks of 16 rows (Microsoft KB 77295), so such rows come together.
 */
function readRow(
  { columns, time = BORN_ON }: Book,
  { places, width, known }: Header,
  { cells: raw, trouble }: CsvRecord,
  { encoding, short }: { readonly encoding: string; readonly short: boolean },
): ReadRow {
  // Separators behind the last column are cells that nothing is written in.
  const long = raw.length > width && raw.slice(width).every((cell) => cell.trim() === '')
  const unread = trouble === 'not-utf-8' && encoding !== NAMES['utf-8'] ? 'encoding-broken' : trouble
  const whole = raw.length === width || long
  let broken: Trouble['code'] | undefined =
    unread ?? (!known ? 'head-missing' : whole || short ? undefined : 'row-broken')
  const done: CellTrouble[] = []
  const ways: CellWay[] = []
  const wrong: CellTrouble[] = []
  const cells = columns.map(({ name, kind, need, rule = kind.rule }, at) => {
    const place = places[at] as number
    if (place < 0) {
      if (need === 'must') wrong.push({ column: name, code: 'column-missing', facts: {} })
      return ''
    }
    const value = raw[place] ?? ''
    const cell = readCell(value, kind)
    for (const made of cell.done) done.push({ column: name, ...made })
    for (const code of cell.ways) ways.push({ column: name, code, value: value.trim(), read: cell.text })
    if (cell.wrong) wrong.push({ column: name, ...cell.wrong })
    else if (cell.text === '' && need !== 'may') {
      const empty = { column: name, code: 'cell-empty', facts: {}, ...(rule ? { rule } : {}) } as const
      if (need === 'ask') done.push(empty)
      else wrong.push(empty)
    }
    return cell.text
  })
  // A short row is one only where nothing but cells that may be empty is missing: otherwise a separator was lost, and cells have moved.
  const moved = wrong.length > 0 || columns.some(({ need }, at) => need !== 'may' && (places[at] ?? -1) >= raw.length)
  if (broken === undefined && !whole && moved) broken = 'row-broken'
  if (wrong.some(isOfLabels)) lawfulBefore({ columns, time }, cells, wrong, ways)
  const faulty = new Set(wrong.map(({ column }) => column))
  if (!broken) return { cells, done, ways, wrong, faulty }
  // Of a broken row the cells are kept only so that the rows which rest on it can say so.
  return {
    cells,
    done: [],
    ways: [],
    wrong: [
      { column: '', code: broken, facts: BREAKS[broken]?.({ cells: raw.length, columns: width, encoding }) ?? {} },
    ],
    faulty,
  }
}

const BORN_ON = '产生日期'
const isOfLabels = ({ rule, code }: CellTrouble): boolean =>
  rule === labelSaysWhatItIs.id && (code === 'not-a-label' || code === 'cell-empty')

/** R31 by the day of the row: until HJ 1276 was in force, a container bore what its unit wrote on it, or nothing. */
function lawfulBefore(
  { columns, time }: Pick<Book, 'columns'> & { readonly time: string },
  cells: readonly string[],
  wrong: CellTrouble[],
  ways: CellWay[],
): void {
  const at = cells[columns.findIndex(({ name }) => name === time)] ?? ''
  const day = Day.safeParse(at).success ? at : Moment.safeParse(at).success ? businessDay(at) : undefined
  if (day === undefined || editionOn(labelSaysWhatItIs, day) !== undefined) return
  for (const { column } of wrong.filter(isOfLabels)) {
    const value = cells[columns.findIndex(({ name }) => name === column)] ?? ''
    if (value !== '') ways.push({ column, code: 'label-before-its-law', value, read: '' })
  }
  wrong.splice(0, wrong.length, ...wrong.filter((trouble) => !isOfLabels(trouble)))
}
