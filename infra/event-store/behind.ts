import type { EventStore, Position } from './port.ts'

/** How far somebody who follows the log is behind it. */
export interface Behind {
  /** Counted to 1,000. */
  readonly events: number
  /** Age of the oldest of them, 0 for none. */
  readonly seconds: number
}

const MOST = 1_000

/** What lies behind a position: the events are read, because two positions do not tell how many lie between them. */
export async function behind(store: Pick<EventStore, 'readAll'>, position: Position): Promise<Behind> {
  const waiting = await store.readAll(position, MOST)
  const [oldest] = waiting
  return {
    events: waiting.length,
    seconds: oldest ? Math.max(0, (Date.now() - Date.parse(oldest.recordedAt)) / 1_000) : 0,
  }
}
