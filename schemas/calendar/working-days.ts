import calendar2024 from '../catalogues/data/calendar-2024.json' with { type: 'json' }
import calendar2025 from '../catalogues/data/calendar-2025.json' with { type: 'json' }
import calendar2026 from '../catalogues/data/calendar-2026.json' with { type: 'json' }
import type { Day } from '../values/time.ts'

interface Edition {
  readonly from: string
  readonly to: string
  readonly entries: readonly { readonly code: string; readonly kind: string }[]
}

/** The yearly notices of the State Council (国务院办公厅关于部分节假日安排的通知) that this release carries, oldest first, without a gap. */
const EDITIONS: readonly Edition[] = [calendar2024, calendar2025, calendar2026]
const EXCEPTIONS: ReadonlyMap<string, string> = new Map(
  EDITIONS.flatMap(({ entries }) => entries.map(({ code, kind }) => [code, kind] as const)),
)

const FIRST = EDITIONS[0]?.from ?? ''
/** Last day of which it is known whether it is a working day. */
export const CALENDAR_END: Day = EDITIONS.at(-1)?.to ?? ''

const DAY_MS = 86_400_000

/** The calendar day `days` after another one; 1 is the next day. */
export const daysAfter = (day: Day, days: number): Day =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/**
 * Whether it is a working day (工作日): Monday to Friday without the days off of that year's notice, and the weekend days that it makes up for
 * them with (调休). Undefined where no notice of that year is known: an arrangement is never guessed.
 */
export function isWorkingDay(day: Day): boolean | undefined {
  if (day < FIRST || day > CALENDAR_END) return undefined
  const exception = EXCEPTIONS.get(day)
  if (exception !== undefined) return exception === 'working-day'
  const weekday = new Date(Date.parse(day)).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * The n-th working day after a day, which itself does not count (民法典 第二百零一条). Undefined as soon as one of the days on the way is not known.
 * @param skipped working days that do not count, such as those of a declared outage
 */
export function workingDayAfter(start: Day, n: number, skipped: (day: Day) => boolean = () => false): Day | undefined {
  let day = start
  for (let left = n; left > 0; ) {
    day = daysAfter(day, 1)
    const works = isWorkingDay(day)
    if (works === undefined) return undefined
    if (works && !skipped(day)) left -= 1
  }
  return day
}
