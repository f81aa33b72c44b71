import { BOOKS, type Book } from './books.ts'
import { readCell, type Trouble } from './cells.ts'
import { csvRecords, type CsvRecord, type CsvSigns } from './csv-records.ts'
import type { BookFile } from './read-books.ts'
import type { Report } from './report.ts'

/** A trouble and the column that it is about; no column: the whole row. */
export type CellTrouble = Trouble & { readonly column: string }

/** A row as it was read: its cells in the order of the book's columns. */
export interface ReadRow {
  readonly cells: readonly string[]
  /** What was tidied up, or is left out without a rule that minds. */
  readonly done: readonly CellTrouble[]
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
  const signs: CsvSigns = { bom: false, crlf: false }
  const about = (code: Trouble['code'], column = ''): void =>
    report.say({ book, row: 0, column, key: '', code, severity: 'WARN', facts: {} })
  let header: Header | undefined
  let row = 0
  for await (const records of csvRecords(file.bytes(), signs)) {
    for (const record of records) {
      if (header === undefined) {
        if (record.trouble) about(record.trouble)
        header = readHeader(spec, record, about)
      } else take(++row, readRow(spec, header, record))
    }
  }
  if (signs.bom) about('byte-order-mark')
  if (signs.crlf) about('crlf')
  if (header === undefined) about('file-empty')
  return new Set(spec.columns.flatMap(({ name }, at) => ((header?.places[at] ?? -1) < 0 ? [] : [name])))
}

interface Header {
  /** For each column of the book its place in the file, or -1. */
  readonly places: readonly number[]
  readonly width: number
}

function readHeader(
  { columns }: Book,
  { cells }: CsvRecord,
  about: (code: Trouble['code'], column: string) => void,
): Header {
  const names = cells.map((cell) => cell.trim().normalize('NFKC'))
  const known = new Set(columns.map(({ name }) => name.normalize('NFKC')))
  for (const [at, name] of names.entries()) {
    if (!known.has(name)) about('column-unknown', name)
    else if (names.indexOf(name) !== at) about('column-twice', name)
  }
  const places = columns.map(({ name }) => names.indexOf(name.normalize('NFKC')))
  for (const [at, { name, need }] of columns.entries())
    if (need === 'must' && (places[at] as number) < 0) about('column-missing', name)
  return { places, width: cells.length }
}

function readRow({ columns }: Book, { places, width }: Header, { cells: raw, trouble }: CsvRecord): ReadRow {
  const broken = trouble ?? (raw.length === width ? undefined : 'row-broken')
  const done: CellTrouble[] = []
  const wrong: CellTrouble[] = []
  const cells = columns.map(({ name, kind, need, rule = kind.rule }, at) => {
    const place = places[at] as number
    if (place < 0) {
      if (need === 'must') wrong.push({ column: name, code: 'column-missing', facts: {} })
      return ''
    }
    const cell = readCell(raw[place] ?? '', kind)
    for (const made of cell.done) done.push({ column: name, ...made })
    const empty = { column: name, code: 'cell-empty', facts: {}, ...(rule ? { rule } : {}) } as const
    if (cell.wrong) wrong.push({ column: name, ...cell.wrong })
    else if (cell.text !== '') wrong.push(...about(name, kind.check(cell.text)))
    else if (need === 'ask') done.push(empty)
    else if (need !== 'may') wrong.push(empty)
    return cell.text
  })
  const faulty = new Set(wrong.map(({ column }) => column))
  if (!broken) return { cells, done, wrong, faulty }
  // Of a broken row the cells are kept only so that the rows which rest on it can say so.
  return {
    cells,
    done: [],
    wrong: [{ column: '', code: broken, facts: broken === 'row-broken' ? { cells: raw.length, columns: width } : {} }],
    faulty,
  }
}

const about = (column: string, trouble: Trouble | undefined): readonly CellTrouble[] =>
  trouble ? [{ column, ...trouble }] : []
