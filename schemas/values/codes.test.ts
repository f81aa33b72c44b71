import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeBatchCode, parseBatchCode, type BatchKind } from './batch-code.ts'
import { composeLabelCode, parseLabelCode } from './label-code.ts'
import { parseManifestNumber } from './manifest-number.ts'
import { creditCodeFault, GivenUnitCode, hasValidCheckDigit, UnitCode } from './unit-code.ts'

const day = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const serial = fc.integer({ min: 1, max: 999 })

describe('统一社会信用代码', () => {
  test.each(['91350100M000100Y43', '914403001922038216'])('%s bears its check digit', (code) => {
    expect(hasValidCheckDigit(code)).toBe(true)
  })

  test.each([
    '91310115MA1H8R7C6D',
    '91350100M000100Y44',
    '91350100M000100Y4',
    '91350100M000100Y4３',
    '91350100I000100Y43',
    '',
  ])('%s does not', (code) => {
    expect(hasValidCheckDigit(code)).toBe(false)
  })

  // The forms of 农民专业合作社 (N), other bodies (Y) and of the military (A) are lawful; positions 3 to 8 name who registered the unit.
  test.each([
    '91350100M000100Y43',
    '914403001922038216',
    'N2350100M000100Y4J',
    'Y1350100M000100Y4D',
    'A1350100M000100Y42',
  ])('%s is sound', (code) => {
    expect(creditCodeFault(code)).toBeUndefined()
  })

  test.each([
    ['B1350100M000100Y41', 'credit-code-department'],
    ['01350100M000100Y45', 'credit-code-department'],
    ['91350100M000100Y44', 'credit-code-check'],
    ['913205942CL12TH3BX', 'organisation-check'],
    ['91350100M000100Y4', 'credit-code-form'],
    ['91350100M000100YI3', 'credit-code-form'],
  ])('%s is wrong: %s', (code, fault) => {
    expect(creditCodeFault(code)).toBe(fault)
  })

  test.each([
    '91350100m000100y43',
    '９１３５０１００M000100Y43',
    '91350100-M000100Y-43',
    ' 9135 0100 M000 100Y 43\u3000',
  ])('%s is read as 91350100M000100Y43', (typed) => {
    expect(GivenUnitCode.parse(typed)).toBe('91350100M000100Y43')
  })

  test('every single wrong character and every exchange of neighbours is found out', () => {
    const valid = '91350100M000100Y43'
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 17 }), fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]$/), (at, wrong) => {
        const changed = valid.slice(0, at) + wrong + valid.slice(at + 1)
        expect(hasValidCheckDigit(changed)).toBe(changed === valid)
      }),
    )
    for (let i = 0; i + 1 < 18; i++) {
      const exchanged = valid.slice(0, i) + valid[i + 1] + valid[i] + valid.slice(i + 2)
      expect(hasValidCheckDigit(exchanged)).toBe(exchanged === valid)
    }
  })

  test('a code by form alone may still lack its check digit', () => {
    expect(UnitCode.safeParse('91310115MA1H8R7C6D').success).toBe(true)
    expect(UnitCode.safeParse('91310115MA1H8R7C6').success).toBe(false)
  })
})

describe('数字识别码', () => {
  const printed = '913205942CL12TH3BX9004040620251201001'

  test('a label says unit, waste, day and package', () => {
    expect(parseLabelCode(printed)).toEqual({
      unit: '913205942CL12TH3BX',
      code: '900-404-06',
      day: '2025-12-01',
      serial: 1,
    })
  })

  test.each([
    ['a day that no calendar has', '913205942CL12TH3BX9004040620250230001'],
    ['package 000', '913205942CL12TH3BX9004040620251201000'],
    ['38 characters', `${printed}1`],
    ['36 characters', printed.slice(0, -1)],
    ['lower case', printed.toLowerCase()],
    ['full-width digits', printed.replace('2025', '２０２５')],
    ['a line break at the end', `${printed}\n`],
  ])('%s is no label', (_, text) => {
    expect(parseLabelCode(text)).toBeUndefined()
  })

  test('what is composed reads back', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]{18}$/),
        fc.stringMatching(/^\d{3}-\d{3}-\d{2}$/),
        day,
        serial,
        (unit, code, on, n) => {
          const label = { unit, code, day: on, serial: n }
          expect(parseLabelCode(composeLabelCode(label))).toEqual(label)
        },
      ),
    )
  })

  test('the thousandth package of a day has no code', () => {
    expect(() =>
      composeLabelCode({ unit: '913205942CL12TH3BX', code: '900-404-06', day: '2025-12-01', serial: 1000 }),
    ).toThrow(RangeError)
  })
})

describe('R25: batch codes', () => {
  test.each([
    ['HWCS20251201001', 'generation'],
    ['HWRK20251201001', 'store-in'],
    ['HWCK20251201001', 'store-out'],
    ['HWCKLY20251201001', 'exported-recovery'],
    ['HWCKCZ20251201001', 'exported-disposal'],
    ['HWZXLY20251201001', 'own-recovery'],
    ['HWWWCZ20251201001', 'contracted-disposal'],
    ['CC20251201001', 'general-out'],
    ['CS20251201001', 'general-generation'],
    ['CZ20251201001', 'general-own-disposal'],
    ['hwcs20251201001', 'generation'],
  ])('%s is of %s', (text, kind) => {
    expect(parseBatchCode(text)).toEqual({ kind, day: '2025-12-01', serial: 1 })
  })

  test.each([
    'HWCS20251301001',
    'HWCS20250230001',
    'HWCS2025120101',
    'HWCS202512010001',
    'HWXX20251201001',
    'HWCS20251201000',
    ' HWCS20251201001',
  ])('%s is none', (text) => {
    expect(parseBatchCode(text)).toBeUndefined()
  })

  test('what is composed reads back as the same link of the chain', () => {
    const kinds: readonly BatchKind[] = [
      'generation',
      'store-in',
      'store-out',
      'exported-recovery',
      'exported-disposal',
      'own-recovery',
      'own-disposal',
      'contracted-recovery',
      'contracted-disposal',
      'general-out',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...kinds), day, serial, (kind, on, n) => {
        expect(parseBatchCode(composeBatchCode({ kind, day: on, serial: n }))).toEqual({ kind, day: on, serial: n })
      }),
    )
    expect(() => composeBatchCode({ kind: 'generation', day: '2025-12-01', serial: 1000 })).toThrow(RangeError)
  })
})

describe('联单编号', () => {
  test('fourteen digits say year, city and serial', () => {
    expect(parseManifestNumber('20253205000001')).toEqual({ year: 2025, division: '3205', serial: 1 })
  })

  test.each(['2025320500001', '202532050000011', '19253205000001', '2025320500000A', '２０２５3205000001', ''])(
    '%s is none',
    (text) => {
      expect(parseManifestNumber(text)).toBeUndefined()
    },
  )
})
