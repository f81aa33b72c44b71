import { z } from 'zod'

/** A moment as claimed by whoever acted: RFC 3339 with offset, such as `2025-12-06T08:52:00+08:00`. */
export const Moment = z.iso.datetime({ offset: true })
export type Moment = string

/** A calendar day in Asia/Shanghai, `2025-12-06`. */
export const Day = z.iso.date()
export type Day = string

// Shanghai has kept +08:00 without summer time since 1991-09-15, so a fixed offset is exact for every day the law here knows.
const SHANGHAI_MS = 8 * 3_600_000

/** The business day of a moment: its calendar day in Asia/Shanghai, whatever offset it was written in. */
export function businessDay(moment: Moment): Day {
  if (moment.endsWith('+08:00')) return moment.slice(0, 10)
  return new Date(Date.parse(moment) + SHANGHAI_MS).toISOString().slice(0, 10)
}

/** First day of the month that a day lies in. */
export const monthOf = (day: Day): Day => `${day.slice(0, 7)}-01`

export const yearOf = (day: Day): number => Number(day.slice(0, 4))

/** Negative where `a` was before `b`; offsets do not matter. */
export const compareMoments = (a: Moment, b: Moment): number => (a === b ? 0 : Date.parse(a) - Date.parse(b))
