/** How the bytes of a file became text. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

/** What the first bytes of a file say about it. */
export interface Signature {
  readonly encoding: Encoding
  /** Bytes of the byte order mark at its beginning. */
  readonly mark: number
}

// `gbk` is windows-936 in the WHATWG standard's older tables of Node: 101 two-byte codes come out in the private use area, without an error.
const decoders = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true }),
} as const
const LF = 0x0a
const CR = 0x0d
const ASCII = 0x80

/** Text of a line; undefined where the bytes are not of that encoding. UTF-16 is brought to UTF-8 before lines are looked for. */
export function decodeLine(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return decoders[encoding === 'gb18030' ? 'gb18030' : 'utf-8'].decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * What a file was written in, by its first bytes: its byte order mark; without one UTF-8 where most of the lines that are not plain ASCII are
 * that, and GB18030, what Excel and WPS in China call CSV, where more of them are not. One damaged line therefore does not turn a file over.
 * `whole`: nothing follows these bytes.
 */
export function signatureOf(start: Buffer, whole: boolean): Signature {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'utf-8', mark: 3 }
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 }
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf-16be', mark: 2 }
  let utf8 = 0
  let other = 0
  let gb18030 = 0
  for (const line of linesOf(start, whole)) {
    if (line.every((byte) => byte < ASCII)) continue
    if (decodeLine(line, 'utf-8') !== undefined) utf8++
    else {
      other++
      if (decodeLine(line, 'gb18030') !== undefined) gb18030++
    }
  }
  return { encoding: other > utf8 && gb18030 > 0 ? 'gb18030' : 'utf-8', mark: 0 }
}

/** Lines of the first bytes of a file; the last one, which may be cut, only where nothing follows or there is no other. */
function linesOf(start: Buffer, whole: boolean): readonly Buffer[] {
  const end = lineEndOf(start)
  const lines: Buffer[] = []
  let from = 0
  for (let to = start.indexOf(end); to >= 0; to = start.indexOf(end, from)) {
    lines.push(start.subarray(from, to))
    from = to + 1
  }
  if (whole || lines.length === 0) lines.push(start.subarray(from))
  return lines
}

/** The byte that ends lines: LF, or CR in files of old spreadsheets, which know no LF. */
export const lineEndOf = (start: Buffer): number => (!start.includes(LF) && start.includes(CR) ? CR : LF)
