/** Why a body is no JSON that we take. `pointer` (RFC 6901) says where, as far as that is known. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson'
  readonly reason: MalformedReason
  readonly pointer: string

  constructor(reason: MalformedReason, pointer = '') {
    super(reason)
    this.reason = reason
    this.pointer = pointer
  }
}

export type MalformedReason =
  | 'not-utf-8'
  | 'not-json'
  | 'too-deep'
  | 'duplicate-key'
  | 'forbidden-key'
  | 'forbidden-character'
  | 'number-out-of-range'

/** No command nests deeper than ten; what does is made to exhaust a stack. */
export const MAX_DEPTH = 32

/** Keys that reach a prototype once an object is merged or walked. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

// A double carries 15 significant decimal digits faithfully (C11 5.2.4.2.2, DBL_DIG); a longer number may be read as another one.
const FAITHFUL_DIGITS = 15

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a body as I-JSON (RFC 7493) and a little stricter: UTF-8 only, no duplicate keys, no keys that touch prototypes, no NUL, no
 * lone surrogates, no number that a double cannot hold, and no nesting beyond `MAX_DEPTH`. What JSON.parse would quietly change or
 * drop never reaches a schema.
 * @throws MalformedJson
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new MalformedJson('not-utf-8')
  }
  let value: unknown
  try {
    // V8 parses without recursion, so even a body of nothing but brackets is safe here; the scan below refuses it.
    value = JSON.parse(text)
  } catch {
    throw new MalformedJson('not-json')
  }
  scan(text)
  return value
}

interface Open {
  /** Keys seen so far; undefined in an array. */
  readonly keys: Set<string> | undefined
  key: string
  index: number
}

/**
 * One pass over a text that JSON.parse accepted: its grammar is known to be right, so tokens can be told apart by their first
 * character, and a string is a key exactly where its object waits for one.
 */
function scan(text: string): void {
  const open: Open[] = []
  let awaitsKey = false
  for (let at = 0; at < text.length; at++) {
    const top = open.at(-1)
    switch (text.charAt(at)) {
      case '{':
      case '[':
        if (open.length === MAX_DEPTH) throw new MalformedJson('too-deep', pointer(open))
        awaitsKey = text[at] === '{'
        open.push({ keys: awaitsKey ? new Set() : undefined, key: '', index: 0 })
        break
      case '}':
      case ']':
        open.pop()
        awaitsKey = false
        break
      case ',':
        if (!top) break
        top.index++
        awaitsKey = top.keys !== undefined
        break
      case '"': {
        const end = endOfString(text, at)
        const content = stringOf(text, at, end, open)
        if (awaitsKey && top?.keys) takeKey(content, top, top.keys, open)
        awaitsKey = false
        at = end
        break
      }
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9': {
        const token = numberAt(text, at)
        if (!isFaithful(token)) throw new MalformedJson('number-out-of-range', pointer(open))
        at += token.length - 1
      }
    }
  }
}

function takeKey(key: string, object: Open, keys: Set<string>, open: readonly Open[]): void {
  object.key = key
  if (FORBIDDEN_KEYS.has(key)) throw new MalformedJson('forbidden-key', pointer(open))
  if (keys.has(key)) throw new MalformedJson('duplicate-key', pointer(open))
  keys.add(key)
}

/** Index of the closing quote of the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; ; end++) {
    if (text[end] === '"') return end
    if (text[end] === '\\') end++
  }
}

/** Raw NUL is no JSON and a UTF-8 text holds no lone surrogate, so only escapes can bring either in. */
function stringOf(text: string, at: number, end: number, open: readonly Open[]): string {
  const raw = text.slice(at + 1, end)
  if (!raw.includes('\\')) return raw
  const content = JSON.parse(text.slice(at, end + 1)) as string
  if (content.includes('\u0000') || /\p{Surrogate}/u.test(content))
    throw new MalformedJson('forbidden-character', pointer(open))
  return content
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function numberAt(text: string, at: number): string {
  NUMBER.lastIndex = at
  return NUMBER.exec(text)?.[0] ?? ''
}

/** Whether the double that JSON.parse made of this number is the number that was written. */
function isFaithful(token: string): boolean {
  if (token.length <= FAITHFUL_DIGITS && !/[eE]/.test(token)) return true
  const value = Number(token)
  if (!Number.isFinite(value)) return false
  const digits = token
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '')
  // 1e-400 is not zero, though its double is.
  if (value === 0) return digits === ''
  return digits.length <= FAITHFUL_DIGITS || (/^-?\d+$/.test(token) && Number.isSafeInteger(value))
}

function pointer(open: readonly Open[]): string {
  return open
    .map(({ keys, key, index }) => `/${keys ? key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1') : index}`)
    .join('')
}
