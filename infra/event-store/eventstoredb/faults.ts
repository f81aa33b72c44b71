import { setTimeout as delay } from 'node:timers/promises'
import { StoreBusy, StoreRefused, StoreUnavailable } from '../faults.ts'
import { ErrorType, isCommandError } from './client.ts'

/** How long a call may take, how often it is repeated, and how long it waits in between; milliseconds. */
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

/** The server took an append and gave up waiting for a quorum, as a leader does that has lost its cluster. It may get in later. */
export class WriteTimedOut extends Error {
  override readonly name = 'WriteTimedOut'
}

/** The node does not lead and knows no node that does. Nothing was done. */
export class NodeNotReady extends Error {
  override readonly name = 'NodeNotReady'
}

/** The node has too much to do. Nothing was done. */
export class NodeBusy extends Error {
  override readonly name = 'NodeBusy'
}

/** The node was left for the leader while the call was under way; what it did is not known. */
export class NodeLeft extends Error {
  override readonly name = 'NodeLeft'
}

/**
 * The index knows more than the log holds, and all that could explain it but a restore was ruled out: the node that answered is the leader by a
 * majority of its cluster (or has no cluster), and it was asked again and again.
 */
export class IndexAhead extends Error {
  override readonly name = 'IndexAhead'
}

/**
 * What a failed call means for its next try:
 * - `elsewhere`: the call goes to another node now. Whether this one did something is not known.
 * - `passing`: unavailable, cancelled by the server, out of time, or broken off. What it did is not known, and it may well succeed later.
 * - `lasting`: it would fail for ever: a mistake of ours, or a right that we lack.
 */
export function verdictOn(error: unknown): 'elsewhere' | 'passing' | 'lasting' {
  if (error instanceof NodeLeft) return 'elsewhere'
  if (error instanceof TypeError || error instanceof RangeError) return 'lasting'
  if (error instanceof StoreRefused || error instanceof IndexAhead) return 'lasting'
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

/** Whether a call that failed so may have been asked of a node that does not lead any more. */
export function doubtsLeader(error: unknown): boolean {
  if (error instanceof NodeNotReady || error instanceof WriteTimedOut || error instanceof CallTimedOut) return true
  // The log of one that was cut off may have gone its own way at the end.
  if (error instanceof StoreRefused) return error.reason === 'invalid-position'
  if (!(error instanceof Error && isCommandError(error))) return false
  return [ErrorType.UNAVAILABLE, ErrorType.TIMEOUT, ErrorType.DEADLINE_EXCEEDED].includes(error.type)
}

/**
 * Makes a call that may be made more than once until it succeeds. A new leader is asked at once, unless it sends us on again and again.
 * @throws StoreUnavailable after the last try; what lasts, and what was tried often enough inside the call, as it is
 */
export async function patiently<T>({ tries, waitMs }: Patience, call: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt)
    } catch (error) {
      const verdict = verdictOn(error)
      // Both end a loop inside the call that had its own tries: with these around it, one would be the multiple of the other.
      if (error instanceof StoreUnavailable || error instanceof StoreBusy) throw error
      if (verdict === 'lasting') throw error
      if (attempt >= tries) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new StoreUnavailable(`EventStoreDB did not answer in ${tries} tries: ${reason}`, { cause: error })
      }
      if (verdict === 'passing' || attempt > 1) await delay(Math.min(waitMs * 2 ** (attempt - 1), 1_000))
    }
  }
}
