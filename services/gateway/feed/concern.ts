import { openStates } from '../../../infra/commanding/states.ts'
import type { EventStore, RecordedEvent } from '../../../infra/event-store/port.ts'
import { streams } from '../../../schemas/streams.ts'
import { type Concern, NO_CONCERN } from '../../../schemas/stream/registry.ts'

/** Whom events concern, as the log says it now. */
export interface Concerns {
  of(event: RecordedEvent): Promise<Concern>
  /** Drops what is kept of a stream that has grown. */
  forget(stream: string): void
}

// Streams that are kept: a few hundred bytes each.
const KEPT = 50_000

/**
 * Folds whom a stream concerns from its events: the same folds that fill the read models, so that the feed and GraphQL agree, whether or not
 * projections run. What is kept is dropped when its stream grows (`forget`), and read again where it is older than the event asked about.
 */
export function openConcerns(store: EventStore): Concerns {
  const states = openStates(store, { max: KEPT })
  return {
    async of(event) {
      const fold = streams.concernFoldOf(event.stream)
      if (!fold) return streams.concernOfEvent(event, NO_CONCERN)
      const kept = await states.load(fold, event.stream, Number.POSITIVE_INFINITY)
      const newest = kept.revision < event.revision ? await states.load(fold, event.stream, 0) : kept
      return streams.concernOfEvent(event, newest.state)
    },
    forget: (stream) => states.forget(stream),
  }
}
