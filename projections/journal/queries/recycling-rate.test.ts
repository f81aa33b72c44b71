import fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentOf } from './recycling-rate.ts'

test.each([
  [2, 3, '66.67'],
  [1, 3, '33.33'],
  [1, 8, '12.50'],
  [0, 5, '0.00'],
  [5, 5, '100.00'],
  [1, 0, null],
  // Half of a hundredth goes up: 12.345 %, and the exact fraction just below it does not.
  [12_345, 100_000, '12.35'],
  [1_234_499, 10_000_000, '12.34'],
  [9_007_199_254_740_991, 9_007_199_254_740_991, '100.00'],
  // 武汉 2010, 13,372,700 t of 13,563,500 t: 98.59 %.
  [13_372_700, 13_563_500, '98.59'],
])('%i of %i is %s per cent', (numerator, denominator, percent) => {
  expect(percentOf(numerator, denominator)).toBe(percent)
})

test('a percentage is never further from the fraction than half a hundredth', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (a, denominator) => {
      const numerator = a % (denominator + 1)
      const hundredths = BigInt((percentOf(numerator, denominator) ?? '').replace('.', ''))
      // |hundredths / 10000 - n / d| <= 1 / 20000, times 20000 d.
      const off = 2n * hundredths * BigInt(denominator) - 20_000n * BigInt(numerator)
      expect(off <= BigInt(denominator) && off > -BigInt(denominator)).toBe(true)
    }),
  )
})
