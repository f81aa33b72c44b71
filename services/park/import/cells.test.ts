import { expect, test } from 'vitest'
import { choice, kinds, readCell } from './cells.ts'

test('codes and numbers are folded to half width, free text is left as it was written', () => {
  expect(readCell('９００－２４９－０８', kinds.code)).toMatchObject({
    text: '900-249-08',
    done: [{ code: 'full-width' }],
    wrong: undefined,
  })
  expect(readCell('吨桶（IBC）', kinds.name)).toEqual({ text: '吨桶（IBC）', done: [], ways: [], wrong: undefined })
})

test('spaces around a value go, those within stay, and a control character is refused', () => {
  expect(readCell('\u3000虚拟 甲 ', kinds.name)).toMatchObject({ text: '虚拟 甲', done: [{ code: 'spaces-trimmed' }] })
  expect(readCell('a\u0000b', kinds.name).wrong).toMatchObject({ code: 'control-character' })
})

test('a mass has at most four decimals, no sign and no exponent (R27)', () => {
  for (const good of ['0.0001', '12', '3.14150']) expect(kinds.tonnes.check(good)).toBeUndefined()
  for (const bad of ['-1', '1e3', '0.00001', '1,5', '', 'NaN'])
    expect(kinds.tonnes.check(bad)).toMatchObject({ code: 'not-a-mass', rule: 'R27' })
  expect(kinds.tonnes.check('0')).toMatchObject({ code: 'mass-not-positive' })
  expect(kinds.tonnesOrNone.check('0')).toBeUndefined()
})

test('times and days must exist; of a day that is none nothing is read', () => {
  expect(kinds.moment.check('2026-03-02T08:00:00+08:00')).toBeUndefined()
  for (const bad of ['2026-02-30', '2026/2/30', '20260305', '3/1/2026', '2026/13/1', '2026年', '999', '12345'])
    expect(readCell(bad, kinds.day).wrong).toMatchObject({ code: 'not-a-day' })
  for (const bad of ['2026-02-30T08:00:00+08:00', '2026/3/1 25:00', '2026/3/1 10:60', '10:00', '1.5'])
    expect(readCell(bad, kinds.moment).wrong).toMatchObject({ code: 'not-a-moment' })
  // A time of day in a column of days is not cut off.
  expect(readCell('2026/3/1 10:00', kinds.day).wrong).toMatchObject({ code: 'not-a-day' })
})

test.each([
  ['2026/3/1', 'day', '2026-03-01', 'read-as-date'],
  ['2028.06.30', 'day', '2028-06-30', 'read-as-date'],
  ['2026年3月1日', 'day', '2026-03-01', 'read-as-date'],
  ['２０２６／３／１', 'day', '2026-03-01', 'read-as-date'],
  ['2026/3/1 0:00:00', 'day', '2026-03-01', 'read-as-date'],
  ['46082', 'day', '2026-03-01', 'read-as-serial'],
  ['2026/10/24 10:00:00', 'moment', '2026-10-24T10:00:00+08:00', 'read-as-date'],
  ['2026-10-24 9:05', 'moment', '2026-10-24T09:05:00+08:00', 'read-as-date'],
  ['2026-10-24T09:05:00', 'moment', '2026-10-24T09:05:00+08:00', 'read-as-date'],
  ['2026年10月24日 9时05分', 'moment', '2026-10-24T09:05:00+08:00', 'read-as-date'],
  ['46319.4166666667', 'moment', '2026-10-24T10:00:00+08:00', 'read-as-serial'],
  ['46319.9999999', 'moment', '2026-10-25T00:00:00+08:00', 'read-as-serial'],
  ['2026/10/24', 'moment', '2026-10-24T00:00:00+08:00', 'time-of-day-missing'],
  ['1,234.5', 'tonnes', '1234.5', 'read-as-number'],
  ['1,234,567.10', 'tonnes', '1234567.1', 'read-as-number'],
  ['1.5吨', 'tonnes', '1.5', 'read-with-unit'],
  ['1.5 t', 'tonnes', '1.5', 'read-with-unit'],
  ['1500kg', 'tonnes', '1.5', 'read-with-unit'],
  ['1,500.5 千克', 'tonnes', '1.5005', 'read-with-unit'],
  ['5公斤', 'tonnes', '0.005', 'read-with-unit'],
  ['12,439', 'kilograms', '12439', 'read-as-number'],
  ['12439.00', 'kilograms', '12439', 'read-as-number'],
  ['12.439吨', 'kilograms', '12439', 'read-with-unit'],
  ['60.5%', 'percent', '60.5', 'read-with-unit'],
  ['2026年', 'year', '2026', 'read-with-unit'],
  ['="20253205000001"', 'manifestNumber', '20253205000001', 'read-as-text'],
  ["'20253205000001", 'manifestNumber', '20253205000001', 'read-as-text'],
  ['="320595453788"', 'number', '320595453788', 'read-as-text'],
  ["'HWCS20251201001", 'batch', 'HWCS20251201001', 'read-as-text'],
  ['="虚拟甲"', 'name', '虚拟甲', 'read-as-text'],
] as const)('what a spreadsheet saves is read: %s as a %s is %s', (written, kind, text, way) => {
  expect(readCell(written, kinds[kind])).toMatchObject({ text, ways: [way], wrong: undefined })
})

