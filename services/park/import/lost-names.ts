import { UnitCode } from '../../../schemas/values/unit-code.ts'
import type { Namespace } from './books.ts'

/** Stands for the part of a name that a refused row does not tell. */
const UNTOLD = '\u0000'

export interface LostName {
  readonly space: Namespace
  /** Parts of the name as the row has them. */
  readonly parts: readonly string[]
  /** For each part whether the row has it wrong. */
  readonly faulty: readonly boolean[]
  /** All cells of a row that could not be split as it was meant: any of them may be the last part. */
  readonly anywhere: readonly string[]
}

interface Candidate {
  readonly ordinal: number
  /** What the row has where the untold part should be; undefined where that may be anywhere. */
  readonly wrong: string | undefined
}

/**
 * Names of refused rows that nobody can find them by: one part is wrong, missing or in another cell. Who names such a row finds none of
 * that name; what the rest of the name agrees with is then the row that was meant, so that the report names the cause and not its echo.
 */
export class LostNames {
  readonly #byPattern = new Map<string, Candidate[]>()

  add(ordinal: number, { space, parts, faulty, anywhere }: LostName): void {
    const [only, ...more] = faulty.flatMap((wrong, at) => (wrong ? [at] : []))
    if (only !== undefined && more.length === 0)
      this.#note(patternOf(space, parts.with(only, UNTOLD)), { ordinal, wrong: parts[only] })
    if (parts.length === 2)
      for (const cell of new Set(anywhere)) this.#note(patternOf(space, [UNTOLD, cell]), { ordinal, wrong: undefined })
  }

  /** The row that was most likely meant: one a slip of the pen away before one that says nothing. */
  find(space: Namespace, parts: readonly string[]): number | undefined {
    if (this.#byPattern.size === 0) return undefined
    const candidates = parts.flatMap((right, at) =>
      (this.#byPattern.get(patternOf(space, parts.with(at, UNTOLD))) ?? []).map(({ ordinal, wrong }) => ({
        ordinal,
        distance: distanceOf(wrong, right),
      })),
    )
    return nearest(candidates)
  }

  #note(pattern: string, candidate: Candidate): void {
    const known = this.#byPattern.get(pattern)
    if (known) known.push(candidate)
    else this.#byPattern.set(pattern, [candidate])
  }
}

const patternOf = (space: Namespace, parts: readonly string[]): string => [space, ...parts].join('\u001f')

const SLIPS = 3
const SAYS_NOTHING = SLIPS + 1

/** How far a wrong text is from the right one: letters that differ. Beyond three, a credit code is another unit's, and anything else says nothing. */
export function distanceOf(wrong: string | undefined, right: string): number {
  if (wrong?.length !== right.length) return SAYS_NOTHING
  let differences = 0
  for (let i = 0; i < wrong.length; i++) if (wrong[i] !== right[i]) differences++
  if (differences <= SLIPS) return differences
  return UnitCode.safeParse(wrong).success ? Number.POSITIVE_INFINITY : SAYS_NOTHING
}

export function nearest(
  candidates: readonly { readonly ordinal: number; readonly distance: number }[],
): number | undefined {
  let best: { readonly ordinal: number; readonly distance: number } | undefined
  for (const candidate of candidates)
    if (candidate.distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = candidate
  return best?.ordinal
}
