/**
 * What spreadsheets make of cells when they open a file and save it again (measured with Excel's and WPS's CSV, formats.md). Each reader
 * answers the cell as a clean book has it, and which of the ways it was; undefined where it is none of them.
 */
export interface Reading {
  readonly text: string
  readonly code: SpreadsheetCode
}

export type SpreadsheetCode =
  | 'read-as-date'
  | 'read-as-serial'
  | 'time-of-day-missing'
  | 'read-as-number'
  | 'read-with-unit'
  | 'read-as-text'

const pad = (part: string | number, width = 2): string => String(part).padStart(width, '0')

// 2026/3/1, 2026-3-1, 2028.06.30, 2026年3月1日; with a time 2026/10/24 10:00:00, 10时5分. Years come first and in full: anything else is a guess.
const DATE =
  /^(\d{4})(?:年|[/.-])(\d{1,2})(?:月|[/.-])(\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(\.\d{1,3})?秒?|分)?(Z|[+-]\d{2}:\d{2})?)?$/
// 1900 system; 2000-01-01 to 2099-12-31, so that a number of a year, a batch or a mass is not taken for a day.
const SERIAL = /^(\d{5})(\.\d{1,17})?$/
const FIRST_SERIAL = 36_526
const LAST_SERIAL = 73_050
const SERIAL_ZERO = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000
const MIDNIGHT = '00:00:00'
const SHANGHAI = '+08:00'

interface Written {
  readonly day: string
  /** `hh:mm:ss`; undefined where the cell names the day alone. */
  readonly time: string | undefined
  readonly offset: string | undefined
  readonly code: 'read-as-date' | 'read-as-serial'
}

function written(text: string): Written | undefined {
  const [, year = '', month = '', day = '', hours, minutes = '', seconds = '0', part = '', offset] =
    DATE.exec(text) ?? []
  if (year !== '') {
    const name = `${year}-${pad(month)}-${pad(day)}`
    const time = hours === undefined ? undefined : `${pad(hours)}:${pad(minutes)}:${pad(seconds)}${part}`
    return { day: name, time, offset, code: 'read-as-date' }
  }
  const [, serial, fraction = '0'] = SERIAL.exec(text) ?? []
  const days = Number(serial)
  if (!(days >= FIRST_SERIAL && days <= LAST_SERIAL)) return undefined
  const at = new Date(SERIAL_ZERO + days * DAY_MS + Math.round(Number(fraction) * 86_400) * 1_000).toISOString()
  const time = Number(fraction) === 0 ? undefined : at.slice(11, 19)
  return { day: at.slice(0, 10), time, offset: undefined, code: 'read-as-serial' }
}

/** A day of Asia/Shanghai; a time of day other than midnight is not cut off. */
export function readDay(text: string): Reading | undefined {
  const { day, time, offset, code } = written(text) ?? {}
  if (day === undefined || code === undefined || offset !== undefined || (time ?? MIDNIGHT) !== MIDNIGHT)
    return undefined
  return { text: day, code }
}

/** A moment; without an offset it is Asia/Shanghai's, and a day alone is its first moment. */
export function readMoment(text: string): Reading | undefined {
  const { day, time, offset = SHANGHAI, code } = written(text) ?? {}
  if (day === undefined || code === undefined) return undefined
  if (time === undefined) return { text: `${day}T${MIDNIGHT}${offset}`, code: 'time-of-day-missing' }
  return { text: `${day}T${time}${offset}`, code }
}

const NUMBER = /^(\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?\s*(吨|t|千克|公斤|kg)?$/i

/** A mass with thousands separators or its unit, in tonnes or kilograms as the column counts. */
export function readMass(text: string, unit: 't' | 'kg'): Reading | undefined {
  const [, whole, part = '', own] = NUMBER.exec(text) ?? []
  if (whole === undefined) return undefined
  const given = own === undefined ? unit : /^(吨|t)$/i.test(own) ? 't' : 'kg'
  const moved = given === unit ? 0 : given === 't' ? 3 : -3
  return {
    text: shifted(whole.replaceAll(',', ''), part, moved),
    code: own === undefined ? 'read-as-number' : 'read-with-unit',
  }
}

/** Decimal digits with their point moved to the right, exactly and without idle zeros. */
function shifted(whole: string, part: string, by: number): string {
  const digits = `${whole.padStart(1 + Math.max(0, -by), '0')}${part.padEnd(Math.max(0, by), '0')}`
  const point = Math.max(whole.length, 1 + Math.max(0, -by)) + by
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  const right = digits.slice(point).replace(/0+$/, '')
  return right === '' ? left : `${left}.${right}`
}

/** A whole number with thousands separators. */
export const readWhole = (text: string): Reading | undefined =>
  /^[1-9]\d{0,2}(?:,\d{3})+$/.test(text) ? { text: text.replaceAll(',', ''), code: 'read-as-number' } : undefined

/** `60%` */
export const readPercent = (text: string): Reading | undefined =>
  /^[\d.]+\s*%$/.test(text) ? { text: text.replace(/\s*%$/, ''), code: 'read-with-unit' } : undefined

/** `2026年` */
export const readYear = (text: string): Reading | undefined =>
  /^\d{4}年(度)?$/.test(text) ? { text: text.slice(0, 4), code: 'read-with-unit' } : undefined

/** What keeps a code text in a spreadsheet: `="9132…"`, or an apostrophe before it. */
export function readAsText(text: string): Reading | undefined {
  const [, formula] = /^="(.*)"$/s.exec(text) ?? []
  if (formula !== undefined) return { text: formula.replaceAll('""', '"').trim(), code: 'read-as-text' }
  return /^['‘’][^'‘’]/u.test(text) ? { text: text.slice(1).trim(), code: 'read-as-text' } : undefined
}

// 9.13E+17; 15 digits, which is all that a spreadsheet keeps of a number, and zeros up to the length of the code.
const EXPONENT = /^\d(?:\.\d+)?E\+?\d{1,3}$/i
const ROUNDED = /^\d{15}(?:0{3}|0{22})$/

// As a spreadsheet shows a number with more than eleven digits; no code is made so by hand.
const SHOWN = /^\d(?:\.\d+)?E\+\d{2,3}$/

/** Whether a code is a number as a spreadsheet shows it, even where a code may have nearly any form. */
export const showsAsNumber = (text: string): boolean => SHOWN.test(text)

/** Whether a spreadsheet has turned a code into a number: what it was cannot be read from the file any more. */
export const becameNumber = (text: string): boolean => EXPONENT.test(text) || ROUNDED.test(text)
