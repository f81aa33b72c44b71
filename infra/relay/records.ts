import { keyOf, toIntegration } from '../../schemas/integration/cloud-event.ts'
import { headersOf } from '../../schemas/integration/headers.ts'
import { channelOf, isEventType } from '../../schemas/integration/messages.ts'
import type { Position, RecordedEvent } from '../event-store/port.ts'
import type { OutgoingRecord } from '../kafka/port.ts'
import { topicOf } from './topics.ts'

/** Records that tell of a page of the log, each chained to the event before it; the first of them to `after`. */
export function recordsOf(page: readonly RecordedEvent[], after: Position, epoch: string, prefix: string): OutgoingRecord[] {
  let previous = after
  return page.map((event) => {
    const record = recordOf(event, { previous, epoch, prefix })
    previous = event.position
    return record
  })
}

/** @throws where only a later system has a message for the event; going past it would break the chain for everybody. */
function recordOf(
  event: RecordedEvent,
  { previous, epoch, prefix }: { readonly previous: Position; readonly epoch: string; readonly prefix: string },
): OutgoingRecord {
  if (!isEventType(event.type)) throw new Error(`no message tells of ${event.type}: a newer relay is needed`)
  const { traceparent, ...headers } = headersOf(event, { previous, epoch })
  return {
    topic: topicOf(channelOf(event.type), prefix),
    key: keyOf(event),
    value: JSON.stringify(toIntegration(event)),
    headers: traceparent === undefined ? headers : { ...headers, traceparent },
  }
}
