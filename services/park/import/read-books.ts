import { BOOKS, bookNamed, MASTER_DATA, type Book, type Name, type Namespace } from './books.ts'
import { readCell, type Trouble } from './cells.ts'
import { csvRecords, type CsvRecord, type CsvSigns } from './csv-records.ts'
import { KeyIndex } from './key-index.ts'
import type { Report } from './report.ts'
import { RowTable } from './row-table.ts'

/** A file of the books as whoever has it hands it over. */
export interface BookFile {
  /** With its ending: `units.csv`. */
  readonly name: string
  bytes(): AsyncIterable<Uint8Array>
}

/** The books after the first reading: every row in the table, found by its names, faulty ones already refused. */
export interface Books {
  readonly rows: RowTable
  find(space: Namespace, ...parts: readonly string[]): number | undefined
  /** Lines of a manifest, in the order of their file. */
  linesOf(manifest: string): readonly number[]
  /** Rows for moving in: how many store-in rows name this generation batch. */
  storedTwice(unit: string, batch: string): boolean
  /** Business time of the earliest row that has one, milliseconds; undefined where none has. */
  readonly earliest: number | undefined
  /** Refuses a row for what is wrong with it; later troubles of the same row are still said. */
  refuse(ordinal: number, column: string, trouble: Trouble): void
  keyOf(ordinal: number): string
}

const SEPARATOR = '\u001f'
const positions = BOOKS.map(({ columns }) => new Map(columns.map(({ name }, at) => [name, at])))

/** Position of a column among a book's cells. */
export const columnAt = (book: number, column: string): number => positions[book]?.get(column) ?? -1

const nameOf = (book: number, { space, columns }: Name, cells: readonly string[]): string =>
  [space, ...columns.map((column) => cells[columnAt(book, column)] ?? '')].join(SEPARATOR)

export const keyText = (book: number, cells: readonly string[]): string =>
  (BOOKS[book] as Book).names[0].columns.map((column) => cells[columnAt(book, column)] ?? '').join(' ')

/** Reads every file once, row by row: checks cells, notes names and times. Files that are no books are reported and left alone. */
export async function readBooks(files: readonly BookFile[], report: Report): Promise<Books> {
  const rows = new RowTable()
  const index = new KeyIndex((ordinal, name) => {
    const cells = rows.cells(ordinal)
    return (BOOKS[rows.book(ordinal)] as Book).names.some((own) => nameOf(rows.book(ordinal), own, cells) === name)
  })
  const stored = new KeyIndex((ordinal, name) => rows.book(ordinal) === STORAGE_IN && generationOf(rows.cells(ordinal)) === name)
  const repeated = new Set<string>()
  const lines = new LineLists()
  let earliest = Number.POSITIVE_INFINITY

  const books: Books = {
    rows,
    find: (space, ...parts) => index.find([space, ...parts].join(SEPARATOR)),
    linesOf(manifest) {
      const any = this.find('line-of', manifest)
      return any === undefined ? [] : lines.of(any)
    },
    storedTwice: (unit, batch) => repeated.has(`${unit}${SEPARATOR}${batch}`),
    get earliest() {
      return Number.isFinite(earliest) ? earliest : undefined
    },
    refuse(ordinal, column, { code, rule, facts }) {
      const book = rows.book(ordinal)
      report.say({ book, row: rows.row(ordinal), column, key: this.keyOf(ordinal), code, rule, severity: 'BLOCK', facts })
      if (rows.fate(ordinal) !== 'pending') return
      rows.decide(ordinal, 'refused')
      report.decided(book, 'refused')
    },
    keyOf: (ordinal) => keyText(rows.book(ordinal), rows.cells(ordinal)),
  }

  function take(book: number, row: number, read: ReadRow): void {
    const spec = BOOKS[book] as Book
    const time = timeOf(book, spec, read)
    const ordinal = rows.add(book, row, time, read.cells)
    report.row(book)
    const key = keyText(book, read.cells)
    for (const { column, ...done } of read.done) report.say({ book, row, column, key, code: done.code, rule: done.rule, severity: 'WARN', facts: done.facts })
    for (const { column, ...trouble } of read.wrong) books.refuse(ordinal, column, trouble)
    if (spec.time !== undefined && read.wrong.length === 0) earliest = Math.min(earliest, time)

    const [own, ...others] = spec.names
    const name = nameOf(book, own, read.cells)
    const known = index.add(name, ordinal)
    if (known !== undefined) {
      if (!rows.failed(known)) {
        if (read.wrong.length === 0) repeat(ordinal, known, own)
        return
      }
      // The first of the name is no good, so this one bears it.
      index.replace(name, ordinal)
    }
    for (const other of others) {
      const first = index.add(nameOf(book, other, read.cells), ordinal)
      if (other.space === 'line-of') lines.add(ordinal, first)
    }
    if (book === STORAGE_IN && stored.add(generationOf(read.cells), ordinal) !== undefined) repeated.add(generationOf(read.cells))
  }

  /** A row under a name that an earlier row bears: the same again changes nothing; other content is left to the decider, and said here where it has no say. */
  function repeat(ordinal: number, known: number, { columns }: Name): void {
    const book = rows.book(ordinal)
    const same = rows.book(known) === book && JSON.stringify(rows.cells(known)) === JSON.stringify(rows.cells(ordinal))
    if (!same) return books.refuse(ordinal, columns.at(-1) ?? '', { code: 'already-exists-with-other-content', facts: { row: rows.row(known) } })
    report.say({
      book,
      row: rows.row(ordinal),
      column: columns.at(-1) ?? '',
      key: books.keyOf(ordinal),
      code: 'duplicate-row',
      severity: 'WARN',
      facts: { row: rows.row(known) },
    })
    rows.decide(ordinal, 'unchanged')
    report.decided(book, 'unchanged')
  }

  for (const file of files) {
    const book = bookNamed.get(file.name.replace(/\.csv$/i, ''))
    if (book === undefined) report.sayOf(file.name, 'file-unknown', {})
    else await readFile(file, book, report, take)
  }
  return books
}

