import { randomUUID } from 'node:crypto'
import { admit, askedIds, type Admitted } from './admission.ts'
import { StoreUnavailable } from './faults.ts'
import { utcMicros } from './moment.ts'
import type { AppendResult, EventStore, Receipt, RecordedEvent } from './port.ts'
import { openSignal } from './signal.ts'
import { subscribeByReading } from './subscription.ts'

/**
 * The store as it is meant, in the fewest words: an array and two maps, nothing kept after the process. Tests use it as a store, and
 * the other adapters are held against it. `now` gives RFC 3339; a clock that goes back does not take the log back.
 */
export function openMemoryStore({
  now = () => new Date().toISOString(),
}: {
  readonly now?: () => string
} = {}): EventStore {
  const log: RecordedEvent[] = []
  const streams = new Map<string, RecordedEvent[]>()
  const receipts = new Map<string, Receipt>()
  const appended = openSignal()
  const epoch = randomUUID()
  let open = true

  function append({ stream, expected, commandId, digest, events }: Admitted): AppendResult {
    const earlier = receipts.get(commandId)
    if (earlier) {
      const same =
        earlier.stream === stream && (digest === undefined || earlier.digest === undefined || digest === earlier.digest)
      return same ? { outcome: 'replayed', ...earlier } : { outcome: 'reused' }
    }
    const history = streams.get(stream) ?? []
    if (expected !== 'any' && expected !== history.length) return { outcome: 'conflict', revision: history.length }

    const clock = utcMicros(now())
    const last = log.at(-1)?.recordedAt ?? clock
    const recordedAt = clock > last ? clock : last
    const firstPosition = log.length + 1
    for (const { body, ...event } of events) {
      const { data, metadata } = JSON.parse(body, frozen) as Pick<RecordedEvent, 'data' | 'metadata'>
      const recorded: RecordedEvent = {
        ...event,
        position: log.length + 1,
        stream,
        revision: history.length + 1,
        recordedAt,
        data,
        metadata,
      }
      log.push(recorded)
      history.push(recorded)
    }
    streams.set(stream, history)
    const receipt: Receipt = {
      stream,
      revision: history.length,
      position: log.length,
      firstPosition,
      count: events.length,
      digest,
    }
    receipts.set(commandId, receipt)
    appended.raise()
    return { outcome: 'appended', ...receipt }
  }

  const store: EventStore = {
    async append(request) {
      if (!open) throw new StoreUnavailable('the store is closed')
      return append(admit(request))
    },
    async readStream(stream, { from = 1, limit = Number.POSITIVE_INFINITY } = {}) {
      return (streams.get(stream) ?? []).slice(from - 1, from - 1 + limit)
    },
    async readAll(after, limit) {
      return log.slice(after, after + limit)
    },
    subscribe: (after, onPage, options) =>
      subscribeByReading(store, appended, Number.POSITIVE_INFINITY, after, onPage, options),
    async receipts(commandIds) {
      return new Map(
        [...askedIds(commandIds)].flatMap(([id, asked]) => {
          const receipt = receipts.get(id)
          return receipt ? [[asked, receipt] as const] : []
        }),
      )
    },
    async head() {
      return log.length
    },
    async positionAt(moment) {
      const until = utcMicros(moment)
      return log.findLast(({ recordedAt }) => recordedAt <= until)?.position ?? 0
    },
    async epoch() {
      return epoch
    },
    async close() {
      open = false
    },
  }
  return store
}

// Events are facts: a fold that writes into one would change history for the next reader.
const frozen = (_key: string, value: unknown): unknown => Object.freeze(value)
