/** Chance that repeats itself: the same seed gives the same park on every machine (mulberry32). */
export interface Chance {
  /** In [0, 1). */
  real(): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  pick<T>(of: readonly [T, ...T[]] | readonly T[]): T
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  const real = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (low: number, high: number): number => low + Math.floor(real() * (high - low + 1))
  return { real, whole, pick: (of) => of[whole(0, of.length - 1)] as (typeof of)[number] }
}
