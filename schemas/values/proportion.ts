/**
 * `wanted` spread over the amounts in proportion to them, in whole grams: the largest remainders are rounded up, the first of equal ones first.
 * No share is larger than its amount; where more is wanted than there is, each is its amount.
 */
export function proportion(amounts: readonly number[], wanted: number): readonly number[] {
  const whole = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n)
  if (BigInt(wanted) >= whole) return amounts
  const shares = amounts.map((amount, at) => {
    const product = BigInt(amount) * BigInt(wanted)
    return { at, part: Number(product / whole), remainder: product % whole }
  })
  let missing = wanted - shares.reduce((sum, { part }) => sum + part, 0)
  const byRemainder = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1,
  )
  for (const share of byRemainder) {
    if (missing === 0) break
    share.part++
    missing--
  }
  return shares.map(({ part }) => part)
}
