import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTonnes } from '../values/mass.ts'
import { fill, printMass, printMoment, textFor } from './fill.ts'

test('a mass in grams is shown in the unit that a person would choose', () => {
  expect(fill('取用 {taken} 克，批次余量只有 {balance} 克', { taken: 1_054_001, balance: 54_000 }, 'zh')).toBe(
    '取用 1.054001 吨，批次余量只有 54 千克',
  )
  expect(fill('{taken} g taken, but the lot holds only {balance} g', { taken: 999, balance: 0 }, 'en')).toBe(
    '999 g taken, but the lot holds only 0 g',
  )
  expect(printMass(-2_500, 'en')).toBe('-2.5 kg')
})

test('a printed mass is exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 9_999_999_999 }), (hundreds) => {
      expect(parseTonnes(printMass(hundreds * 100, 'en').replace(' t', ''))).toBe(hundreds * 100)
    }),
  )
})

test('a number that is no mass keeps its unit', () => {
  expect(fill('发生 {hours} 小时后', { hours: 30 }, 'zh')).toBe('发生 30 小时后')
  expect(fill('{net} kg', { net: 5 }, 'en')).toBe('5 kg')
  expect(fill('{count} glasses', { count: 5 }, 'en')).toBe('5 glasses')
})

test('a word of the glossary is shown in the language of the text', () => {
  expect(fill('该操作由{by}办理', { by: 'consignor' }, 'zh')).toBe('该操作由移出人办理')
  expect(fill('This step belongs to the {by}', { by: 'consignor' }, 'en')).toBe('This step belongs to the consignor')
})

test('a fact that is missing or empty leaves a dash, never a brace or a fault', () => {
  expect(fill('批次 {lot} 由 {holder} 持有', { lot: '' }, 'zh')).toBe('批次 — 由 — 持有')
  expect(fill('{constructor} {toString}', {}, 'en')).toBe('— —')
})

test('moments are shown in one zone, whatever their offsets', () => {
  const facts = {
    later: 'departed',
    laterAt: '2025-12-06T01:30:00Z',
    earlier: 'filed',
    earlierAt: '2025-12-06T10:00:00+08:00',
  }
  expect(fill('{later}时间 {laterAt} 早于{earlier}时间 {earlierAt}', facts, 'zh')).toBe(
    '起运时间 2025-12-06 09:30:00 (+08:00) 早于申报时间 2025-12-06 10:00:00 (+08:00)',
  )
  expect(printMoment('2025-12-31T16:00:00.125Z')).toBe('2026-01-01 00:00:00.125 (+08:00)')
  expect([printMoment('2025-12-31'), printMoment('soon')]).toEqual(['2025-12-31', 'soon'])
  // What a user typed is no fact of ours.
  expect(fill('“{value}”', { value: '2025-12-06T01:30:00Z' }, 'en')).toBe('“2025-12-06T01:30:00Z”')
})

test('the text is the first of which every fact is given', () => {
  const row = {
    zh: '一',
    en: 'one',
    more: [
      { zh: '{a}{b}', en: '{a}{b}' },
      { zh: '{a}', en: '{a}' },
    ],
  }
  expect(textFor(row, { a: 'x', b: 1 }).zh).toBe('{a}{b}')
  expect(textFor(row, { a: 'x', b: '' }).zh).toBe('{a}')
  expect(textFor(row, {}).zh).toBe('一')
  expect(textFor({ zh: '一', en: 'one' }, { a: 1 })).toEqual({ zh: '一', en: 'one' })
})

test('facts are never read as texts: what a user typed stays what they typed', () => {
  expect(fill('“{value}”', { value: '{code} $& $1' }, 'zh')).toBe('“{code} $& $1”')
  expect(fill('{value}', { value: 'constructor' }, 'zh')).toBe('constructor')
})
