import { monthOf, type Day } from '../../../schemas/values/time.ts'
import type { Period } from './flows.ts'

/** The whole months of a period: first day of the first one, and the first day behind the last one. */
export interface WholeMonths {
  readonly first: Day
  readonly behind: Day
}

const DAY_MS = 86_400_000

// Months counted from year 0, so that the one after December is one more; years beyond 9999 are the database's to judge.
const indexOf = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
const firstOf = (index: number): Day =>
  `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`

const endsMonth = (day: Day): boolean => new Date(Date.parse(day) + DAY_MS).getUTCDate() === 1

/** A period without a whole month has none from the beginning of its first month on: all its days lie behind them. */
export function wholeMonths({ from, to }: Period): WholeMonths {
  const first = indexOf(from) + (from === monthOf(from) ? 0 : 1)
  const behind = indexOf(to) + (endsMonth(to) ? 1 : 0)
  return first < behind
    ? { first: firstOf(first), behind: firstOf(behind) }
    : { first: monthOf(from), behind: monthOf(from) }
}
