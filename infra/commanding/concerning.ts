import { concernFoldOf, concernOfEvent, NOBODY, type Concern } from '../../schemas/concern.ts'
import type { EventStore, RecordedEvent } from '../event-store/port.ts'
import { upcast } from '../event-store/upcast.ts'

const PAGE = 1_000

/** Whom an event concerns, by the whole history of its stream as it is now: for what happens seldom. */
export async function concernIn(
  store: Pick<EventStore, 'readStream'>,
  event: Pick<RecordedEvent, 'stream'> & { readonly data: object },
): Promise<Concern> {
  const fold = concernFoldOf(event.stream)
  if (!fold) return concernOfEvent(event, NOBODY)
  let known = fold.initial
  for (let from = 1; ; from += PAGE) {
    const page = await store.readStream(event.stream, { from, limit: PAGE })
    for (const recorded of page) known = fold.evolve(known, upcast(recorded))
    if (page.length < PAGE) return concernOfEvent(event, known)
  }
}
