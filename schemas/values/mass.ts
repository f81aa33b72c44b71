import { z } from 'zod'
import { measures } from './measures.ts'
import { minus, type Total } from './total.ts'

/** Mass in whole grams: an integer, never a float, never negative. A register of tonnes is only a way to print it. */
export const Grams = z.int().nonnegative().brand('Grams').register(measures, { measure: 'act-mass' })
export type Grams = z.infer<typeof Grams>

/** Grams that move: R27 asks for more than zero. */
export const MovedGrams = z.int().positive().brand('Grams').register(measures, { measure: 'act-mass' })

/** Mass that is counted in a place. */
export const CountedGrams = z.int().nonnegative().brand('Grams').register(measures, { measure: 'held-mass' })

/** Mass that a year of a plan or a licence, or a store, may hold. */
export const CapacityGrams = z.int().positive().brand('Grams').register(measures, { measure: 'held-mass' })

/** A difference of two weighings, signed: positive where the later scale showed more. */
export const SignedGrams = z.int()
export type SignedGrams = number

/** @throws RangeError where `value` is no whole, non-negative, safe number: a fault of the caller, never bad input. */
export function grams(value: number): Grams {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a mass in whole grams: ${value}`)
  return value as Grams
}

/** Grams of a tonne. */
export const TONNE = 1_000_000

const TONNES = /^(\d{1,9})(?:\.(\d{1,4})0*)?$/

/**
 * Reads tonnes as the official books print them: at most four decimals (trailing zeros ignored), no sign, no exponent
 * (R27; practice is decimal(15,4)). Exact: no float is involved. `undefined` where the text is something else.
 */
export function parseTonnes(text: string): Grams | undefined {
  const match = TONNES.exec(text)
  if (!match) return undefined
  const [, whole = '0', part = ''] = match
  return grams(Number(whole) * 1_000_000 + Number(part.padEnd(6, '0')))
}

/** Tonnes with as many decimals as the grams need, at most six. */
export function formatTonnes(mass: Total): string {
  const sign = mass < 0 ? '-' : ''
  const digits = (mass < 0 ? minus(0, mass) : mass).toString().padStart(7, '0')
  const part = digits.slice(-6).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -6)}${part ? `.${part}` : ''}`
}
