import { describe, expect, test } from 'vitest'
import { Day } from '../values/time.ts'
import { placeholdersOf } from '../texts/fill.ts'
import { lawOn, ruleCatalogue, ruleRow, rules } from './catalogue.ts'
import { lawOf } from './law.ts'
import { editionOn, rule, type Edition, type Rule } from './row.ts'
import { ALWAYS } from './sources.ts'
import { timerRules } from './timers.ts'

const HAN = /\p{Script=Han}/u
const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

test('every id R01-R108 is asked, or listed with the reason why not, each once and in order', () => {
  const ids = Array.from({ length: 108 }, (_, i) => `R${String(i + 1).padStart(2, '0')}`)
  expect(ruleCatalogue.map(({ id }) => id)).toEqual(ids)
})

test('every bound rule is asked by a question, but for those that a timer raises', () => {
  const unasked = rules.filter(({ asks }) => Object.keys(asks).length === 0)
  expect(unasked).toEqual(timerRules)
})

test('what is not asked says why in both languages, and what it rests on', () => {
  for (const row of ruleCatalogue) {
    if (row.bound) continue
    expect(row.source).toMatch(/[\p{Script=Han}A-Z]/u)
    for (const { zh, en } of [row.title, row.reason]) {
      expect(zh).toMatch(HAN)
      expect(en).not.toMatch(HAN)
    }
  }
})

describe.each(rules.map((row): [string, Rule] => [row.id, row]))('%s', (id, row) => {
  test('is found by its number', () => expect(ruleRow(id)).toBe(row))

  test('names an article of each edition or says that it is our own', () => {
    for (const { source } of row.editions) expect(source).toMatch(HAN.test(source) ? HAN : /HJ|GB/)
  })

  test('speaks both languages about the same facts', () => {
    for (const { zh, en } of [row.text, ...(row.text.more ?? [])]) {
      expect(zh).toMatch(HAN)
      expect(en).not.toMatch(HAN)
      expect(placeholdersOf(en)).toEqual(placeholdersOf(zh))
    }
  })

  test('has editions that follow one another without gap or overlap, the last of them open', () => {
    row.editions.forEach(({ from, to }: Edition, i) => {
      expect(Day.safeParse(from).success).toBe(true)
      expect(to === undefined).toBe(i === row.editions.length - 1)
      if (to !== undefined) expect(row.editions[i + 1]?.from).toBe(dayAfter(to))
    })
  })

  test('is in force for the books of December 2025', () => {
    expect(editionOn(row, '2025-12-06')).toBeDefined()
  })
})

test('the article is that of the day: the law of 2020 until 2026-08-14, the Code from 2026-08-15', () => {
  expect(lawOn('R08', '2026-08-14')?.edition).toMatchObject({ source: expect.stringContaining('固废法 第80条') })
  expect(lawOn('R08', '2026-08-15')?.edition).toMatchObject({ source: expect.stringContaining('法典 第534条') })
  expect(lawOn('R47', '2026-08-15')?.edition.penalty?.zh).toContain('第1175条')
})

test('a question is answered by the rules that are bound to it, by the edition of the day, and spares a book what the row exempts', () => {
  const text = { zh: '太多', en: 'too much' }
  const planted = rule('R999', {
    title: text,
    text,
    editions: [
      { from: ALWAYS, to: '2025-12-31', source: '本项目约定', severity: 'WARN' },
      { from: '2026-01-01', source: '本项目约定', severity: 'BLOCK' },
    ],
    books: 'same',
    asks: { ReadMass: ({ text: value }) => value },
    check: (value: string) => (value === '9' ? { pointer: '', facts: {} } : undefined),
    cases: { ReadMass: [{ name: text, command: { text: '9' }, expect: 'BLOCK' }] },
  })
  const asked = (value: string, day: string) =>
    lawOf([planted as unknown as Rule]).ask('ReadMass', { text: value, mayBeZero: false, day })
  expect(asked('9', '2025-12-31')).toMatchObject([{ rule: 'R999', severity: 'WARN' }])
  expect(asked('9', '2026-01-01')).toMatchObject([{ rule: 'R999', severity: 'BLOCK' }])
  expect(asked('8', '2026-01-01')).toEqual([])
})

test('a rule without a case for its question does not compile', () => {
  const text = { zh: '太多', en: 'too much' }
  rule('R999', {
    title: text,
    text,
    editions: [{ from: ALWAYS, source: '本项目约定', severity: 'WARN' }],
    books: 'same',
    asks: { ReadMass: ({ text: value }) => value },
    check: (_value: string) => undefined,
    // @ts-expect-error the question ReadMass has no case
    cases: {},
  })
})

test('a number that is no rule finds nothing', () => {
  expect(ruleRow('R999')).toBeUndefined()
  expect(ruleRow('constructor')).toBeUndefined()
})
