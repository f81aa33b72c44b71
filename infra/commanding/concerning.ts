import { streams } from '../../schemas/streams.ts'
import type { EventStore, RecordedEvent } from '../event-store/port.ts'
import { upcast } from '../event-store/upcast.ts'
import { type Concern, NO_CONCERN } from '../../schemas/stream/registry.ts'

const PAGE = 1_000

/** Whom an event concerns, by the whole history of its stream as it is now: for what happens seldom. */
export async function concernIn(
  store: Pick<EventStore, 'readStream'>,
  event: Pick<RecordedEvent, 'type' | 'stream'> & { readonly data: object },
): Promise<Concern> {
  const fold = streams.concernFoldOf(event.stream)
  if (!fold) return streams.concernOfEvent(event, NO_CONCERN)
  let known = fold.initial
  for (let from = 1; ; from += PAGE) {
    const page = await store.readStream(event.stream, { from, limit: PAGE })
    for (const recorded of page) known = fold.evolve(known, upcast(recorded))
    if (page.length < PAGE) return streams.concernOfEvent(event, known)
  }
}
