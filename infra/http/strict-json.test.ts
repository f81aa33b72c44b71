import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MalformedJson, MAX_DEPTH, parseStrictJson } from './strict-json.ts'

const read = (text: string) => parseStrictJson(Buffer.from(text))
const refusalOf = (body: string | Buffer): string => {
  try {
    parseStrictJson(Buffer.from(body as string))
    return 'taken'
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error
    return `${error.reason} ${error.pointer}`.trim()
  }
}

test('every value that JSON can say faithfully is read as JSON.parse reads it', () => {
  const plain = (value: unknown): boolean => !/__proto__|constructor|prototype|\\u0000/.test(JSON.stringify(value))
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }).filter(plain), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent)
      // Doubles of 16 and 17 digits are refused on purpose; see the test of long numbers.
      fc.pre(refusalOf(text).split(' ')[0] !== 'number-out-of-range')
      expect(read(text)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  ['the same key twice', '{"grams":1,"grams":2}', 'duplicate-key /grams'],
  [
    'the same key twice, once with an escape',
    '{"lines":[{"a":1},{"grams":1,"gr\\u0061ms":2}]}',
    'duplicate-key /lines/1/grams',
  ],
  ['a key that reaches the prototype', '{"a":{"__proto__":{"roles":["admin"]}}}', 'forbidden-key /a/__proto__'],
  ['the same with an escape', '{"\\u005f_proto__":1}', 'forbidden-key /__proto__'],
  ['a key that reaches the constructor', '{"constructor":{}}', 'forbidden-key /constructor'],
  ['NUL', '{"name":"a\\u0000b"}', 'forbidden-character /name'],
  ['a lone surrogate', '{"name":"\\ud800"}', 'forbidden-character /name'],
  ['a lone surrogate in a key', '{"\\udc00":1}', 'forbidden-character /'],
  ['1e400', '{"grams":1e400}', 'number-out-of-range /grams'],
  ['-1e400', '[0,-1e400]', 'number-out-of-range /1'],
  ['a number that is quietly zero', '{"grams":1e-400}', 'number-out-of-range /grams'],
  ['an integer that no double holds', '{"grams":9007199254740993}', 'number-out-of-range /grams'],
  ['a fraction that a double rounds to a whole number', '{"grams":1.00000000000000001}', 'number-out-of-range /grams'],
  ['NaN', '{"grams":NaN}', 'not-json'],
  ['an empty body', '', 'not-json'],
  ['half a body', '{"grams":', 'not-json'],
  ['a trailing comma', '{"grams":1,}', 'not-json'],
  ['two bodies', '{}{}', 'not-json'],
  ['a raw control character', '{"name":"a\u0000b"}', 'not-json'],
])('refused: %s', (_, body, reason) => {
  expect(refusalOf(body)).toBe(reason)
})

test('bytes that are no UTF-8 are refused', () => {
  expect(refusalOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe('not-utf-8')
  expect(refusalOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe('not-utf-8')
})

test('nesting is taken up to its limit, and a bomb of brackets is refused', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(refusalOf(nested(MAX_DEPTH))).toBe('taken')
  expect(refusalOf(nested(MAX_DEPTH + 1))).toMatch(/^too-deep/)
  expect(refusalOf(nested(120_000))).toMatch(/^too-deep/)
})

test('the same key in different objects, and a string that equals a key, are no duplicates', () => {
  expect(read('{"a":{"b":1},"c":{"b":"a"},"d":["a","a"]}')).toEqual({ a: { b: 1 }, c: { b: 'a' }, d: ['a', 'a'] })
})

test('long numbers are taken where a double holds them', () => {
  expect(read('[9007199254740991, -9007199254740991, 0.10, 100000000000000000000, 1e3, 1.5e-3]')).toEqual([
    9007199254740991, -9007199254740991, 0.1, 1e20, 1000, 0.0015,
  ])
})
