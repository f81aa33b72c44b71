import { describe, expect, test } from 'vitest'
import { readTonnes, unitOfMeasureFindings } from './quantity.ts'

const ON = '2025-12-01'

describe('R26: quantities are in tonnes', () => {
  test.each([
    ['吨', undefined],
    ['t', undefined],
    ['桶', '0.2 吨/桶'],
    ['立方米', '密度 1.1 吨/立方米'],
  ])('%s with conversion %s is right', (unit, conversion) => {
    expect(unitOfMeasureFindings({ unit, conversion }, ON, '/计量单位')).toEqual([])
  })

  test.each([
    ['桶', undefined],
    ['', undefined],
    ['', '0.2'],
    ['kg', ''],
  ])('%j with conversion %s is refused', (unit, conversion) => {
    expect(unitOfMeasureFindings({ unit, conversion }, ON, '/计量单位')).toEqual([
      { rule: 'R26', severity: 'BLOCK', pointer: '/计量单位', facts: { unit } },
    ])
  })
})

describe('R27: a quantity is a positive number of at most four decimals', () => {
  test.each([
    ['0.0305', 30_500],
    ['12.3400000', 12_340_000],
  ])('%s t are read as %i g', (text, grams) => {
    expect(readTonnes(text, ON, '/产生量')).toEqual({ grams })
  })

  test.each(['0', '-0.1', '0.00001', '', 'abc', '1e400', 'NaN', '１', '0.0000'])('%j is refused', (text) => {
    expect(readTonnes(text, ON, '/产生量')).toEqual({
      findings: [{ rule: 'R27', severity: 'BLOCK', pointer: '/产生量', facts: { value: text } }],
    })
  })

  test('what was accepted, made, left over or lost may be nothing', () => {
    expect(readTonnes('0.0', ON, '/接受量', { mayBeZero: true })).toEqual({ grams: 0 })
    expect(readTonnes('-1', ON, '/接受量', { mayBeZero: true })).toHaveProperty('findings')
  })

  test('it holds on any day, so that a mass is never neither read nor refused', () => {
    expect(readTonnes('x', '0001-01-01', '')).toHaveProperty('findings.0.rule', 'R27')
  })

  test('a text of any length is quoted in part', () => {
    expect(readTonnes('9'.repeat(1_000_000), ON, '')).toMatchObject({
      findings: [{ facts: { value: '9'.repeat(40) } }],
    })
  })
})
