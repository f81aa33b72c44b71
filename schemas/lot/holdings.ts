import { accountKey, type Place } from '../values/place.ts'

/** Mass of one lot in one account. */
export interface Holding {
  readonly place: Place
  readonly grams: number
}

/** Account key to what lies there; empty accounts are dropped. */
export type Held = Readonly<Record<string, Holding>>

export const gramsAt = (held: Held, place: Place): number => held[accountKey(place)]?.grams ?? 0

export function put(held: Held, place: Place, grams: number): Held {
  if (grams === 0) return held
  const key = accountKey(place)
  return { ...held, [key]: { place, grams: (held[key]?.grams ?? 0) + grams } }
}

export function take(held: Held, place: Place, grams: number): Held {
  const key = accountKey(place)
  const left = (held[key]?.grams ?? 0) - grams
  if (left > 0) return { ...held, [key]: { place, grams: left } }
  const { [key]: _, ...rest } = held
  return rest
}

/** Follows: what is there moves, and no more than that. */
export function shift(held: Held, from: Place, to: Place, grams: number): Held {
  const moved = Math.min(grams, gramsAt(held, from))
  return put(take(held, from, moved), to, moved)
}

/**
 * A measured move. Of a whole package, what the scale showed leaves and nothing stays behind, because the package is gone: the
 * journal posts the difference to variance. Of a part, just that part goes. (design: measures and followers)
 */
export const moveMeasured = (
  held: Held,
  { from, to, grams, whole }: { from: Place; to: Place; grams: number; whole: boolean },
): Held => put(take(held, from, whole ? gramsAt(held, from) : grams), to, grams)

export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...rest } = record
  return rest
}

const forTreatment = (treatment: string): string => `treatment ${treatment} `

/** What is set aside for a treatment, as one of the reservations of a lot. */
export const setAside = (treatment: string, parts: readonly { readonly from: Place; readonly grams: number }[]) =>
  Object.fromEntries(
    parts.map(({ from, grams }): [string, Holding] => [
      `${forTreatment(treatment)}${accountKey(from)}`,
      { place: from, grams },
    ]),
  )

export const setAsideFor = (reserved: Held, treatment: string): readonly Holding[] =>
  Object.entries(reserved).flatMap(([key, holding]) => (key.startsWith(forTreatment(treatment)) ? [holding] : []))

export const withoutSetAside = (reserved: Held, treatment: string): Held =>
  Object.fromEntries(Object.entries(reserved).filter(([key]) => !key.startsWith(forTreatment(treatment))))
