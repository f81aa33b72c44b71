import type { EventStore, Position, RecordedEvent } from '../../../infra/event-store/port.ts'
import { canRead, type Visibility } from '../../../infra/identity/visibility.ts'
import { LaterEvent } from '../../../schemas/stream/registry.ts'
import { streams } from '../../../schemas/streams.ts'
import type { Concerns } from './concern.ts'

export interface FeedSource {
  readonly store: EventStore
  readonly concerns: Pick<Concerns, 'of'>
}

export interface FeedPage {
  readonly events: readonly RecordedEvent[]
  /** How far the log was looked through: where the next page begins, also when nothing on the way was for this reader. */
  readonly reached: Position
  /** Whether the log ended there. */
  readonly end: boolean
  /**
   * Position of an event that only a later system can tell, or whose readers only a later system knows. The page ends before it, for every reader:
   * whether it is for them is not known.
   */
  readonly later?: Position
}

const READ = 500
// One question looks through no more of the log than this, however little of it is for who asks.
const MOST_READ = 5_000

/**
 * At most `limit` events after `after` that this reader may see, in the order of the log. What happened to a thing before its reader had a
 * part in it is in a feed that is read from the beginning, and in GraphQL's histories; a feed that had passed it does not go back for it.
 */
export async function readFeed(
  { store, concerns }: FeedSource,
  visibility: Visibility,
  after: Position,
  limit: number,
): Promise<FeedPage> {
  const events: RecordedEvent[] = []
  let reached = after
  for (let read = 0; read < MOST_READ; ) {
    const page = await store.readAll(reached, Math.min(READ, visibility.all ? limit : READ))
    for (const event of page) {
      const seen = await seenBy(concerns, visibility, event)
      if (seen === 'later') return { events, reached, end: false, later: event.position }
      reached = event.position
      if (seen) events.push(event)
      if (events.length === limit) return { events, reached, end: false }
    }
    if (page.length === 0) return { events, reached, end: true }
    read += page.length
  }
  return { events, reached, end: false }
}

/** Whether a reader may see an event. A stream that goes on with an event of a later system cannot be folded, so whom it concerns is not known either. */
async function seenBy(
  concerns: FeedSource['concerns'],
  visibility: Visibility,
  event: RecordedEvent,
): Promise<boolean | 'later'> {
  if (!streams.knows(event)) return 'later'
  if (visibility.all) return true
  try {
    return canRead(visibility, await concerns.of(event))
  } catch (error) {
    if (error instanceof LaterEvent) return 'later'
    throw error
  }
}
