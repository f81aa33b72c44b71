import { BOOKS, bookNamed, MASTER_DATA, type Book, type Name, type Namespace } from './books.ts'
import type { Trouble } from './cells.ts'
import { fileKind, sayUnread } from './file-names.ts'
import { KeyIndex } from './key-index.ts'
import { LostNames } from './lost-names.ts'
import { readFile, type ReadRow } from './read-file.ts'
import type { Report } from './report.ts'
import { ruleBehind } from './texts.ts'
import { RowTable } from './row-table.ts'
import { businessDay, monthOf, yearOf, type Day } from '../../../schemas/values/time.ts'

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
  /** The row of that name, or the refused one that was most likely meant to bear it. */
  meant(space: Namespace, ...parts: readonly string[]): number | undefined
  /** Whether something stands against that column of a refused row. */
  faulty(ordinal: number, column: string): boolean
  /** Whether a cell of a row says what the row meant, as far as is known. */
  sure(ordinal: number, column: string): boolean
  /** Whether the file of a row's book has that column. */
  hasColumn(ordinal: number, column: string): boolean
  /** Lines of a manifest, in the order of their file. */
  linesOf(manifest: string): readonly number[]
  /** Rows for moving in: how many store-in rows name this generation batch. */
  storedTwice(unit: string, batch: string): boolean
  /** The year in which most of the rows happened; undefined where none has a time. */
  readonly year: number | undefined
  /** First day of the period that the books are about; undefined where no row has a time. */
  readonly period: Day | undefined
  /** Remembers a line whose manifest is not there: one without lines may be the manifest that it was meant to name. */
  strayLine(ordinal: number): void
  /** Remembers that this column of a row is what is wrong with it. */
  blame(ordinal: number, column: string): void
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
  const stored = new KeyIndex(
    (ordinal, name) => rows.book(ordinal) === STORAGE_IN && generationOf(rows.cells(ordinal)) === name,
  )
  const repeated = new Set<string>()
  const lines = new LineLists()
  const months = new Map<Day, number>()
  const lost = new LostNames()
  const faults = new Map<number, Set<string>>()
  // Rows that could not be split: of none of their cells it is known which column it belongs to.
  const shifted = new Set<number>()
  const columns = new Map<number, ReadonlySet<string>>()

  const books: Books = {
    rows,
    find: (space, ...parts) => index.find([space, ...parts].join(SEPARATOR)),
    meant: (space, ...parts) => index.find([space, ...parts].join(SEPARATOR)) ?? lost.find(space, parts),
    faulty: (ordinal, column) => faults.get(ordinal)?.has(column) ?? false,
    sure: (ordinal, column) => !shifted.has(ordinal) && !(faults.get(ordinal)?.has(column) ?? false),
    hasColumn: (ordinal, column) => columns.get(rows.book(ordinal))?.has(column) ?? false,
    linesOf(manifest) {
      const any = this.find('line-of', manifest)
      return any === undefined ? [] : lines.of(any)
    },
    storedTwice: (unit, batch) => repeated.has(`${unit}${SEPARATOR}${batch}`),
    get year() {
      const years = new Map<number, number>()
      for (const [month, rows] of months) years.set(yearOf(month), (years.get(yearOf(month)) ?? 0) + rows)
      return [...years].sort(([a, many], [b, more]) => more - many || a - b)[0]?.[0]
    },
    get period() {
      // A few late rows of an earlier month are no period of their own.
      const few = Math.max(...months.values()) / 10
      return [...months].flatMap(([month, rows]) => (rows >= few ? [month] : [])).sort()[0]
    },
    strayLine(ordinal) {
      const parts = [rows.cells(ordinal)[columnAt(rows.book(ordinal), '联单编号')] ?? '']
      lost.add(ordinal, { space: 'line-of', parts, faulty: [true], anywhere: [] })
    },
    blame(ordinal, column) {
      if (column !== '') faults.set(ordinal, (faults.get(ordinal) ?? new Set()).add(column))
    },
    refuse(ordinal, column, { code, rule, facts }) {
      const book = rows.book(ordinal)
      report.say({
        book,
        row: rows.row(ordinal),
        column,
        key: this.keyOf(ordinal),
        code,
        rule,
        implied: ruleBehind(code, facts, BOOKS[book]?.name ?? ''),
        severity: 'BLOCK',
        facts,
      })
      this.blame(ordinal, column)
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
    for (const { column, ...done } of read.done)
      report.say({ book, row, column, key, code: done.code, rule: done.rule, severity: 'WARN', facts: done.facts })
    for (const { column, code, value, read: as } of read.ways)
      report.note({ book, row, column, code, facts: { value, read: as } })
    for (const { column, ...trouble } of read.wrong) books.refuse(ordinal, column, trouble)
    if (read.wrong.some(({ column }) => column === '')) shifted.add(ordinal)
    if (read.faulty.size > 0) lose(ordinal, spec, read)
    else if (spec.time !== undefined && read.wrong.length === 0) {
      const month = monthOf(businessDay(new Date(time).toISOString()))
      months.set(month, (months.get(month) ?? 0) + 1)
    }

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
      const also = nameOf(book, other, read.cells)
      const first = index.add(also, ordinal)
      if (other.space === 'line-of') lines.add(ordinal, first)
      else if (first !== undefined && rows.failed(first)) index.replace(also, ordinal)
    }
    if (book === STORAGE_IN && stored.add(generationOf(read.cells), ordinal) !== undefined)
      repeated.add(generationOf(read.cells))
  }

  /** Remembers a row whose names are not what they were meant to be. */
  function lose(ordinal: number, { names, columns: all }: Book, { cells, faulty, wrong }: ReadRow): void {
    faults.set(ordinal, new Set(faulty))
    const broken = wrong.some(({ column }) => column === '')
    for (const { space, columns: parts } of names) {
      if (!parts.some((part) => faulty.has(part))) continue
      const told = parts.map((part) => cells[all.findIndex(({ name }) => name === part)] ?? '')
      lost.add(ordinal, {
        space,
        parts: told,
        faulty: parts.map((part) => faulty.has(part)),
        anywhere: broken ? cells.filter((cell) => cell !== '') : [],
      })
    }
  }

  /** A row under a name that an earlier row bears: the same again changes nothing; other content is left to the decider, and said here where it has no say. */
  function repeat(ordinal: number, known: number, { columns }: Name): void {
    const book = rows.book(ordinal)
    const same = rows.book(known) === book && JSON.stringify(rows.cells(known)) === JSON.stringify(rows.cells(ordinal))
    if (!same) {
      const facts = { file: `${BOOKS[rows.book(known)]?.name}.csv`, row: rows.row(known) }
      return books.refuse(ordinal, columns.at(-1) ?? '', { code: 'already-exists-with-other-content', facts })
    }
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

  const read = new Map<number, string>()
  for (const file of files) {
    const kind = fileKind(file.name)
    if (kind.is === 'unread') sayUnread(report, file.name, kind.code, kind.nearest)
    if (kind.is !== 'book') continue
    const { book } = kind
    const other = read.get(book)
    if (other !== undefined) {
      sayUnread(report, file.name, 'file-twice', other)
      continue
    }
    read.set(book, file.name)
    columns.set(book, await readFile(file, book, report, (row, cells) => take(book, row, cells)))
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
