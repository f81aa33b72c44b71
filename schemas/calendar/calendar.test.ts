import { describe, expect, test } from 'vitest'
import { codeListNamed } from '../catalogues/code-lists.ts'
import { termsOf } from './terms.ts'
import { CALENDAR_END, daysAfter, isWorkingDay, workingDayAfter } from './working-days.ts'

const yearDays = (year: number): readonly string[] =>
  Array.from({ length: 366 }, (_, i) => daysAfter(`${year}-01-01`, i)).filter((day) => day.startsWith(String(year)))

describe('a working day', () => {
  test('is a weekday without the days off of the notice, or a weekend day that makes up for one', () => {
    expect(isWorkingDay('2026-09-18')).toBe(true)
    expect(isWorkingDay('2026-09-19')).toBe(false)
    expect(isWorkingDay('2026-09-20')).toBe(true)
    expect(isWorkingDay('2026-09-25')).toBe(false)
    expect(isWorkingDay('2025-01-26')).toBe(true)
    expect(isWorkingDay('2025-10-08')).toBe(false)
  })

  test('is known for every day of 2025 and 2026: 248 of each, as weekdays less days off plus made-up days say', () => {
    for (const year of [2025, 2026]) {
      const days = yearDays(year)
      const edition = codeListNamed('calendar')?.editions.find(({ from }) => from.startsWith(String(year)))
      const weekday = (day: string) => ![0, 6].includes(new Date(day).getUTCDay())
      const off = edition?.entries.filter(({ kind, code }) => kind === 'day-off' && weekday(code)).length ?? 0
      const made = edition?.entries.filter(({ kind, code }) => kind === 'working-day' && !weekday(code)).length ?? 0
      expect(days.filter((day) => isWorkingDay(day)).length).toBe(days.filter(weekday).length - off + made)
      expect(days.every((day) => isWorkingDay(day) !== undefined)).toBe(true)
      expect(days.filter((day) => isWorkingDay(day)).length).toBe(248)
    }
  })

  test('is not known beyond the calendar, and neither is a term that reaches beyond it', () => {
    expect(CALENDAR_END).toBe('2026-12-31')
    expect(isWorkingDay('2027-01-01')).toBeUndefined()
    expect(isWorkingDay('2023-12-31')).toBeUndefined()
    expect(workingDayAfter('2026-12-24', 5)).toBe('2026-12-31')
    expect(workingDayAfter('2026-12-25', 5)).toBeUndefined()
    expect(termsOf().workingDays('2026-12-30T09:00:00+08:00', 2)).toBeUndefined()
    expect(termsOf().days('2026-12-31T09:00:00+08:00', 1)).toBe('2027-01-02T00:00:00+08:00')
  })
})

describe('a term', () => {
  const terms = termsOf()

  test('does not count its first day and ends at 24:00 of its last, over a holiday and its made-up days', () => {
    // Tuesday before the National Day of 2026: 30 September, then the 8th and 9th, the made-up Saturday, and Monday the 12th.
    expect(terms.workingDays('2026-09-29T15:00:00+08:00', 5)).toBe('2026-10-13T00:00:00+08:00')
    expect(terms.days('2026-09-29T15:00:00+08:00', 5)).toBe('2026-10-05T00:00:00+08:00')
  })

  test('begins on the day in Shanghai, whatever offset the moment has', () => {
    expect(terms.workingDays('2026-09-27T17:00:00Z', 1)).toBe(terms.workingDays('2026-09-28T01:00:00+08:00', 1))
    expect(terms.workingDays('2026-09-27T17:00:00Z', 1)).toBe('2026-09-30T00:00:00+08:00')
  })

  test('of hours ends to the second', () => {
    expect(terms.hours('2026-03-04T08:00:30Z', 24)).toBe('2026-03-05T16:00:30.000+08:00')
  })
})

describe('a declared outage', () => {
  const noon = '2026-03-04T12:00:00+08:00'
  const pause = (from: string, to: string) => ({ from: `2026-03-${from}:00+08:00`, to: `2026-03-${to}:00+08:00` })

  test('lengthens a term of hours by what of it lies in the term, once where two overlap', () => {
    const hours = (...pauses: readonly ReturnType<typeof pause>[]) => termsOf(pauses).hours(noon, 24)
    expect(hours(pause('04T13:00', '04T15:00'))).toBe('2026-03-05T14:00:00.000+08:00')
    expect(hours(pause('04T13:00', '04T15:00'), pause('04T14:00', '04T16:00'))).toBe('2026-03-05T15:00:00.000+08:00')
    expect(hours(pause('04T10:00', '04T13:00'))).toBe('2026-03-05T13:00:00.000+08:00')
    expect(hours(pause('05T12:00', '05T13:00'))).toBe('2026-03-05T12:00:00.000+08:00')
    // The first outage moves the end into the second.
    expect(hours(pause('04T13:00', '04T15:00'), pause('05T13:00', '05T14:00'))).toBe('2026-03-05T15:00:00.000+08:00')
  })

  test('takes the days that it touches out of a term of days', () => {
    expect(termsOf([pause('05T09:00', '05T10:00')]).workingDays(noon, 2)).toBe('2026-03-10T00:00:00+08:00')
    expect(termsOf([pause('05T09:00', '05T10:00')]).days(noon, 2)).toBe('2026-03-08T00:00:00+08:00')
    expect(termsOf([pause('06T00:00', '07T00:00')]).days(noon, 2)).toBe('2026-03-08T00:00:00+08:00')
  })
})
