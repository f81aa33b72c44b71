import { z } from 'zod'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = Array.from({ length: 17 }, (_, i) => 3 ** i % 31)

/** Whether the last character of a 统一社会信用代码 is the check digit of the other seventeen (GB 32100-2015; R01). */
export function hasValidCheckDigit(code: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code)) return false
  const sum = WEIGHTS.reduce((total, weight, i) => total + ALPHABET.indexOf(code[i] ?? '') * weight, 0)
  return ALPHABET[(31 - (sum % 31)) % 31] === code[17]
}

/** 统一社会信用代码 by form only; that its check digit holds is rule R01, judged where units are registered. */
export const UnitCode = z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/)
export type UnitCode = string
