import { SpanKind } from '@opentelemetry/api'
import { spannedIfTraced } from '../telemetry/spans.ts'
import type { Batch } from './port.ts'

/** Takes a batch as a span that is linked to the traces which its records name in their headers. */
export function traced<T>(batch: Batch, take: () => T): T {
  const links = () => batch.records.map(({ headers }) => headers['traceparent'])
  const attributes = () => ({
    'messaging.system': 'kafka',
    'messaging.destination.name': batch.topic,
    'messaging.destination.partition.id': String(batch.partition),
    'messaging.batch.message_count': batch.records.length,
  })
  return spannedIfTraced(`consume ${batch.topic}`, { kind: SpanKind.CONSUMER, links, attributes }, take)
}
