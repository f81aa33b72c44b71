import type { EventStore, Position } from '../../../infra/event-store/port.ts'
import type { Trouble } from '../../../infra/http/problem.ts'
import { renderRefusal } from '../../../schemas/texts/render.ts'
import type { Tail } from './tail.ts'

/** Which log this is, and where it ends. */
export interface LogEnd {
  readonly head: Position
  readonly epoch: string
}

// Another process may have answered with a position that this one has not seen yet; after a second it is no matter of haste any more.
const GRACE_MS = 1_000

export async function logFor(
  store: Pick<EventStore, 'head' | 'epoch'>,
  tail: Pick<Tail, 'count' | 'grown'>,
  after: Position,
): Promise<LogEnd> {
  const epoch = await store.epoch()
  const until = performance.now() + GRACE_MS
  for (;;) {
    const seen = tail.count
    const head = await store.head()
    const left = until - performance.now()
    if (head >= after || left <= 0) return { head, epoch }
    await tail.grown(seen, left)
  }
}

/**
 * What is wrong with going on from a position that this log has not reached, or that is of another epoch: the log was restored from a backup, or
 * the position is another park's. Without this a reader would wait there, deaf, until the log had grown past it, and miss what was appended meanwhile.
 */
export function beyondLog({ head, epoch }: LogEnd, after: Position, known: string | undefined): Trouble | undefined {
  const another = known !== undefined && known !== epoch
  if (after <= head && !another) return undefined
  return {
    code: another ? 'epoch-changed' : 'position-beyond-head',
    facts: { position: String(after), head: String(head), epoch },
    members: { head: String(head), epoch },
    headers: { 'wufei-position': String(head), 'wufei-epoch': epoch },
  }
}

export const malformedHeader = (header: string): Trouble => ({
  code: 'malformed',
  errors: [renderRefusal({ code: 'header-position-malformed', pointer: '', facts: { header } })],
})
