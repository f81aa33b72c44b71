import type { EventStore, Position } from '../event-store/port.ts'

const PAGE = 1_000

/**
 * Streams of events by their ids, found by reading the log behind `after`. What is found in no event is left out. For what no index holds yet:
 * the cost is that of the events read.
 */
export async function streamsInLog(
  store: Pick<EventStore, 'readAll'>,
  ids: readonly string[],
  after: Position,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const wanted = new Set(ids)
  for (let from = after; wanted.size > 0; ) {
    const page = await store.readAll(from, PAGE)
    for (const { id, stream } of page) if (wanted.delete(id)) found.set(id, stream)
    const last = page.at(-1)
    if (last === undefined) break
    from = last.position
  }
  return found
}
