import { businessDay, type Day, type Moment } from '../values/time.ts'
import { daysAfter, workingDayAfter } from './working-days.ts'

/** An outage that the park declared: what could not be recorded meanwhile is not late for it. */
export interface Pause {
  readonly from: Moment
  readonly to: Moment
}

/** How due instants are counted, in Asia/Shanghai: calendar of working days, and the outages known so far. */
export interface Terms {
  /** 24:00 of the n-th working day after the day of a moment; undefined where the calendar does not reach so far. */
  workingDays(after: Moment, n: number): Moment | undefined
  /** 24:00 of the n-th calendar day after the day of a moment. */
  days(after: Moment, n: number): Moment
  /** `n` hours after a moment, outages not counted. */
  hours(after: Moment, n: number): Moment
}

const HOUR_MS = 3_600_000
const SHANGHAI = '+08:00'

/** 24:00 of a day, which is 00:00 of the next: an act at that very instant is still in time. */
const endOf = (day: Day): Moment => `${daysAfter(day, 1)}T00:00:00${SHANGHAI}`
const startOf = (day: Day): number => Date.parse(`${day}T00:00:00${SHANGHAI}`)
const shanghai = (ms: number): Moment => `${new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 23)}${SHANGHAI}`

/** Overlapping and adjoining outages as one, in order: an hour that lies in two is one hour. */
function merged(pauses: readonly Pause[]): readonly (readonly [from: number, to: number])[] {
  const sorted = pauses
    .map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const)
    .filter(([from, to]) => to > from)
    .toSorted(([a], [b]) => a - b)
  const spans: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = spans.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else spans.push([from, to])
  }
  return spans
}

/**
 * Terms with these outages. A day that an outage touches is no day of a term counted in days, so a term never ends on one; a term counted in
 * hours grows by the hours of the outage that lie in it.
 */
export function termsOf(pauses: readonly Pause[] = []): Terms {
  const spans = merged(pauses)
  const paused = (day: Day): boolean => {
    const start = startOf(day)
    return spans.some(([from, to]) => from < start + 24 * HOUR_MS && to > start)
  }
  return {
    workingDays(after, n) {
      const last = workingDayAfter(businessDay(after), n, paused)
      return last === undefined ? undefined : endOf(last)
    },
    days(after, n) {
      let day = businessDay(after)
      for (let left = n; left > 0; ) {
        day = daysAfter(day, 1)
        if (!paused(day)) left -= 1
      }
      return endOf(day)
    },
    hours(after, n) {
      const start = Date.parse(after)
      let due = start + n * HOUR_MS
      for (const [from, to] of spans) if (to > start && from < due) due += to - Math.max(from, start)
      return shanghai(due)
    },
  }
}
