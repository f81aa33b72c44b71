import { expect, test } from 'vitest'
import { reasonOf } from './reason.ts'

test.each([
  [new Error('no answer'), 'no answer'],
  [new Error('no session', { cause: new Error('connect ECONNREFUSED') }), 'no session: connect ECONNREFUSED'],
  [
    new Error('no host', { cause: new AggregateError([new Error('::1'), new Error('127.0.0.1')]) }),
    'no host: ::1, 127.0.0.1',
  ],
  [new TypeError(), 'TypeError'],
  ['a text', 'a text'],
])('%s is told in one line', (fault, told) => {
  expect(reasonOf(fault)).toBe(told)
})
