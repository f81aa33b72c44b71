import { z } from 'zod'
import { TraceParent } from '../values/trace-parent.ts'
import type { Recorded } from './attributes.ts'
import { CONTENT_TYPE } from './cloud-event.ts'
import { isEventType, messages } from './messages.ts'

const digits = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/)
  .refine((text) => Number.isSafeInteger(Number(text)))

/**
 * Headers of a record, all text. `position` and `previous` chain the whole log through all topics and partitions: a reader of all of them
 * sees every hole, whatever positions look like, and merges the partitions back into the one order. `before` does the same for one partition.
 */
export const RecordHeaders = z.object({
  'content-type': z.literal(CONTENT_TYPE),
  position: digits.describe('Place of the event in the log'),
  previous: digits.describe('Place of the event before it in the whole log, 0 for the first'),
  before: digits.describe('No event of this partition lies between this place and that of the event'),
  epoch: z
    .string()
    .min(1)
    .describe('Changes when the log was restored from a backup: positions of another epoch mean other events'),
  'event-id': z.uuid(),
  'schema-version': z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .describe('Version of the message'),
  traceparent: TraceParent.optional().describe('Trace in which the event was decided (W3C Trace Context)'),
})
type RecordHeaders = z.infer<typeof RecordHeaders>

/** The headers of the record that tells of an event. */
export function headersOf(
  recorded: Recorded,
  { previous, before, epoch }: { readonly previous: number; readonly before: number; readonly epoch: string },
): Record<string, string> {
  const {
    position,
    id,
    type,
    metadata: { traceparent },
  } = recorded
  if (!isEventType(type)) throw new Error(`no message tells of ${type}`)
  return {
    'content-type': CONTENT_TYPE,
    position: String(position),
    previous: String(previous),
    before: String(before),
    epoch,
    'event-id': id,
    'schema-version': String(messages[type].version),
    ...(traceparent ? { traceparent } : {}),
  } satisfies RecordHeaders
}
