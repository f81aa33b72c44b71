import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minus, plus, printable, quotient, total, totalOf, type Total } from './total.ts'

const MAX = Number.MAX_SAFE_INTEGER
const totals: fc.Arbitrary<Total> = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(total)
const near: fc.Arbitrary<Total> = fc.bigInt({ min: BigInt(MAX) - 3n, max: BigInt(MAX) + 3n }).map(total)

describe('a total is exact', () => {
  test('in every sum and difference, and equal ones are the same', () => {
    fc.assert(
      fc.property(fc.oneof(totals, near), fc.oneof(totals, near, fc.integer()), (a, b) => {
        expect(plus(a, b)).toBe(total(BigInt(a) + BigInt(b)))
        expect(minus(a, b)).toBe(total(BigInt(a) - BigInt(b)))
        expect(minus(plus(a, b), b)).toBe(a)
        expect(totalOf(String(a))).toBe(a)
      }),
    )
  })

  test('and a number exactly as far as numbers are', () => {
    expect(plus(MAX - 1, 1)).toBe(MAX)
    expect(plus(MAX, 1)).toBe(2n ** 53n)
    expect(minus(2n ** 53n, 1)).toBe(MAX)
    expect([printable(MAX), printable(2n ** 53n)]).toEqual([MAX, '9007199254740992'])
  })

  test('a quotient is that of the exact fraction', () => {
    expect(quotient(1, 3)).toBe(1 / 3)
    expect(quotient(10n ** 20n, 3n * 10n ** 20n)).toBe(1 / 3)
    expect(quotient(2n ** 60n + 1n, 2n ** 60n)).toBe(1)
  })
})
