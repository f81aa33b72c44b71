import { setTimeout as delay } from 'node:timers/promises'
import { ErrorType, isCommandError } from './client.ts'
import { StoreUnavailable } from '../faults.ts'

/** How long a call may take, how often it is made anew, and how long it waits in between; milliseconds. */
export interface Patience {
  /** A call, or the pause between two events of one, that takes longer is given up. */
  readonly callMs: number
  readonly tries: number
  /** Before the second try; each further wait is twice as long, up to a second. */
  readonly waitMs: number
}
export const PATIENCE: Patience = { callMs: 5_000, tries: 8, waitMs: 50 }

/** EventStoreDB did not answer in time; what it did is not known. */
export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut'
}

/** The index knows more than the log holds: the log was restored and nobody has begun a new epoch. */
export class IndexAhead extends Error {
  override readonly name = 'IndexAhead'
}

/**
 * What a failed call means for its next try:
 * - `elsewhere`: another node leads. Nothing was done; the client has noted who leads, so the next call goes there at once.
 * - `passing`: unavailable, cancelled by the server, out of time, or broken off. What it did is not known, and it may well succeed later.
 * - `lasting`: it would fail for ever: a mistake of ours, or a right that we lack.
 */
export function verdictOn(error: unknown): 'elsewhere' | 'passing' | 'lasting' {
  if (error instanceof CallTimedOut) return 'passing'
  if (error instanceof TypeError || error instanceof RangeError || error instanceof IndexAhead) return 'lasting'
  if (!(error instanceof Error && isCommandError(error))) return 'passing'
  switch (error.type) {
    case ErrorType.NOT_LEADER:
      return 'elsewhere'
    case ErrorType.UNAVAILABLE:
    case ErrorType.CANCELLED:
    case ErrorType.TIMEOUT:
    case ErrorType.DEADLINE_EXCEEDED:
    // HTTP/2 streams that end without a status, and refusals that only a proxy can explain.
    case ErrorType.UNKNOWN:
      return 'passing'
    default:
      return 'lasting'
  }
}

/**
 * Makes a call that may be made more than once until it succeeds. A new leader is asked at once, unless it sends us on again and again.
 * @throws StoreUnavailable after the last try; whatever lasts, as it is.
 */
export async function patiently<T>({ tries, waitMs }: Patience, call: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt)
    } catch (error) {
      const verdict = verdictOn(error)
      if (verdict === 'lasting' || error instanceof StoreUnavailable) throw error
      if (attempt >= tries) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new StoreUnavailable(`EventStoreDB did not answer in ${tries} tries: ${reason}`, { cause: error })
      }
      if (verdict === 'passing' || attempt > 1) await delay(Math.min(waitMs * 2 ** (attempt - 1), 1_000))
    }
  }
}
