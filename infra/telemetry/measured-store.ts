import type { EventStore } from '../event-store/port.ts'
import type { Metrics } from './metrics.ts'

/** The same store; how long its appends take, and how they end, shows in the metrics. */
export function measuredStore(store: EventStore, metrics: Metrics): EventStore {
  return {
    async append(request) {
      const start = performance.now()
      let outcome = 'fault'
      try {
        const result = await store.append(request)
        outcome = result.outcome
        return result
      } finally {
        metrics.append(outcome, (performance.now() - start) / 1_000)
      }
    },
    readStream: (...asked) => store.readStream(...asked),
    readAll: (...asked) => store.readAll(...asked),
    subscribe: (...asked) => store.subscribe(...asked),
    receipts: (...asked) => store.receipts(...asked),
    head: () => store.head(),
    positionAt: (...asked) => store.positionAt(...asked),
    epoch: () => store.epoch(),
    close: () => store.close(),
  }
}
