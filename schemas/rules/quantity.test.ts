import { describe, expect, test } from 'vitest'
import { law } from './law.ts'

const ON = '2025-12-01'
const read = (text: string, { mayBeZero = false, day = ON } = {}) => law.ask('ReadMass', { text, mayBeZero, day })

describe('R27: a quantity is a positive number of at most four decimals', () => {
  test.each(['0.0305', '12.3400000'])('%s t are a mass', (text) => {
    expect(read(text)).toEqual([])
  })

  test.each(['0', '-0.1', '0.00001', '', 'abc', '1e400', 'NaN', '１', '0①', '0.0000'])('%j is refused', (text) => {
    expect(read(text)).toEqual([{ rule: 'R27', severity: 'BLOCK', pointer: '', facts: { value: text }, day: ON }])
  })

  test('what was accepted, made, left over or lost may be nothing', () => {
    expect(read('0.0', { mayBeZero: true })).toEqual([])
    expect(read('-1', { mayBeZero: true })).toHaveLength(1)
  })

  test('it holds on any day, so that a mass is never neither read nor refused', () => {
    expect(read('x', { day: '0001-01-01' })).toHaveLength(1)
  })

  test('a text of any length is quoted in part', () => {
    expect(read('9'.repeat(1_000_000))).toMatchObject([{ facts: { value: '9'.repeat(40) } }])
  })
})
