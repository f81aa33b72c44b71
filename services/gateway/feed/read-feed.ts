import type { States } from '../../../infra/commanding/states.ts'
import type { EventStore, Position, RecordedEvent } from '../../../infra/event-store/port.ts'
import { sees, type Visibility } from '../../../infra/identity/visibility.ts'
import { concernOf } from './concern.ts'

export interface FeedSource {
  readonly store: Pick<EventStore, 'readAll'>
  readonly states: States
}

export interface FeedPage {
  readonly events: readonly RecordedEvent[]
  /** How far the log was looked through: where the next page begins, also when nothing on the way was for this reader. */
  readonly reached: Position
  /** Whether the log ended there. */
  readonly end: boolean
}

const READ = 500
// One question looks through no more of the log than this, however little of it is for who asks.
const MOST_READ = 5_000

// Parties of a stream hardly ever change; a reader who becomes one later has later events for it.
const PARTIES_MAX_AGE = 60_000

/** At most `limit` events after `after` that are something to who sees this much, in the order of the log. */
export async function readFeed(
  { store, states }: FeedSource,
  visibility: Visibility,
  after: Position,
  limit: number,
): Promise<FeedPage> {
  const events: RecordedEvent[] = []
  let reached = after
  for (let read = 0; read < MOST_READ; ) {
    const page = await store.readAll(reached, Math.min(READ, visibility.all ? limit : READ))
    for (const event of page) {
      reached = event.position
      if (visibility.all || sees(visibility, await concernOf(event, states, PARTIES_MAX_AGE))) events.push(event)
      if (events.length === limit) return { events, reached, end: false }
    }
    if (page.length === 0) return { events, reached, end: true }
    read += page.length
  }
  return { events, reached, end: false }
}
