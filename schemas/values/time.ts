import { z } from 'zod'
import { measures } from './measures.ts'

// Four digits of a year without 0000, which PostgreSQL lacks and JavaScript has; and the 29th of February of leap years only, because
// Date.parse takes that of any year for the 1st of March. Spelled out without lookahead, so that it reads the same in every dialect.
const YEAR = String.raw`(?:\d{3}[1-9]|\d{2}[1-9]\d|\d[1-9]\d{2}|[1-9]\d{3})`
const LEAP_YEAR = String.raw`(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)`
const MONTH = '(?:0[1-9]|1[0-2])'
const DATE = String.raw`(?:${LEAP_YEAR}-02-29|${YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8])))`

/** Digits of a second that a moment may have. PostgreSQL 18 rounds to six, JavaScript cuts to three; the event keeps them all. */
export const MOST_SECOND_DIGITS = 12

// PostgreSQL 18 refuses offsets of 16 hours and more, JavaScript takes them; JavaScript refuses second 60, PostgreSQL takes it; 24:00 they
// both take for the next day, which would be another day than the text names.
const MOMENT = new RegExp(
  String.raw`^${DATE}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,${MOST_SECOND_DIGITS}})?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$`,
)
const DAY = new RegExp(`^${DATE}$`)

// On these two days a moment may lie in year 0 or 10000 of another offset, which no text of four digits can say.
const EDGE = /^(?:0001-01-01|9999-12-31)/
// What contracts print of a moment's form: an expression that needs no lookahead.
const DOCUMENTED = { pattern: MOMENT, abort: false }

/**
 * A moment as claimed by whoever acted: RFC 3339 with offset, such as `2025-12-06T08:52:00+08:00`; what both PostgreSQL (timestamptz) and
 * JavaScript take, and read alike. Years 0001 to 9999 but for the very first and last day, offsets below 16 hours, at most twelve digits of a
 * second, no leap second, no 24:00.
 */
export const Moment = z
  .stringFormat('datetime', (text) => MOMENT.test(text) && !EDGE.test(text), DOCUMENTED)
  .register(measures, { measure: 'moment' })
export type Moment = string

/** A calendar day in Asia/Shanghai, `2025-12-06`: years 0001 to 9999. */
export const Day = z.stringFormat('date', DAY).register(measures, { measure: 'paper-day' })
export type Day = string

/** The day on which waste of an earlier year was generated. */
export const OpeningDay = z.stringFormat('date', DAY).register(measures, { measure: 'opening-day' })

/** A calendar month in Asia/Shanghai, `2025-12`. */
export const Month = z.string().regex(new RegExp(`^${YEAR}-${MONTH}$`))
export type Month = string

// Shanghai has kept +08:00 without summer time since 1991-09-15, so a fixed offset is exact for every day the law here knows.
const SHANGHAI_MS = 8 * 3_600_000

/** The business day of a moment: its calendar day in Asia/Shanghai, whatever offset it was written in. */
export function businessDay(moment: Moment): Day {
  if (moment.endsWith('+08:00')) return moment.slice(0, 10)
  return new Date(Date.parse(moment) + SHANGHAI_MS).toISOString().slice(0, 10)
}

/** The calendar day before. */
export const dayBefore = (day: Day): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** First day of the month that a day lies in. */
export const monthOf = (day: Day): Day => `${day.slice(0, 7)}-01`

/** First and last day of a month. */
export function daysOf(month: Month): { readonly from: Day; readonly to: Day } {
  // Date.UTC takes years below 100 for those of the 20th century; a year 400 years later has the same calendar.
  const last = new Date(Date.UTC(Number(month.slice(0, 4)) + 400, Number(month.slice(5)), 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${last}` }
}

/** A day by which the newest edition of every rule is in force. */
export const NEWEST_LAW: Day = '9999-12-31'

export const yearOf = (day: Day): number => Number(day.slice(0, 4))

/** Negative where `a` was before `b`; offsets do not matter. */
export const compareMoments = (a: Moment, b: Moment): number => (a === b ? 0 : Date.parse(a) - Date.parse(b))
