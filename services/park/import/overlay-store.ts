import { openMemoryStore } from '../../../infra/event-store/memory.ts'
import type { EventStore, ReadStreamOptions, RecordedEvent } from '../../../infra/event-store/port.ts'

/**
 * A store that reads what another holds and keeps every append to itself, in memory: a trial run decides by the truth and changes
 * nothing. A stream that is written to is copied first, so that expected revisions mean what they mean below.
 */
export function overlay(below: EventStore): EventStore {
  const own = openMemoryStore()
  const lengths = new Map<string, Promise<number>>()

  const lengthBelow = (stream: string): Promise<number> => {
    let length = lengths.get(stream)
    if (length === undefined) {
      length = base().then((head) => (head === 0 ? 0 : lengthOf(below, stream)))
      lengths.set(stream, length)
    }
    return length
  }
  const lift = (event: RecordedEvent, by: number, head: number): RecordedEvent => ({
    ...event,
    revision: event.revision + by,
    position: event.position + head,
  })
  let headBelow: Promise<number> | undefined
  const base = (): Promise<number> => (headBelow ??= below.head())

  return {
    async append(request) {
      const earlier =
        (await base()) === 0 ? undefined : (await below.receipts([request.commandId])).get(request.commandId)
      if (earlier) {
        const same =
          earlier.stream === request.stream &&
          (request.digest === undefined || earlier.digest === undefined || request.digest === earlier.digest)
        return same ? { outcome: 'replayed', ...earlier } : { outcome: 'reused' }
      }
      const [length, head] = await Promise.all([lengthBelow(request.stream), base()])
      const { expected } = request
      if (expected !== 'any' && expected < length) return { outcome: 'conflict', revision: length }
      const result = await own.append({ ...request, expected: expected === 'any' ? 'any' : expected - length })
      if (result.outcome === 'conflict') return { outcome: 'conflict', revision: result.revision + length }
      if (result.outcome !== 'appended' && result.outcome !== 'replayed') return result
      return {
        ...result,
        revision: result.revision + length,
        position: result.position + head,
        firstPosition: result.firstPosition + head,
      }
    },
    async readStream(stream, { from = 1, limit = Number.POSITIVE_INFINITY }: ReadStreamOptions = {}) {
      const [length, head] = await Promise.all([lengthBelow(stream), base()])
      // What others append below while the trial runs is left out: the trial is of one moment.
      const old =
        from <= length ? await below.readStream(stream, { from, limit: Math.min(limit, length - from + 1) }) : []
      if (old.length >= limit) return old
      const fresh = await own.readStream(stream, { from: Math.max(1, from - length), limit: limit - old.length })
      return [...old, ...fresh.map((event) => lift(event, length, head))]
    },
    readAll: (after, limit) => below.readAll(after, limit),
    subscribe: (after, onPage, options) => below.subscribe(after, onPage, options),
    async receipts(commandIds) {
      const [old, fresh, head] = await Promise.all([below.receipts(commandIds), own.receipts(commandIds), base()])
      const lifted = await Promise.all(
        [...fresh].map(async ([id, receipt]) => {
          const length = await lengthBelow(receipt.stream)
          return [
            id,
            {
              ...receipt,
              revision: receipt.revision + length,
              position: receipt.position + head,
              firstPosition: receipt.firstPosition + head,
            },
          ] as const
        }),
      )
      return new Map([...old, ...lifted])
    },
    head: async () => (await base()) + (await own.head()),
    positionAt: (moment) => below.positionAt(moment),
    epoch: () => below.epoch(),
    close: () => own.close(),
  }
}

const PAGE = 1_000

/** Number of events in a stream. */
async function lengthOf(store: EventStore, stream: string): Promise<number> {
  for (let length = 0; ; ) {
    const page = await store.readStream(stream, { from: length + 1, limit: PAGE })
    length += page.length
    if (page.length < PAGE) return length
  }
}
