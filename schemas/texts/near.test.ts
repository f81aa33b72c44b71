import { expect, test } from 'vitest'
import { methods } from '../catalogues/methods.ts'
import { nearest } from './near.ts'

const codes = methods.map(({ code }) => code)

test('the codes that come nearest to a mistyped one are named, three at most', () => {
  expect(nearest('D1O', codes)).toContain('D10')
  expect(nearest('d10', codes)[0]).toBe('D10')
  expect(nearest('R', codes).length).toBeLessThanOrEqual(3)
  expect(nearest('GR1', ['GR-1', 'GR-2', 'GD-1'])[0]).toBe('GR-1')
})

test('neighbours that were exchanged are one slip, a field’s beginning is near, and what is far off is not named', () => {
  expect(nearest('occuredAt', ['occurredAt', 'waste'])).toEqual(['occurredAt'])
  expect(nearest('wsate', ['waste', 'unit'])).toEqual(['waste'])
  expect(nearest('occurred', ['occurredAt', 'unit'])).toEqual(['occurredAt'])
  expect(nearest('something else', codes)).toEqual([])
  expect(nearest('', codes)).toEqual([])
  expect(nearest('x'.repeat(10_000), codes)).toEqual([])
})
