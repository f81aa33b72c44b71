import { describe, expect, test } from 'vitest'
import { foldPlate, Plate, TrailerPlate } from './plate.ts'

describe('车牌', () => {
  test.each([
    '苏E12345',
    '苏E1A100',
    '沪A1B2C3',
    '苏ED12345',
    '苏EAA1234',
    '苏E12345D',
    '苏E1234挂',
    '苏E1234学',
    '苏E1234警',
    '粤Z1234港',
    '粤Z1234澳',
    '沪A1234领',
    '使014578',
    '224578使',
    'WJ苏1234X',
    'WJ0112345',
  ])('%s is one', (plate) => {
    expect(Plate.parse(plate)).toBe(plate)
  })

  test.each([
    '苏EI0000',
    '苏EO1234',
    '苏I12345',
    '废E12345',
    '苏E1234',
    '苏E123456',
    '苏E1234567',
    '苏EI12345',
    '苏E1234挂挂',
    '苏E1挂345',
    '12345',
    '',
  ])('%j is none', (plate) => {
    expect(Plate.safeParse(plate).error?.issues).toMatchObject([{ message: 'not-a-plate' }])
  })

  test.each([
    '苏E·10007',
    '苏e10007',
    '苏Ｅ１０００７',
    ' 苏E 10007\u3000',
    '苏E-10007',
    '苏E•10007',
    '苏E・10007',
    '\ufeff苏E\u200b10007',
  ])('%s means 苏E10007', (typed) => {
    expect(Plate.parse(typed)).toBe('苏E10007')
    expect(foldPlate(foldPlate(typed))).toBe('苏E10007')
  })

  test('a trailer has a plate of its kind', () => {
    expect(TrailerPlate.parse('苏e·1234 挂')).toBe('苏E1234挂')
    expect(TrailerPlate.safeParse('苏E12345').error?.issues).toMatchObject([{ message: 'not-a-trailer-plate' }])
  })
})
