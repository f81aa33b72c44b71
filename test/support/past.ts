import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { Past } from '../../projections/projection.ts'

/** The past of streams in a history that lies in memory. */
export function pastOf(history: readonly RecordedEvent[]): Past {
  const streams = new Map<string, RecordedEvent[]>()
  for (const event of history) {
    const stream = streams.get(event.stream)
    if (stream) stream.push(event)
    else streams.set(event.stream, [event])
  }
  return { of: async (stream, from = 1) => (streams.get(stream) ?? []).filter(({ revision }) => revision >= from) }
}
