import { z } from 'zod'
import { foldCode } from './text.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = Array.from({ length: 17 }, (_, i) => 3 ** i % 31)
const FORM = /^[0-9A-HJ-NPQRTUWXY]{18}$/

/** Whether the last character of a 统一社会信用代码 is the check digit of the other seventeen (GB 32100-2015; R01). */
export function hasValidCheckDigit(code: string): boolean {
  if (!FORM.test(code)) return false
  const sum = WEIGHTS.reduce((total, weight, i) => total + ALPHABET.indexOf(code[i] ?? '') * weight, 0)
  return ALPHABET[(31 - (sum % 31)) % 31] === code[17]
}

/**
 * Registering departments (登记管理部门代码, GB 32100-2015 table 1 and its amendment 1): 1 机构编制, 2 外交, 3 司法行政, 4 文化, 5 民政, 6 旅游,
 * 7 宗教, 8 工会, 9 市场监管, A 中央军委, N 农业, Y 其他. No other first character was ever assigned.
 */
const DEPARTMENTS = '123456789ANY'

const BODY_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/**
 * Whether the 17th character is the check digit of the organisation code, characters 9 to 17 (GB 11714-1997). Some lawful codes were
 * issued without it, so that it warns and never refuses. Characters 3 to 8 name who registered the unit and are checked against nothing.
 */
export function hasValidOrganisationCheck(code: string): boolean {
  const sum = BODY_WEIGHTS.reduce((total, weight, i) => total + Number.parseInt(code.charAt(8 + i), 36) * weight, 0)
  const check = 11 - (sum % 11)
  return code.charAt(16) === (check === 10 ? 'X' : check === 11 ? '0' : String(check))
}

export type CreditCodeFault = 'credit-code-form' | 'credit-code-department' | 'credit-code-check' | 'organisation-check'

/** What is wrong with a credit code by itself (R01); `organisation-check` only makes it doubtful. */
export function creditCodeFault(code: string): CreditCodeFault | undefined {
  if (!FORM.test(code)) return 'credit-code-form'
  if (!DEPARTMENTS.includes(code.charAt(0))) return 'credit-code-department'
  if (!hasValidCheckDigit(code)) return 'credit-code-check'
  return hasValidOrganisationCheck(code) ? undefined : 'organisation-check'
}

/** 统一社会信用代码 by form only; that its check digit holds is rule R01, judged where units are registered. */
export const UnitCode = z.string().regex(FORM)
export type UnitCode = string

/** A credit code as it comes in, in its one spelling: half width, upper case, without blanks and hyphens. */
export const GivenUnitCode = z.string().overwrite(foldCode).regex(FORM, { error: 'not-a-unit-code' })
