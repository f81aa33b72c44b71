import { describe, expect, test } from 'vitest'
import { methods } from '../catalogues/methods.ts'
import { isRecovery, ratesStayWithinTheWhole, recyclingFormula } from './indicators.ts'
import { judge } from './row.ts'

const ON = '2025-12-31'

test('the formula counts as 利用 what the list of methods calls 利用, and nothing else', () => {
  const formula = recyclingFormula('industrial', ON)
  expect(methods.filter(({ code, kind }) => isRecovery(code, formula) !== (kind === 'recovery'))).toEqual([])
  expect(['R10', 'D5', 'R', ''].filter((code) => isRecovery(code, formula))).toEqual([])
})

describe('R98: a rate lies between nothing and the whole', () => {
  const judged = (numerator: number, denominator: number) =>
    judge(ratesStayWithinTheWhole, { numerator, denominator }, ON)

  test('武汉 2010 with its stock of earlier years does', () => {
    expect(judged(13_372_700, 13_248_400 + 315_100)).toEqual([])
    expect(judged(0, 0)).toEqual([])
  })

  test('without that stock in the denominator it is more than the whole', () => {
    expect(judged(13_372_700, 13_248_400)).toMatchObject([
      { rule: 'R98', facts: { numerator: 13_372_700, denominator: 13_248_400 } },
    ])
  })
})
