import { foldWidth } from '../../../schemas/values/text.ts'
import type { Book } from './books.ts'
import { recordsOf, SEPARATORS, type CsvRecord, type Separator } from './csv-records.ts'
import type { Line } from './text-lines.ts'

/** The row of a file that names its columns. */
export interface HeadRow {
  readonly record: CsvRecord
  readonly separator: Separator
  /** Lines of the file up to its end: titles above it and its own. */
  readonly lines: number
  /** Rows above it that hold something: the title of the table, the unit, the period. */
  readonly titles: number
  /** How many columns of the book it names. */
  readonly known: number
}

/** So many lines are looked at: a title or two, the unit, the period, notes on how to fill the form in. */
export const HEAD_LINES = 30

/** Names of columns as they are compared: half width, without blanks and line breaks, which forms put into long heads. */
export const columnName = (cell: string): string => foldWidth(cell).replace(/\s+/gu, '').toLowerCase()

/**
 * Finds the head row among the first lines of a file: of all separators and rows the one that names most of the book's columns, the first of
 * several. Where none names any, the first row with the first separator is what can be shown of it. Undefined for a file without rows.
 */
export function findHead(lines: readonly Line[], { columns }: Book): HeadRow | undefined {
  const names = new Set(columns.map(({ name }) => columnName(name)))
  const first = lines.slice(0, HEAD_LINES)
  let best: HeadRow | undefined
  for (const separator of SEPARATORS) {
    const { records, ends } = recordsOf(first, { separator, width: undefined }, true)
    for (const [at, record] of records.entries()) {
      const known = new Set(record.cells.map(columnName).filter((name) => names.has(name))).size
      if (best === undefined || known > best.known)
        best = { record, separator, lines: ends[at] as number, titles: at, known }
    }
  }
  return best
}
