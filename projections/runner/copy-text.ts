import type { Cell } from '../projection.ts'

/** Rows as lines of COPY's text format (PostgreSQL, COPY: Text Format), in the bytes that are sent. */
export interface CopyText {
  add(row: readonly Cell[]): void
  /** Bytes since they were last taken. */
  size(): number
  take(): Buffer
}

const TAB = 0x09
const LINE_FEED = 0x0a
const BACKSLASH = 0x5c
const ZERO = 0x30
const [NULL, TRUE, FALSE] = [0x4e, 0x74, 0x66]

// What follows the backslash, by the character that must not stand for itself.
const ESCAPES: Readonly<Record<string, string>> = { '\t': 't', '\n': 'n', '\r': 'r', '\\': '\\' }
const escaped = (text: string): string => text.replaceAll(/[\t\n\r\\]/g, (sign) => `\\${ESCAPES[sign]}`)
/** The same by character codes, 0 for what is written as it is. */
const LETTERS = Uint8Array.from({ length: 128 }, (_, code) =>
  (ESCAPES[String.fromCharCode(code)] ?? '\0').charCodeAt(0),
)

// Below this a loop over the characters is done before a call out of JavaScript would have begun.
const SHORT = 128
const LONGEST_NUMBER = 32

/**
 * Opens an empty text; `chunk` is the size it is likely to be taken at. Bytes are written one by one, because strings of cells, of rows and of chunks would
 * each be made, copied into the next and left to the collector: for a rebuild that was more work than the server has with the rows.
 */
export function openCopyText(chunk: number): CopyText {
  let bytes = Buffer.allocUnsafe(chunk)
  let at = 0

  function reserve(more: number): void {
    if (at + more <= bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * bytes.length, at + more))
    bytes.copy(grown, 0, 0, at)
    bytes = grown
  }

  function addText(text: string): void {
    // A unit of UTF-16 is at most three bytes of UTF-8, and two where it is escaped.
    reserve(3 * text.length)
    let i = 0
    if (text.length <= SHORT) {
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i)
        if (code >= LETTERS.length) break
        const letter = LETTERS[code] ?? 0
        if (letter !== 0) bytes[at++] = BACKSLASH
        bytes[at++] = letter === 0 ? code : letter
      }
    }
    if (i < text.length) at += bytes.write(escaped(text.slice(i)), at)
  }

  function addNumber(number: number): void {
    reserve(LONGEST_NUMBER)
    if (!Number.isSafeInteger(number) || number < 0) {
      at += bytes.write(String(number), at)
      return
    }
    let digits = 1
    for (let power = 10; number >= power; power *= 10) digits++
    at += digits
    for (let [end, left] = [at, number]; end > at - digits; left = Math.floor(left / 10))
      bytes[--end] = ZERO + (left % 10)
  }

  function addCell(cell: Cell): void {
    switch (typeof cell) {
      case 'string':
        return addText(cell)
      case 'number':
        return addNumber(cell)
      case 'bigint':
        return addText(String(cell))
      case 'boolean':
        reserve(1)
        bytes[at++] = cell ? TRUE : FALSE
        return
      default:
        reserve(2)
        bytes[at++] = BACKSLASH
        bytes[at++] = NULL
    }
  }

  return {
    add(row) {
      for (let i = 0; i < row.length; i++) {
        addCell(row[i] ?? null)
        reserve(1)
        bytes[at++] = i === row.length - 1 ? LINE_FEED : TAB
      }
    },
    size: () => at,
    take() {
      const taken = bytes.subarray(0, at)
      bytes = Buffer.allocUnsafe(chunk)
      at = 0
      return taken
    },
  }
}
