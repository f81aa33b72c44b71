import { LabelCode } from './identifiers.ts'
import { Day } from './time.ts'
import type { UnitCode } from './unit-code.ts'

/**
 * What the 37 characters of a 数字识别码 say (HJ 1276-2022): who generated or collected it (18), which waste (8, printed without
 * hyphens), on which day (8), and which package of that day (3). The length of the segments is a reading; that they are four of 37 is not.
 */
export interface Label {
  readonly unit: UnitCode
  /** With its hyphens, `900-404-06`. */
  readonly code: string
  readonly day: Day
  /** 1 to 999. */
  readonly serial: number
}

/** As many packages of one waste as one unit can label on one day. */
export const LABELS_A_DAY = 999

const SEGMENTS = /^(.{18})(\d{3})(\d{3})(\d{2})(\d{4})(\d{2})(\d{2})(\d{3})$/

/** Reads a label's code; `undefined` where it is none, such as one with a day that no calendar has. The unit's check digit is rule R01's. */
export function parseLabelCode(text: string): Label | undefined {
  const match = LabelCode.safeParse(text).success ? SEGMENTS.exec(text) : null
  if (!match) return undefined
  const [, unit = '', industry, kind, category, year, month, date, serial] = match
  const day = `${year}-${month}-${date}`
  return Day.safeParse(day).success && Number(serial) > 0
    ? { unit, code: `${industry}-${kind}-${category}`, day, serial: Number(serial) }
    : undefined
}

/** The first 34 of the 37 characters: unit, waste code, day. What is missing stays missing; rule R31 judges what comes out. */
export const stemOf = (unit: string, code: string, day: string): string =>
  `${unit}${code.replaceAll('-', '')}${day.replaceAll('-', '')}`

/** The label of the n-th package of one unit, code and day. */
export const labelWith = (stem: string, serial: number): string => `${stem}${String(serial).padStart(3, '0')}`

/** The 37 characters. @throws RangeError where the parts make no such code: a fault of the caller, who has judged them before. */
export function composeLabelCode({ unit, code, day, serial }: Label): string {
  const text = labelWith(stemOf(unit, code, day), serial)
  if (parseLabelCode(text) === undefined) throw new RangeError(`not the parts of a label: ${text}`)
  return text
}