test('idle zeros of a mass are no other mass, and nothing to speak of', () => {
  expect(readCell('12.50', kinds.tonnes)).toEqual({ text: '12.5', done: [], ways: [], wrong: undefined })
  expect(readCell('0.0', kinds.tonnesOrNone)).toMatchObject({ text: '0' })
  expect(readCell('100', kinds.tonnes)).toMatchObject({ text: '100' })
})

test('signs that only look like digits are none: circled, superscript, of other scripts', () => {
  for (const bad of ['0①', '12439①', '1²', '1½', '٣', '1,5', '12,34', '0,123', '1.5斤', '1.5吨吨', '1500kgx', '-1,000'])
    expect(readCell(bad, kinds.tonnes).wrong).toMatchObject({ code: 'not-a-mass', rule: 'R27' })
  for (const bad of ['12439①', '12.5', '1.5吨半', '12,4'])
    expect(readCell(bad, kinds.kilograms).wrong).toMatchObject({ rule: 'R27' })
})

test.each([
  ['9.13E+17', 'unit', 'R01'],
  ['9.13206E17', 'unit', 'R01'],
  ['913205942123456000', 'unit', 'R01'],
  ['9.13206E+36', 'label', 'R31'],
  ['9132059421234560000000000000000000000', 'label', 'R31'],
  ['2.02532E+13', 'manifestNumber', 'R48'],
  ['3.20595E+11', 'number', undefined],
] as const)(
  'a code that a spreadsheet has turned into a number is lost, and said: %s as a %s',
  (written, kind, rule) => {
    const { wrong } = readCell(written, kinds[kind])
    expect(wrong?.code).toBe('code-became-number')
    expect(wrong?.rule).toBe(rule)
  },
)

test('words of a form are those of its list, one or several', () => {
  const roles = choice({ 产生单位: 1, 承运人: 2 }, { many: true })
  expect(roles.check('产生单位|承运人')).toBeUndefined()
  expect(roles.check('产生单位|收集人')).toMatchObject({ code: 'not-in-list', facts: { value: '收集人' } })
  expect(choice({ 吨: 1 }, { rule: 'R26' }).check('toString')).toMatchObject({ code: 'not-in-list', rule: 'R26' })
})

test('codes, plates and batch codes are brought to the one spelling that every other door knows', () => {
  expect(readCell('苏e·12345', kinds.plate)).toMatchObject({ text: '苏E12345', done: [{ code: 'spelled' }] })
  expect(readCell('9135 0100-m000100y43', kinds.unit)).toMatchObject({ text: '91350100M000100Y43' })
  expect(readCell('hw 车间-01a', kinds.batch)).toMatchObject({ text: 'hw车间-01a', wrong: undefined })
  expect(readCell('\u200b甲\u2060', kinds.name)).toMatchObject({ text: '甲', done: [{ code: 'spaces-trimmed' }] })
  expect(kinds.plate.check('苏EI0000')).toMatchObject({ code: 'not-a-plate' })
  expect(kinds.unit.check('B1350100M000100Y44')).toMatchObject({ code: 'not-a-department', rule: 'R01' })
  expect(kinds.batch.check('车间1#a-2025')).toBeUndefined()
})
