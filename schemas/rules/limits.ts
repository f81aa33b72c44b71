import table from './limits.json' with { type: 'json' }
import type { Day } from '../values/time.ts'

/**
 * Figures that no law fixes and that somebody had to choose. They are configuration, not code, but not of a process either: an act is
 * judged by the edition of its day, so that a change today does not judge last year's books anew. To change one, add an edition.
 */
export interface Limits {
  readonly edition: string
  readonly from: Day
  /** How far a claimed moment may lie after the server's clock (R59). */
  readonly clockSkewMinutes: number
  /** How long after the act a record is still in time (R106). */
  readonly lateRecordingHours: number
  /** R107: within how many minutes the same vehicle cannot have brought the same mass twice. */
  readonly sameLoadMinutes: number
  /** R73, R74: a weight may differ by the larger of these two; exactly at the limit is normal. */
  readonly weightToleranceGrams: number
  readonly weightTolerancePercent: number
  /** R65: how long a load may be on the road. */
  readonly transitHours: number
  /** R71: after how many working days of an undecided load its receiver is reminded, and after how many the law calls it late. */
  readonly decisionAlertWorkingDays: number
  readonly decisionWorkingDays: number
  /** R75: within how many days what was refused is back with its consignor. */
  readonly returnDays: number
  /** After how many days a held command expires that no official has decided on. */
  readonly holdDays: number
}

export const limitEditions: readonly Limits[] = table.editions

/** The limits of that day; the oldest edition for days before it. */
export function limitsOn(day: Day): Limits {
  const limits = limitEditions.findLast(({ from }) => from <= day) ?? limitEditions[0]
  if (!limits) throw new Error('limits.json holds no edition')
  return limits
}

/** By how many grams a receiver's weighing may differ from what was shipped, R73 and R74. */
export function weightTolerance(shipped: number, day: Day): number {
  const { weightToleranceGrams, weightTolerancePercent } = limitsOn(day)
  return Math.max(weightToleranceGrams, Math.floor((shipped * weightTolerancePercent) / 100))
}
