import { parse } from 'csv-parse/sync'

/** One record of a file as text, or why it could not be read as one. Cells are as written; nothing is trimmed yet. */
export interface CsvRecord {
  readonly cells: readonly string[]
  readonly trouble?: 'not-utf-8' | 'quote-broken'
}

export interface CsvSigns {
  bom: boolean
  crlf: boolean
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossy = new TextDecoder('utf-8', { ignoreBOM: true })
const LF = 0x0a
const QUOTE = '"'
// A quoted cell may hold line breaks, but a quote that nobody closes must not swallow the rest of the book.
const MOST_LINES_OF_A_RECORD = 20

interface Line {
  readonly text: string
  readonly utf8: boolean
}

/**
 * The records of a CSV file, in order, in small groups; a record that is broken or not UTF-8 comes as its own trouble and costs no
 * other. Lines without a quotation mark are split at their commas, which is all that RFC 4180 asks of them; csv-parse does the rest.
 */
export async function* csvRecords(
  bytes: AsyncIterable<Uint8Array>,
  signs: CsvSigns,
): AsyncGenerator<readonly CsvRecord[]> {
  let open: Line[] = []
  let width: number | undefined
  for await (const lines of textLines(bytes, signs)) {
    const pending = [...open, ...lines]
    const { records, used } = recordsOf(pending, width, false)
    open = pending.slice(used)
    width ??= records[0]?.cells.length
    yield records
  }
  yield recordsOf(open, width, true).records
}

/** `width`: number of columns in the header, once it is known. */
function recordsOf(
  lines: readonly Line[],
  width: number | undefined,
  end: boolean,
): { records: readonly CsvRecord[]; used: number } {
  const whole = wholeQuoted(lines)
  const records: CsvRecord[] = []
  let at = 0
  while (at < lines.length) {
    const first = lines[at] as Line
    const known = whole.get(at)
    if (known !== undefined) {
      records.push({ cells: known })
      at++
    } else if (!first.utf8) {
      records.push({ cells: first.text.split(','), trouble: 'not-utf-8' })
      at++
    } else if (!first.text.includes(QUOTE)) {
      if (first.text.trim() !== '') records.push({ cells: first.text.split(',') })
      at++
    } else {
      const taken = quotedRecord(lines, at, width ?? records[0]?.cells.length, end)
      if (taken === undefined) break
      records.push(taken.record)
      at += taken.lines
    }
  }
  return { records, used: at }
}

/**
 * Lines that are quoted and whole, parsed all at once, which is many times cheaper than one by one. Where the answer is not one record a
 * line, something is wrong with one of them, and none is taken: they are then looked at singly.
 */
function wholeQuoted(lines: readonly Line[]): ReadonlyMap<number, readonly string[]> {
  const places = [...lines.keys()].filter((at) => {
    const { text, utf8 } = lines[at] as Line
    return utf8 && text.includes(QUOTE) && quotesIn(text) % 2 === 0
  })
  // An open quote before a line may make it the middle of a record; then all of the group is read in order.
  const open = lines.some(({ text, utf8 }) => utf8 && text.includes(QUOTE) && quotesIn(text) % 2 === 1)
  const records =
    open || places.length === 0 ? undefined : parsed(places.map((at) => (lines[at] as Line).text).join('\n'))
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
  width: number | undefined,
  end: boolean,
): { record: CsvRecord; lines: number } | undefined {
  let text = ''
  for (let count = 1; count <= MOST_LINES_OF_A_RECORD; count++) {
    const line = lines[at + count - 1]
    if (line === undefined) {
      if (!end) return undefined
      break
    }
    if (!line.utf8) break
    text = count === 1 ? line.text : `${text}\n${line.text}`
    if (quotesIn(text) % 2 === 0) {
      const [cells, ...more] = parsed(text) ?? []
      if (cells && more.length === 0 && (count === 1 || width === undefined || cells.length === width))
        return { record: { cells }, lines: count }
      break
    }
  }
  return { record: { cells: (lines[at] as Line).text.split(','), trouble: 'quote-broken' }, lines: 1 }
}

const quotesIn = (text: string): number => text.split(QUOTE).length - 1

function parsed(text: string): readonly (readonly string[])[] | undefined {
  try {
    return parse(text, { relax_column_count: true })
  } catch {
    return undefined
  }
}

async function* textLines(bytes: AsyncIterable<Uint8Array>, signs: CsvSigns): AsyncGenerator<readonly Line[]> {
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  let fed = false
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    if (!begun && rest.length < 3) continue
    if (!begun) rest = withoutMark(rest, signs)
    begun = true
    const lines: Line[] = []
    let from = 0
    for (let to = rest.indexOf(LF); to >= 0; to = rest.indexOf(LF, from)) {
      lines.push(line(rest.subarray(from, to), signs))
      from = to + 1
    }
    rest = rest.subarray(from)
    fed ||= lines.length > 0
    yield lines
  }
  if (!begun) rest = withoutMark(rest, signs)
  if (rest.length > 0) yield fed ? [line(rest, signs)] : linesIn(rest, signs)
}

function withoutMark(start: Buffer, signs: CsvSigns): Buffer {
  signs.bom = start.length >= 3 && start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf
  return signs.bom ? start.subarray(3) : start
}

/** All the lines of a file without a line feed: one, or such as end in CR alone, as old spreadsheets write them. */
function linesIn(bytes: Buffer, signs: CsvSigns): readonly Line[] {
  const whole = line(bytes, signs)
  if (!whole.text.includes('\r')) return [whole]
  const parts = whole.text.split('\r')
  if (parts.some((part) => quotesIn(part) % 2 === 1)) return [whole]
  signs.crlf = true
  return parts.map((text) => ({ text, utf8: whole.utf8 }))
}

function line(bytes: Buffer, signs: CsvSigns): Line {
  let end = bytes.length
  if (end > 0 && bytes[end - 1] === 0x0d) {
    signs.crlf = true
    end--
  }
  const own = bytes.subarray(0, end)
  try {
    return { text: strict.decode(own), utf8: true }
  } catch {
    return { text: lossy.decode(own), utf8: false }
  }
}
