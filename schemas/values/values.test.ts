import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatTonnes, grams, Grams, MovedGrams, parseTonnes } from './mass.ts'
import { accountKey, lineDocument, Place } from './place.ts'
import { businessDay, compareMoments, Day, Moment, yearOf } from './time.ts'

describe('mass', () => {
  test.each([
    ['0.0305', 30_500],
    ['1.343', 1_343_000],
    ['2', 2_000_000],
    ['0', 0],
    ['0.0001', 100],
    ['1.50000000', 1_500_000],
    ['999999999.9999', 999_999_999_999_900],
  ])('%s t are %i g', (text, mass) => {
    expect(parseTonnes(text)).toBe(mass)
  })

  test.each([
    '',
    ' 1',
    '1 ',
    '-1',
    '+1',
    '1e3',
    '1e400',
    '.5',
    '1.',
    '0.00001',
    '1.00001',
    '1,5',
    '１',
    'NaN',
    'Infinity',
    '0x10',
    '1\n',
    '9999999999',
    '1.2.3',
    'null',
  ])('%j is no mass in tonnes', (text) => {
    expect(parseTonnes(text)).toBeUndefined()
  })

  test('tonnes as printed read back as the same grams, however many there are of whole hundreds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999_999 }), (hundreds) => {
        expect(parseTonnes(formatTonnes(hundreds * 100))).toBe(hundreds * 100)
      }),
    )
  })

  test('printing loses nothing: the digits are the grams', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (mass) => {
        const [whole = '', part = ''] = formatTonnes(mass).split('.')
        expect(BigInt(whole.replace('-', '')) * 1_000_000n + BigInt(part.padEnd(6, '0'))).toBe(BigInt(Math.abs(mass)))
        expect(part.endsWith('0')).toBe(false)
        expect(whole.startsWith('-')).toBe(mass < 0)
      }),
    )
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is a fault, not a mass', (value) => {
    expect(() => grams(value)).toThrow(RangeError)
    expect(Grams.safeParse(value).success).toBe(false)
  })

  test('what moves is more than nothing', () => {
    expect(MovedGrams.safeParse(0).success).toBe(false)
    expect(Grams.safeParse(0).success).toBe(true)
  })
})

describe('time', () => {
  test.each([
    ['2025-12-06T08:52:00+08:00', '2025-12-06'],
    ['2025-12-06T00:00:00+08:00', '2025-12-06'],
    ['2025-12-05T16:00:00Z', '2025-12-06'],
    ['2025-12-05T15:59:59.999Z', '2025-12-05'],
    ['2025-12-31T23:30:00-08:00', '2026-01-01'],
  ])('the business day of %s is %s', (moment, day) => {
    expect(businessDay(moment)).toBe(day)
  })

  test('the business day does not depend on the offset that a moment is written in', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1992-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (instant, offset) => {
          const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1)
          const sign = offset < 0 ? '-' : '+'
          const pad = (n: number) => String(Math.floor(n)).padStart(2, '0')
          const moment = `${local}${sign}${pad(Math.abs(offset) / 60)}:${pad(Math.abs(offset) % 60)}`
          expect(businessDay(moment)).toBe(businessDay(instant.toISOString()))
          expect(compareMoments(moment, instant.toISOString())).toBe(0)
        },
      ),
    )
  })

  test.each([
    '2025-02-29T00:00:00+08:00',
    '2025-12-06T24:00:00+08:00',
    '2025-12-06 08:52:00+08:00',
    '2025-12-06T08:52:00',
    '2025-12-06',
    '2025-13-01T00:00:00Z',
  ])('%s is no moment', (text) => {
    expect(Moment.safeParse(text).success).toBe(false)
  })

  test('a day is one of the calendar', () => {
    expect(Day.safeParse('2024-02-29').success).toBe(true)
    expect(Day.safeParse('2025-02-29').success).toBe(false)
    expect(yearOf('2025-12-06')).toBe(2025)
  })
})

describe('place', () => {
  const words = fc.stringMatching(/^[0-9A-Za-z#-]{1,12}$/)
  const place = fc.record(
    { at: fc.constantFrom('collection' as const, 'transport' as const), holder: words, place: words, document: words },
    { requiredKeys: ['at', 'holder', 'place'] },
  ) as fc.Arbitrary<Place>

  test('two places share an account only where they are the same', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(accountKey(a) === accountKey(b)).toBe(
          JSON.stringify([a.at, a.holder, a.place, a.document ?? '']) ===
            JSON.stringify([b.at, b.holder, b.place, b.document ?? '']),
        )
      }),
    )
  })

  test('a line of a manifest is one document', () => {
    expect(lineDocument('0199', 2)).toBe('0199#2')
    expect(
      Place.safeParse({
        at: 'transport',
        holder: '91350100M000100Y43',
        place: '苏E1A100',
        document: lineDocument('0199', 2),
      }).success,
    ).toBe(true)
  })
})