const STORAGE_IN = bookNamed.get('hw-storage-in') as number
const generationOf = (cells: readonly string[]): string =>
  `${cells[columnAt(STORAGE_IN, '单位代码')]}${SEPARATOR}${cells[columnAt(STORAGE_IN, '产生批次编码')]}`

/** Master data first, book by book, then stock of earlier years, then everything in the order of its business time. */
function timeOf(book: number, { time }: Book, { cells }: ReadRow): number {
  if (time === undefined) return (book < MASTER_DATA ? book : MASTER_DATA) - 1e15
  const at = Date.parse(cells[columnAt(book, time)] ?? '')
  return Number.isNaN(at) ? 0 : at
}

interface ReadRow {
  readonly cells: readonly string[]
  readonly done: readonly (Trouble & { readonly column: string })[]
  readonly wrong: readonly (Trouble & { readonly column: string })[]
}

async function readFile(file: BookFile, book: number, report: Report, take: (book: number, row: number, read: ReadRow) => void): Promise<void> {
  report.file(book)
  const signs: CsvSigns = { bom: false, crlf: false }
  const about = (code: Trouble['code'], column = ''): void => report.say({ book, row: 0, column, key: '', code, severity: 'WARN', facts: {} })
  let header: Header | undefined
  let row = 0
  for await (const records of csvRecords(file.bytes(), signs)) {
    for (const record of records) {
      if (header === undefined) header = readHeader(BOOKS[book] as Book, record, about)
      else take(book, ++row, readRow(BOOKS[book] as Book, header, record))
    }
  }
  if (signs.bom) about('byte-order-mark')
  if (signs.crlf) about('crlf')
}

interface Header {
  /** For each column of the book its place in the file, or -1. */
  readonly places: readonly number[]
  readonly width: number
}

function readHeader({ columns }: Book, { cells }: CsvRecord, about: (code: Trouble['code'], column: string) => void): Header {
  const names = cells.map((cell) => cell.trim().normalize('NFKC'))
  const known = new Set(columns.map(({ name }) => name.normalize('NFKC')))
  for (const [at, name] of names.entries()) {
    if (!known.has(name)) about('column-unknown', name)
    else if (names.indexOf(name) !== at) about('column-twice', name)
  }
  return { places: columns.map(({ name }) => names.indexOf(name.normalize('NFKC'))), width: cells.length }
}

function readRow({ columns }: Book, { places, width }: Header, { cells: raw, trouble }: CsvRecord): ReadRow {
  const broken = trouble ?? (raw.length === width ? undefined : 'row-broken')
  const done: (Trouble & { column: string })[] = []
  const wrong: (Trouble & { column: string })[] = []
  const cells = columns.map(({ name, kind, need, rule }, at) => {
    const place = places[at] as number
    if (place < 0) {
      if (need === 'must') wrong.push({ column: name, code: 'column-missing', facts: {} })
      return ''
    }
    const cell = readCell(raw[place] ?? '', kind)
    // Of a broken row the cells are kept only so that the rows which rest on it can say so.
    if (broken) return cell.text
    for (const made of cell.done) done.push({ column: name, ...made })
    const fault =
      cell.wrong ??
      (cell.text === '' ? (need === 'may' ? undefined : { code: 'cell-empty' as const, ...(rule ? { rule } : {}), facts: {} }) : kind.check(cell.text))
    if (fault) wrong.push({ column: name, ...fault })
    return cell.text
  })
  if (broken) return { cells, done: [], wrong: [{ column: '', code: broken, facts: broken === 'row-broken' ? { cells: raw.length, columns: width } : {} }] }
  return { cells, done, wrong }
}

/** Lists of lines by manifest as links from line to line: one number a line. */
class LineLists {
  readonly #last = new Map<number, number>()
  readonly #next = new Map<number, number>()

  add(ordinal: number, first: number | undefined): void {
    if (first === undefined) return
    this.#next.set(this.#last.get(first) ?? first, ordinal)
    this.#last.set(first, ordinal)
  }

  of(first: number): readonly number[] {
    const list = [first]
    for (let next = this.#next.get(first); next !== undefined; next = this.#next.get(next)) list.push(next)
    return list
  }
}
