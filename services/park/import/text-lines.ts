import { decodeLine, lineEndOf, signatureOf, type Encoding } from './encoding.ts'

/** One line of a file, without its end. `broken`: its bytes are no text of the file's encoding; `text` is then what can be read of them. */
export interface Line {
  readonly text: string
  readonly broken: boolean
}

/** What was noticed about a file while its lines were read. */
export interface TextSigns {
  encoding: Encoding
  bom: boolean
  crlf: boolean
}

const CR = 0x0d
// So much is looked at before it is decided what a file was written in and how its lines end.
const SAMPLE = 1 << 16
const REPLACED = '\ufffd'
const lossy = {
  'utf-8': new TextDecoder('utf-8', { ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030'),
} as const

/** The lines of a file, in groups as its bytes come. `signs` is complete when the first group is there, `crlf` at the end. */
export async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
  signs: TextSigns,
): AsyncGenerator<readonly Line[], void, undefined> {
  let open: Buffer[] = []
  let size = 0
  let splitter: ReturnType<typeof openSplitter> | undefined
  const begin = (whole: boolean): readonly Line[] => {
    const start = Buffer.concat(open)
    open = []
    const { encoding, mark } = signatureOf(start, whole)
    signs.encoding = encoding
    signs.bom = mark > 0
    splitter = openSplitter(start.subarray(mark), signs)
    return splitter.take(start.subarray(mark))
  }
  for await (const chunk of bytes) {
    if (splitter) {
      yield splitter.take(chunk)
      continue
    }
    open.push(Buffer.from(chunk))
    size += chunk.length
    if (size >= SAMPLE) yield begin(false)
  }
  if (!splitter) yield begin(true)
  yield splitter?.end() ?? []
}

/** Cuts bytes into lines; UTF-16 goes through UTF-8, in which no byte of a letter looks like the end of a line. */
function openSplitter(start: Buffer, signs: TextSigns) {
  const { encoding } = signs
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be' ? new TextDecoder(encoding) : undefined
  const narrow = (chunk: Uint8Array): Buffer =>
    wide ? Buffer.from(wide.decode(chunk, { stream: true })) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
  const end = lineEndOf(wide ? Buffer.from(new TextDecoder(encoding).decode(start)) : start)
  if (end === CR) signs.crlf = true
  // Pieces of the line that has no end yet.
  let rest: Buffer[] = []
  const whole = (last: Buffer): Buffer => {
    if (rest.length === 0) return last
    const all = Buffer.concat([...rest, last])
    rest = []
    return all
  }
  return {
    take(bytes: Uint8Array): readonly Line[] {
      const chunk = narrow(bytes)
      const lines: Line[] = []
      let from = 0
      for (let to = chunk.indexOf(end); to >= 0; to = chunk.indexOf(end, from)) {
        lines.push(lineOf(whole(chunk.subarray(from, to)), signs, wide !== undefined))
        from = to + 1
      }
      // A copy: the reader of the file may use its buffer again.
      if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)))
      return lines
    },
    end(): readonly Line[] {
      const last = whole(wide ? Buffer.from(wide.decode()) : Buffer.alloc(0))
      return last.length === 0 ? [] : [lineOf(last, signs, wide !== undefined)]
    },
  }
}

function lineOf(bytes: Buffer, signs: TextSigns, wide: boolean): Line {
  let end = bytes.length
  if (end > 0 && bytes[end - 1] === CR) {
    signs.crlf = true
    end--
  }
  const own = bytes.subarray(0, end)
  const text = decodeLine(own, signs.encoding)
  // Half a letter of UTF-16 was replaced when it was brought to UTF-8.
  if (text !== undefined) return { text, broken: wide && text.includes(REPLACED) }
  return { text: lossy[signs.encoding === 'gb18030' ? 'gb18030' : 'utf-8'].decode(own), broken: true }
}
