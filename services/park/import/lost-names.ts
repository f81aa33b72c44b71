import type { Namespace } from './books.ts'
import { KeyIndex } from './key-index.ts'

/** Stands for the part of a name that a refused row does not tell. */
export const UNTOLD = '\u0000'

interface Lost {
  readonly space: Namespace
  /** Parts of the name as the row has them. */
  readonly parts: readonly string[]
  /** For each part whether the row has it wrong. */
  readonly faulty: readonly boolean[]
  /** All cells of the row, where it could not be split as it was meant: any of them may be the last part. */
  readonly anywhere: readonly string[]
}

/**
 * Names of refused rows that nobody can find them by: one part is wrong, missing or in another cell. Who names such a row finds none of
 * that name; what the rest of the name agrees with is then the row that was meant, so that the report names the cause and not its echo.
 */
export class LostNames {
  readonly #index: KeyIndex
  readonly #lost = new Map<number, Lost>()

  constructor() {
    this.#index = new KeyIndex((ordinal, name) => patternsOf(this.#lost.get(ordinal) as Lost).includes(name))
  }

  add(ordinal: number, lost: Lost): void {
    const patterns = patternsOf(lost)
    if (patterns.length === 0) return
    this.#lost.set(ordinal, lost)
    for (const pattern of patterns) this.#index.add(pattern, ordinal)
  }

  find(space: Namespace, parts: readonly string[]): number | undefined {
    if (this.#lost.size === 0) return undefined
    for (const at of parts.keys()) {
      const ordinal = this.#index.find(patternOf(space, parts.with(at, UNTOLD)))
      if (ordinal === undefined) continue
      const lost = this.#lost.get(ordinal) as Lost
      if (mayMean(lost.parts[at] ?? '', parts[at] as string) || lost.anywhere.length > 0) return ordinal
    }
    return undefined
  }
}

const patternOf = (space: Namespace, parts: readonly string[]): string => [space, ...parts].join('\u001f')

function patternsOf({ space, parts, faulty, anywhere }: Lost): readonly string[] {
  const wrong = faulty.flatMap((is, at) => (is ? [at] : []))
  const [only] = wrong
  const told = only !== undefined && wrong.length === 1 ? [patternOf(space, parts.with(only, UNTOLD))] : []
  if (parts.length !== 2) return told
  return [...new Set([...told, ...anywhere.map((cell) => patternOf(space, [UNTOLD, cell]))])]
}

/** Whether a wrong text may stand for the right one: not even of its form, or a slip of the pen away. */
export function mayMean(wrong: string, right: string): boolean {
  if (wrong.length !== right.length) return true
  let differences = 0
  for (let i = 0; i < wrong.length; i++) if (wrong[i] !== right[i]) differences++
  return differences <= 3
}
