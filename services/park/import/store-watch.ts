import type { EventStore } from '../../../infra/event-store/port.ts'

/** A store that is watched: how many events went in. */
export interface Watched {
  readonly store: EventStore
  /** Events appended through it so far. */
  events(): number
}

// A wide window asks for many streams at once. They wait here for their turn, and not for a session of the database, where patience is short.
const READS_AT_ONCE = 8

/** Counts what is appended and lets reads wait for their turn. */
export function watch(store: EventStore): Watched {
  let events = 0
  const turns = inTurns(READS_AT_ONCE)
  return {
    store: {
      append: async (request) => {
        const result = await store.append(request)
        if (result.outcome === 'appended') events += result.count
        return result
      },
      readStream: (stream, options) => turns(() => store.readStream(stream, options)),
      readAll: (after, limit) => store.readAll(after, limit),
      subscribe: (after, onPage, options) => store.subscribe(after, onPage, options),
      receipts: (ids) => store.receipts(ids),
      head: () => store.head(),
      positionAt: (moment) => store.positionAt(moment),
      epoch: () => store.epoch(),
      close: () => store.close(),
    },
    events: () => events,
  }
}

/** Runs calls such that no more than `width` are under way; the others follow in their order. */
function inTurns(width: number): <T>(call: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let open = 0
  return async (call) => {
    if (open >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else open++
    try {
      return await call()
    } finally {
      // The place is handed on, so that nobody who comes later takes it first.
      const next = waiting.shift()
      if (next) next()
      else open--
    }
  }
}
