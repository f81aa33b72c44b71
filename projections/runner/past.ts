import { LRUCache } from 'lru-cache'
import type { EventStore, Position, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Past } from '../projection.ts'

export interface PastOptions {
  /** End of the page that is folded: later events have not happened yet. */
  readonly upTo: Position
  /** False for events that are parked. */
  readonly happened?: (event: RecordedEvent) => boolean
}

// Long streams that are corrected are corrected again: a pool of a year is some ten thousand events, of half a kilobyte each.
const KEPT_EVENTS = 50_000
const LONG = 250

interface Known {
  readonly from: number
  readonly events: readonly RecordedEvent[]
}
const known = new WeakMap<EventStore, LRUCache<string, Known>>()

function cacheOf(store: EventStore): LRUCache<string, Known> {
  const cache =
    known.get(store) ?? new LRUCache({ maxSize: KEPT_EVENTS, sizeCalculation: ({ events }) => events.length })
  known.set(store, cache)
  return cache
}

/** Streams read from the store, which has every event that any page can hold, whatever the page was read from. */
export function openPast(store: EventStore, { upTo, happened = () => true }: PastOptions): Past {
  const cache = cacheOf(store)

  /** Events never change, so of what was read before only what was appended since is read. */
  async function read(stream: string, from: number): Promise<readonly RecordedEvent[]> {
    const kept = cache.get(stream)
    if (!kept || kept.from > from) {
      const events = await store.readStream(stream, { from })
      if (events.length >= LONG) cache.set(stream, { from, events })
      return events
    }
    const next = (kept.events.at(-1)?.revision ?? kept.from - 1) + 1
    const newer = await store.readStream(stream, { from: next })
    const events = newer.length === 0 ? kept.events : [...kept.events, ...newer]
    if (newer.length > 0) cache.set(stream, { from: kept.from, events })
    return events.slice(from - kept.from)
  }

  return {
    of: async (stream, from = 1) =>
      (await read(stream, from)).filter((event) => event.position <= upTo && happened(event)),
  }
}
