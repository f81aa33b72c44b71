import { setTimeout as delay } from 'node:timers/promises'
import { derivedId } from '../event-id.ts'
import type { AppendRequest, AppendResult, EventStore, RecordedEvent } from '../port.ts'
import type { Behaviour } from './behaviour.ts'
import { Refusal } from './trouble.ts'

/** The log as a node shows it: without what it does not have, and without what it has taken but cannot be read yet. */
export interface View {
  append(request: AppendRequest): Promise<AppendResult>
  readStream(stream: string, from?: number): Promise<readonly RecordedEvent[]>
  readAll(after: number, limit: number): Promise<readonly RecordedEvent[]>
  head(): Promise<number>
  /** The number of events that a stream has, be they shown or not: what an expected revision is judged by. */
  length(stream: string): Promise<number>
  /** Waits until a position can be read. False once `gone` was called off. */
  shown(position: number, gone: AbortSignal): Promise<boolean>
  /** Soft deletion: its events so far are not shown any more, and it goes on at its old number. */
  hide(stream: string): Promise<void>
  /** True where it was deleted softly and nothing was appended since. */
  isHidden(stream: string): Promise<boolean>
}

export function openView(store: EventStore, behaviour: Behaviour): View {
  /** First positions of appends that were taken and are not readable yet. */
  const unread = new Set<number>()
  const truncated = new Map<string, number>()

  const last = (): number => Math.min(behaviour.knowsUpTo ?? Number.POSITIVE_INFINITY, ...[...unread].map((p) => p - 1))
  const isShown = (): boolean => behaviour.knowsUpTo === undefined && unread.size === 0
  const shownOf = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => {
    if (isShown()) return events
    const end = last()
    return events.filter(({ position }) => position <= end)
  }
  const length = async (stream: string): Promise<number> => (await store.readStream(stream)).length

  return {
    async append(request) {
      const before = truncated.get(request.stream)
      const undeletes = request.expected === 0 && before !== undefined && (await length(request.stream)) === before
      const result = await store.append(undeletes ? { ...request, expected: before } : request)
      if (result.outcome === 'replayed' && result.position > last()) {
        // A repeat of what has not reached a quorum yet is dropped: the caller hears of it by the time limit for writes alone.
        await delay(behaviour.writeTimeoutMs)
        throw new Refusal('Timeout')
      }
      if (result.outcome === 'appended' && behaviour.readableAfterMs > 0) {
        unread.add(result.firstPosition)
        await delay(behaviour.readableAfterMs)
        unread.delete(result.firstPosition)
      }
      return result
    },
    async readStream(stream, from = 1) {
      if (stream.startsWith('$$')) return metadataOf(stream, truncated)
      const hidden = truncated.get(stream) ?? 0
      return shownOf(await store.readStream(stream, { from: Math.max(from, hidden + 1) }))
    },
    readAll: async (after, limit) => shownOf(await store.readAll(after, limit)),
    head: async () => Math.min(await store.head(), last()),
    length,
    async shown(position, gone) {
      while (position > last()) {
        if (gone.aborted) return false
        await delay(1)
      }
      return true
    },
    async hide(stream) {
      truncated.set(stream, await length(stream))
    },
    isHidden: async (stream) => truncated.has(stream) && truncated.get(stream) === (await length(stream)),
  }
}

/** What soft deletion leaves in a stream's metadata: nothing is shown that lies before the highest number there is. */
function metadataOf(stream: string, truncated: ReadonlyMap<string, number>): readonly RecordedEvent[] {
  if (!truncated.has(stream.slice(2))) return []
  const id = derivedId('metadata', stream)
  return [
    {
      position: 1,
      stream,
      revision: 1,
      id,
      type: '$metadata',
      schemaVersion: 1,
      occurredAt: '1970-01-01T00:00:00Z',
      recordedAt: '1970-01-01T00:00:00.000000Z',
      data: { id, contentType: 'application/json', data: '{"$tb":9223372036854775807}', metadata: '{}' },
      metadata: { commandId: id, actor: { subject: 'eventstoredb', roles: [] }, provenance: 'live' },
    },
  ]
}
