import { describe, expect, test } from 'vitest'
import { Day } from '../values/time.ts'
import { placeholdersOf } from '../texts/fill.ts'
import { ruleCatalogue, ruleRow } from './catalogue.ts'
import { inForce, type RuleRow } from './rule.ts'

const HAN = /\p{Script=Han}/u

test('the rules of this slice are there, each once, in the order of their numbers', () => {
  const needed = [
    'R01',
    'R02',
    'R03',
    'R05',
    'R06',
    'R08',
    'R09',
    'R17',
    'R18',
    'R20',
    'R21',
    'R26',
    'R27',
    'R28',
    'R29',
    'R31',
    'R47',
    'R48',
    'R49',
    'R52',
    'R53',
    'R54',
    'R55',
    'R56',
    'R57',
    'R58',
    'R59',
    'R69',
    'R70',
    'R72',
    'R74',
    'R77',
    'R98',
    'R99',
    'R106',
    'R107',
  ]
  const ids: readonly string[] = ruleCatalogue.map(({ id }) => id)
  expect(needed.filter((id) => !ids.includes(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(ids.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
})

describe.each(ruleCatalogue.map((row): [string, RuleRow] => [row.id, row]))('%s', (id, row) => {
  test('is found by its number', () => {
    expect(id).toMatch(/^R\d{2,3}$/)
    expect(ruleRow(id)).toBe(row)
  })

  test('names an article or says that it is our own', () => {
    expect(row.source).toMatch(HAN.test(row.source) ? HAN : /HJ|GB/)
  })

  test('speaks both languages about the same facts', () => {
    expect(row.zh).toMatch(HAN)
    expect(row.en.length).toBeGreaterThan(10)
    expect(row.en).not.toMatch(HAN)
    expect(placeholdersOf(row.en)).toEqual(placeholdersOf(row.zh))
  })

  test('has days in force, and is in force for the books of December 2025', () => {
    expect(Day.safeParse(row.effective.from).success).toBe(true)
    expect(row.effective.to === undefined || row.effective.from <= row.effective.to).toBe(true)
    expect(inForce(row, '2025-12-06')).toBe(true)
  })
})

test('a number that is no rule finds nothing', () => {
  expect(ruleRow('R999')).toBeUndefined()
  expect(ruleRow('constructor')).toBeUndefined()
})
