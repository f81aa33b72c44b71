import { openSignal } from '../../../infra/event-store/signal.ts'
import type { EventStore, RecordedEvent, Subscription } from '../../../infra/event-store/port.ts'

/** The end of the log as all waiting readers of this process share it: one subscription, however many wait. */
export interface Tail {
  /** Raised count of what was appended; take it before reading, and wait with it after. */
  readonly count: number
  readonly closed: boolean
  /** Settles when something was appended since `seen`, or after `milliseconds`. */
  grown(seen: number, milliseconds: number): Promise<void>
  close(): Promise<void>
}

/** `onGrowth` sees every event that is appended from now on, before any waiting reader is woken. */
export async function openTail(
  store: Pick<EventStore, 'head' | 'subscribe'>,
  onGrowth: (page: readonly RecordedEvent[]) => void,
): Promise<Tail> {
  const signal = openSignal()
  let closed = false
  const subscription: Subscription = store.subscribe(await store.head(), async (page) => {
    onGrowth(page)
    signal.raise()
  })
  return {
    get count() {
      return signal.count
    },
    get closed() {
      return closed
    },
    grown: (seen, milliseconds) => signal.changed(seen, milliseconds),
    async close() {
      closed = true
      signal.raise()
      await subscription.stop()
    },
  }
}
