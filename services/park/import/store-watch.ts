import type { EventStore } from '../../../infra/event-store/port.ts'

/** A store that is watched: how many events went in, and which commands they answer. */
export interface Watched {
  readonly store: EventStore
  /** Events appended through it so far. */
  events(): number
  /** Whether this command, or one that follows from it, appended anything since it was asked last. */
  took(commandId: string): boolean
}

// A wide window asks for many streams at once. They wait here for their turn, and not for a session of the database, where patience is short.
const READS_AT_ONCE = 8

/** Watches appends; a command that follows from another counts for the first of its chain. */
export function watch(store: EventStore): Watched {
  const fresh = new Set<string>()
  let events = 0
  const turns = inTurns(READS_AT_ONCE)
  return {
    store: {
      append: async (request) => {
        const result = await store.append(request)
        if (result.outcome === 'appended') {
          events += result.count
          fresh.add(request.events[0]?.metadata.correlationId ?? request.commandId)
        }
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
    took: (commandId) => fresh.delete(commandId),
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
