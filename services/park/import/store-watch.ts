import type { EventStore } from '../../../infra/event-store/port.ts'

/** A store that is watched: how many events went in, and which commands they answer. */
export interface Watched {
  readonly store: EventStore
  /** Events appended through it so far. */
  events(): number
  /** Whether this command, or one that follows from it, appended anything since it was asked last. */
  took(commandId: string): boolean
}

/** Watches appends; a command that follows from another counts for the first of its chain. */
export function watch(store: EventStore): Watched {
  const fresh = new Set<string>()
  let events = 0
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
      readStream: (stream, options) => store.readStream(stream, options),
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
