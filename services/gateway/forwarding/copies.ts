/** One copy of a service, and what is remembered of how it did lately. */
export interface Copy {
  readonly url: URL
  worked(): void
  failed(): void
}

/** The copies of one service. */
export interface Copies {
  /** All of them in the order in which a request should try them: in turn, those that failed lately last. */
  inTurn(): readonly Copy[]
}

const FIRST_REST_MS = 250
const LONGEST_REST_MS = 5_000

/**
 * Remembers which copies failed. One that failed rests, twice as long each time, and is then tried again by a request: a copy that came
 * back needs no other sign of life than its answer, and one that is away costs a refused connection now and then.
 */
export function openCopies(urls: readonly string[], now: () => number = () => performance.now()): Copies {
  const rows = urls.map((url) => {
    let failures = 0
    let restsUntil = Number.NEGATIVE_INFINITY
    const copy: Copy = {
      url: new URL(url),
      worked() {
        failures = 0
        restsUntil = Number.NEGATIVE_INFINITY
      },
      failed() {
        restsUntil = now() + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** failures)
        failures++
      },
    }
    return { copy, restsUntil: () => restsUntil }
  })
  let turn = 0
  return {
    inTurn() {
      const moment = now()
      const first = turn++
      const rotated = rows.map((_, index) => rows[(first + index) % rows.length]).filter((row) => row !== undefined)
      const resting = rotated.filter((row) => row.restsUntil() > moment).sort((a, b) => a.restsUntil() - b.restsUntil())
      return [...rotated.filter((row) => row.restsUntil() <= moment), ...resting].map(({ copy }) => copy)
    },
  }
}
