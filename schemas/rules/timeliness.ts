import type { Context } from '../context.ts'
import type { Finding } from '../decision.ts'
import { businessDay, type Moment } from '../values/time.ts'
import { inOrder, lateRecording } from './recording.ts'

interface Act {
  readonly occurredAt: Moment
  readonly reason?: string | undefined
}

/**
 * R59 and R106 for one act: not before `previous`, the last thing that happened to what it is about (nothing for a first act), not
 * after the server's clock by more than clocks may differ, and recorded within a day or with a reason.
 */
export function timeliness(
  { occurredAt, reason }: Act,
  previous: Moment | undefined,
  { now, provenance }: Context,
  step = 'occurred',
  pointer = '/occurredAt',
): readonly Finding[] {
  const day = businessDay(occurredAt)
  const order = inOrder(
    [
      { name: 'previous', at: previous },
      { name: step, at: occurredAt },
    ],
    now,
    day,
    pointer,
  )
  return [...order, ...lateRecording({ occurredAt, now, provenance, reason }, day)]
}
