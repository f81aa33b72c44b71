import { expect, test } from 'vitest'
import { normalName, normalPhone, Person } from './person.ts'

test.each([
  '138 0000 0003',
  '+86 138-0000-0003',
  '008613800000003',
  '8613800000003',
  '１３８０００００００３',
  '(138)0000 0003',
  '138.0000.0003',
])('%s is 13800000003', (typed) => {
  expect(normalPhone(typed)).toBe('13800000003')
})

test('numbers of other kinds stay what they are', () => {
  expect(normalPhone('0512-6288 1234')).toBe('051262881234')
  expect(normalPhone('+86 512 6288 1234')).toBe('51262881234')
  expect(normalPhone('+852 6123 4567')).toBe(normalPhone('00852-61234567'))
  expect(normalPhone('86123456')).toBe('86123456')
})

test('a name is one whatever its width, blanks, dots and case', () => {
  expect(normalName('李　强')).toBe(normalName('李强'))
  expect(normalName('Ｌi\u200b Qiang')).toBe(normalName('li qiang'))
  expect(normalName('买买提•艾力')).toBe(normalName('买买提・艾力'))
  expect(normalName('李强')).not.toBe(normalName('李强①'))
})

test('a name of blanks is no name, and a phone of blanks no phone', () => {
  expect(Person.safeParse({ name: '\u3000\u200b' }).success).toBe(false)
  expect(Person.parse({ name: ' 李强 ', phone: '\u3000' })).toEqual({ name: '李强', phone: '' })
})
