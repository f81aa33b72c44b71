import { expect, test } from 'vitest'
import { wholeMonths } from './whole-months.ts'

test.each([
  ['a month', '2025-12-01', '2025-12-31', '2025-12-01', '2026-01-01'],
  ['a year', '2024-01-01', '2024-12-31', '2024-01-01', '2025-01-01'],
  ['February of a leap year', '2024-02-01', '2024-02-29', '2024-02-01', '2024-03-01'],
  ['whole months between two that are cut', '2025-10-31', '2026-02-27', '2025-11-01', '2026-02-01'],
  ['a cut month and whole ones', '2025-11-02', '2025-12-31', '2025-12-01', '2026-01-01'],
  ['none, within one month', '2025-11-02', '2025-11-30', '2025-11-01', '2025-11-01'],
  ['none, where the last day of a month is not there', '2024-02-01', '2024-02-28', '2024-02-01', '2024-02-01'],
  ['none, across two months', '2025-11-02', '2025-12-30', '2025-11-01', '2025-11-01'],
  ['all days that can be written', '0001-01-01', '9999-12-31', '0001-01-01', '10000-01-01'],
])('%s: %s to %s', (_, from, to, first, behind) => {
  expect(wholeMonths({ from, to })).toEqual({ first, behind })
})
