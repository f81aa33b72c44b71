/**
 * A sum of masses in whole grams, always exact: a number as far as numbers are (2^53 - 1), a bigint beyond. Comparisons with `<`, `>` and
 * `===` work on both; for arithmetic there are `plus` and `minus`.
 */
export type Total = number | bigint

/** The one form of a whole number, so that equal totals are the same by `===`. */
export function total(value: bigint): Total {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Reads digits, as PostgreSQL writes bigint and numeric of whole numbers. */
export function totalOf(digits: string | number): Total {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

// The double of a sum of two safe integers is safe only where it is the sum.
export function plus(a: Total, b: Total): Total {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b
  return total(BigInt(a) + BigInt(b))
}

export function minus(a: Total, b: Total): Total {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a - b)) return a - b
  return total(BigInt(a) - BigInt(b))
}

/** As JSON can say it without loss: a number, or its digits. */
export const printable = (sum: Total): number | string => (typeof sum === 'bigint' ? String(sum) : sum)

/** The quotient to the precision of a double, from the exact fraction. `divisor` is not 0. */
export function quotient(dividend: Total, divisor: Total): number {
  if (typeof dividend === 'number' && typeof divisor === 'number') return dividend / divisor
  // 64 bits behind the point: eleven more than a double of up to one has.
  return Number((BigInt(dividend) << 64n) / BigInt(divisor)) / 2 ** 64
}
