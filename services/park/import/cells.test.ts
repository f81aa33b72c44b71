import { expect, test } from 'vitest'
import { choice, kinds, readCell } from './cells.ts'

test('codes and numbers are folded to half width, free text is left as it was written', () => {
  expect(readCell('９００－２４９－０８', kinds.code)).toMatchObject({
    text: '900-249-08',
    done: [{ code: 'full-width' }],
    wrong: undefined,
  })
  expect(readCell('吨桶（IBC）', kinds.name)).toEqual({ text: '吨桶（IBC）', done: [], wrong: undefined })
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

test('times need their offset and days must exist', () => {
  expect(kinds.moment.check('2026-03-02T08:00:00+08:00')).toBeUndefined()
  expect(kinds.moment.check('2026-03-02 08:00')).toMatchObject({ code: 'not-a-moment' })
  expect(kinds.day.check('2026-02-30')).toMatchObject({ code: 'not-a-day' })
})

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
