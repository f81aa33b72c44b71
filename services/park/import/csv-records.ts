import { parse } from 'csv-parse/sync'
import type { Line } from './text-lines.ts'

/** One record of a file as text, or why it could not be read as one. Cells are as written; nothing is trimmed yet. */
export interface CsvRecord {
  readonly cells: readonly string[]
  readonly trouble?: 'not-utf-8' | 'quote-broken'
}

/** What stands between the cells of a line. */
export const SEPARATORS = [',', '\t', ';'] as const
export type Separator = (typeof SEPARATORS)[number]

const QUOTE = '"'
// A quoted cell may hold line breaks, but a quote that is never closed must not swallow the rest of the book.
const MOST_LINES_OF_A_RECORD = 20

/** How a file is cut into cells. */
export interface CsvForm {
  readonly separator: Separator
  /** Number of columns in the header, once it is known. */
  readonly width: number | undefined
}

/**
 * The records of a CSV file, in order, in small groups; a record that is broken or not in the file's encoding comes as its own trouble and
 * costs no other. Lines without a quotation mark are split at their separators, which is all that RFC 4180 asks of them; csv-parse does the
 * rest. Lines of separators and blanks alone are no rows, no more than empty ones: spreadsheets write them below a table.
 */
export async function* csvRecords(
  groups: AsyncIterable<readonly Line[]>,
  form: CsvForm,
): AsyncGenerator<readonly CsvRecord[]> {
  let open: readonly Line[] = []
  for await (const lines of groups) {
    const pending = open.length === 0 ? lines : [...open, ...lines]
    const { records, used } = recordsOf(pending, form, false)
    open = pending.slice(used)
    yield records
  }
  yield recordsOf(open, form, true).records
}

/** Records of lines, each with the number of lines that it and those before it take; `end`: no more lines follow. */
export function recordsOf(
  lines: readonly Line[],
  form: CsvForm,
  end: boolean,
): { readonly records: readonly CsvRecord[]; readonly ends: readonly number[]; readonly used: number } {
  const { separator } = form
  const whole = wholeQuoted(lines, separator)
  const records: CsvRecord[] = []
  const ends: number[] = []
  let at = 0
  const push = (record: CsvRecord, taken: number): void => {
    at += taken
    if (!isBlank(record)) {
      records.push(record)
      ends.push(at)
    }
  }
  while (at < lines.length) {
    const first = lines[at] as Line
    const known = whole.get(at)
    if (known !== undefined) push({ cells: known }, 1)
    else if (first.broken) push({ cells: first.text.split(separator), trouble: 'not-utf-8' }, 1)
    else if (!first.text.includes(QUOTE)) push({ cells: first.text.split(separator) }, 1)
    else {
      const taken = quotedRecord(lines, at, form, end)
      if (taken === undefined) break
      push(taken.record, taken.lines)
    }
  }
  return { records, ends, used: at }
}

const isBlank = ({ cells, trouble }: CsvRecord): boolean =>
  trouble === undefined &&
  (cells[0] === undefined || cells[0].trim() === '') &&
  cells.every((cell) => cell.trim() === '')

/**
 * Lines that are quoted and whole, parsed all at once, which is many times cheaper than one by one. Where the answer is not one record a
 * line, something is wrong with one of them, and none is taken: they are then looked at singly.
 */
function wholeQuoted(lines: readonly Line[], separator: Separator): ReadonlyMap<number, readonly string[]> {
  const places = [...lines.keys()].filter((at) => {
    const { text, broken } = lines[at] as Line
    return !broken && text.includes(QUOTE) && quotesIn(text) % 2 === 0
  })
  // An open quote before a line may make it the middle of a record; then all of the group is read in order.
  const open = lines.some(({ text, broken }) => !broken && text.includes(QUOTE) && quotesIn(text) % 2 === 1)
  const records =
    open || places.length === 0
      ? undefined
      : parsed(places.map((at) => formulasQuoted((lines[at] as Line).text)).join('\n'), separator)
  return new Map(
    records?.length === places.length ? places.map((at, index) => [at, records[index] as readonly string[]]) : [],
  )
}

/**
 * The record that begins at line `at` and holds quotes: as many lines as it takes to close them, and only if that makes a row of the
 * header's width, since two slips would otherwise swallow the good rows between them. Undefined where more lines must come first.
 */
function quotedRecord(
  lines: readonly Line[],
  at: number,
  { separator, width }: CsvForm,
  end: boolean,
): { record: CsvRecord; lines: number } | undefined {
  let text = ''
  for (let count = 1; count <= MOST_LINES_OF_A_RECORD; count++) {
    const line = lines[at + count - 1]
    if (line === undefined) {
      if (!end) return undefined
      break
    }
    if (line.broken) break
    text = count === 1 ? line.text : `${text}\n${line.text}`
    if (quotesIn(text) % 2 === 0) {
      const [cells, ...more] = parsed(formulasQuoted(text), separator) ?? []
      if (cells && more.length === 0 && (count === 1 || width === undefined || cells.length === width))
        return { record: { cells }, lines: count }
      break
    }
  }
  return { record: { cells: (lines[at] as Line).text.split(separator), trouble: 'quote-broken' }, lines: 1 }
}

const quotesIn = (text: string): number => text.split(QUOTE).length - 1

// `="9132…"`, written so that a spreadsheet leaves the code alone: RFC 4180 would have the whole of it in quotes.
const FORMULA = /(^|[,;\t])="([^"]*)"(?=$|[,;\t])/g
const formulasQuoted = (text: string): string =>
  text.includes('="') ? text.replace(FORMULA, (_, before: string, value: string) => `${before}"=""${value}"""`) : text

function parsed(text: string, delimiter: Separator): readonly (readonly string[])[] | undefined {
  try {
    return parse(text, { relax_column_count: true, delimiter, skip_empty_lines: false })
  } catch {
    return undefined
  }
}
