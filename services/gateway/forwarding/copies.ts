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
const TRIAL_MS = 10_000

interface Row {
  readonly copy: Copy
  failures: number
  restsUntil: number
}

/**
 * Remembers which copies failed. One that failed rests, twice as long each time, and is then tried again by a request: a copy that came
 * back needs no other sign of life than its answer, and one that is away costs a refused connection now and then. While that one request has no
 * answer, for `trialMs` at most, the copy rests for all others: who hangs holds up one of them and no more.
 */
export function openCopies(
  urls: readonly string[],
  now: () => number = () => performance.now(),
  trialMs = TRIAL_MS,
): Copies {
  const rows = urls.map((url): Row => {
    const row: Row = {
      failures: 0,
      restsUntil: Number.NEGATIVE_INFINITY,
      copy: {
        url: new URL(url),
        worked() {
          row.failures = 0
          row.restsUntil = Number.NEGATIVE_INFINITY
        },
        failed() {
          row.restsUntil = now() + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** row.failures)
          row.failures++
        },
      },
    }
    return row
  })
  let turn = 0
  return {
    inTurn() {
      const moment = now()
      const first = turn++
      const rotated = rows.map((_, index) => rows[(first + index) % rows.length]).filter((row) => row !== undefined)
      const [next, ...others] = rotated.filter((row) => row.restsUntil <= moment)
      if (next && next.failures > 0) next.restsUntil = moment + trialMs
      const sound = others.filter(({ failures }) => failures === 0)
      const doubtful = rotated
        .filter((row) => row !== next && !sound.includes(row))
        .sort((a, b) => a.restsUntil - b.restsUntil)
      return [...(next ? [next] : []), ...sound, ...doubtful].map(({ copy }) => copy)
    },
  }
}
