import { expect, test } from 'vitest'
import { canonicalDivision, cityOf, GivenDivision } from './division.ts'

test('苏州工业园区 is one division, whatever list its code comes from', () => {
  for (const code of ['320571', '320576', '320590', '320594', ' 3205 94', '３２０５７６'])
    expect(GivenDivision.parse(code)).toBe('320571')
  expect(canonicalDivision('320505')).toBe('320505')
  expect(cityOf('320571')).toBe('3205')
})

test.each(['3205', '32057', '020571', '苏州', ''])('%j is no division', (code) => {
  expect(GivenDivision.safeParse(code).error?.issues).toMatchObject([{ message: 'not-a-division' }])
})
