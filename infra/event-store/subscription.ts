import { StoreUnavailable } from './faults.ts'
import type { EventStore, Position, RecordedEvent, Subscription } from './port.ts'
import type { Signal } from './signal.ts'

const PAGE = 500

/**
 * A subscriber is a reader that waits at the end of the log. The signal only shortens the wait: a hint that is lost costs `pollMs`,
 * never an event. While the store cannot be reached it goes on trying; a fault of the page's handler ends it.
 */
export function subscribeByReading(
  store: Pick<EventStore, 'readAll'>,
  changes: Signal,
  pollMs: number,
  after: Position,
  onPage: (page: readonly RecordedEvent[]) => Promise<void>,
  { pageSize = PAGE }: { readonly pageSize?: number } = {},
): Subscription {
  let stopped = false

  async function run(): Promise<void> {
    let position = after
    while (!stopped) {
      const seen = changes.count
      const page = await readOrUndefined(position)
      if (stopped) return
      if (page && page.length > 0) {
        await onPage(page)
        position = page.at(-1)?.position ?? position
      } else {
        await changes.changed(seen, pollMs)
      }
    }
  }

  async function readOrUndefined(position: Position): Promise<readonly RecordedEvent[] | undefined> {
    try {
      return await store.readAll(position, pageSize)
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined
      throw error
    }
  }

  const done = run()
  // Whoever cares for the fault awaits `done`; without anyone it must not end the process.
  done.catch(() => undefined)
  return {
    done,
    async stop() {
      stopped = true
      changes.raise()
      await done.catch(() => undefined)
    },
  }
}
