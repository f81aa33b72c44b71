import type { Configuration } from '../../../../infra/configuration/configuration.ts'
import type { PlainFault } from '../../folding/messages.ts'
import type { Attempted, AttemptOptions } from '../import-park.ts'
import type { PlainStep } from '../local-park.ts'

/** An attempt at one plan, under the number that its answer names. */
export interface AskedAttempt extends AttemptOptions {
  readonly call: number
  readonly steps: readonly PlainStep[]
}

/** What the main thread asks of an import thread. */
export type Order =
  | { readonly do: 'open'; readonly config: Configuration }
  | { readonly do: 'attempt'; readonly attempts: readonly AskedAttempt[] }
  | { readonly do: 'stop' }

/** What an import thread answers. */
export type Report =
  | { readonly is: 'open' }
  | {
      readonly is: 'attempted'
      readonly attempted: readonly (Attempted & { readonly call: number })[]
      /** Events that this thread has recorded so far. */
      readonly events: number
    }
  /** The thread could not be opened, or a store failed under it: the import breaks off. */
  | { readonly is: 'fault'; readonly fault: PlainFault }
