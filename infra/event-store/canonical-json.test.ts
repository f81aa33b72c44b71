import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

// The package's types describe an ES module that it is not.
const reference = canonicalize as unknown as (value: unknown) => string | undefined

const wide = fc.dictionary(fc.string(), fc.integer(), { minKeys: 25, maxKeys: 60 })
const values = fc.oneof(
  fc.jsonValue({ stringUnit: 'binary' }),
  wide,
  fc.record({ a: fc.constantFrom(undefined, 1e21, 1e-7, -0), b: fc.date() }),
)

test('any JSON is written as the reference implementation writes it', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(canonicalJson(value)).toBe(reference(value))
    }),
    { numRuns: 3_000, seed: 1 },
  )
})

test('the example of RFC 8785, 3.2.2', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('what JSON does not know is refused, and what it leaves out is left out', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n])
    expect(() => canonicalJson({ value })).toThrow(TypeError)
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  expect(() => canonicalJson(cycle)).toThrow(RangeError)
  expect(canonicalJson({ left: undefined, out: () => 1, list: [undefined] })).toBe('{"list":[null]}')
  expect(canonicalJson(undefined)).toBeUndefined()
})
