import { limitsOn } from '../rules/limits.ts'
import { holdStream } from '../values/identifiers.ts'
import { businessDay, type Moment } from '../values/time.ts'
import { processManager, type Cause } from './process.ts'

interface HoldTerm {
  readonly hold: string
  /** When it began to wait, by the clock of the store. */
  readonly since: Moment
  readonly cause: Cause
}

const HOLD = holdStream('')

/** A held command expires where no official decides in time; one that was released and met something new waits for another whole term. */
export const holdTerms = processManager<HoldTerm | undefined>({
  name: 'hold-terms',
  isTimed: true,
  on: [
    'CommandHeld',
    'HoldReleased',
    'HoldCompleted',
    'HoldBlocked',
    'HoldExtended',
    'HoldRejected',
    'HoldWithdrawn',
    'HoldExpired',
  ],
  initial: undefined,
  instanceOf: ({ stream }) => stream.slice(HOLD.length),

  evolve(_state, { stream, recordedAt, event, cause }) {
    switch (event.type) {
      case 'CommandHeld':
      case 'HoldBlocked':
      case 'HoldExtended':
        return { hold: stream.slice(HOLD.length), since: recordedAt, cause }
      default:
        return undefined
    }
  },

  deadlines(state, terms) {
    if (!state) return []
    const { hold, since, cause } = state
    const due = terms.days(since, limitsOn(businessDay(since)).holdDays)
    return [{ key: 'expire', due, cause, effect: { type: 'send', command: { type: 'expire-hold', hold } } }]
  },
})
