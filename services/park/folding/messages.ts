import type { Configuration } from '../../../infra/configuration/configuration.ts'
import type { Position } from '../../../infra/event-store/port.ts'
import type { FeedCounts } from '../../../infra/feed/counts.ts'
import type { Parked } from '../../../projections/runner/checkpoints.ts'

/** A fault as it crosses to another thread: a structured clone drops names, codes and causes of errors of our own. */
export interface PlainFault {
  readonly name: string
  readonly message: string
  readonly stack?: string | undefined
  readonly code?: string | undefined
  readonly cause?: PlainFault | undefined
}

/** What the main thread says to the folding thread. */
export type Order =
  | { readonly do: 'open'; readonly config: Configuration; readonly databaseUrl: string }
  | { readonly do: 'replay'; readonly call: number }
  | { readonly do: 'stop' }

/** What the folding thread says to the main thread. */
export type Report =
  /** The tables are there, and the log is followed. */
  | { readonly is: 'open' }
  /** It could not be opened: another thread may have more luck. */
  | { readonly is: 'not open'; readonly fault: PlainFault }
  /** The rows are of another log: no other thread can go on with them either. */
  | { readonly is: 'gave up'; readonly fault: PlainFault }
  /** This thread folds from now on, from these positions by projection; without them it folds no longer. */
  | { readonly is: 'leading'; readonly positions: Readonly<Record<string, Position>> | undefined }
  /** A page was committed. */
  | {
      readonly is: 'advanced'
      readonly projection: string
      readonly position: Position
      readonly counts?: FeedCounts | undefined
    }
  | { readonly is: 'fault'; readonly fault: PlainFault; readonly of: 'projection' | 'feed' }
  | { readonly is: 'parked'; readonly parked: Parked }
  | { readonly is: 'replayed'; readonly call: number; readonly events: number }
  | { readonly is: 'not replayed'; readonly call: number; readonly fault: PlainFault }

export function plainFault(fault: unknown): PlainFault {
  if (!(fault instanceof Error)) return { name: 'Error', message: String(fault) }
  const { name, message, stack, cause } = fault
  const { code } = fault as NodeJS.ErrnoException
  return { name, message, stack, code, cause: cause === undefined ? undefined : plainFault(cause) }
}

export function faultOf({ name, message, stack, code, cause }: PlainFault): Error {
  const fault = new Error(message, cause ? { cause: faultOf(cause) } : {})
  return Object.assign(fault, { name, ...(stack ? { stack } : {}), ...(code ? { code } : {}) })
}
