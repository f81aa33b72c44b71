import type { CustomTypesConfig } from 'pg'
import type { Receipt, RecordedEvent } from '../port.ts'

/**
 * Columns of an event in the order of `EventRow`. `body` goes by another name of its own type: the session then knows it from other texts and parses each as it
 * arrives, while the server is busy with the next, and no page of texts lies about beside the page of events.
 */
export const EVENT_COLUMNS = 'e.position, e.stream, e.revision, e.id, e.type, e.schema_version, e.occurred_at, e.recorded_at, e.body::varchar'
export type EventRow = readonly [number, string, number, string, string, number, string, string, Pick<RecordedEvent, 'data' | 'metadata'>]

/** Columns of a receipt in the order of `ReceiptRow`. */
export const RECEIPT_COLUMNS = 'command_id, stream, revision, first_position, count, digest'
export type ReceiptRow = readonly [string, string, number, number, number, string | null]

const [INT8, INT2, INT4, VARCHAR, TIMESTAMPTZ] = [20, 21, 23, 1043, 1184]
const asText = (text: string): string => text

// All events of a batch carry the same moment, so the last answer nearly always is the next one too.
let lastText = ''
let lastMoment = ''

/** `2025-12-06 00:52:00.5+00`, as a session in UTC writes it, to RFC 3339 with microseconds. */
function momentOf(text: string): string {
  if (text !== lastText) {
    lastText = text
    const utc = text.slice(0, text.indexOf('+'))
    lastMoment = `${utc.slice(0, 10)}T${utc.slice(11, 19)}.${utc.slice(20).padEnd(6, '0')}Z`
  }
  return lastMoment
}

const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [INT2, Number],
  [INT4, Number],
  [VARCHAR, JSON.parse],
  [TIMESTAMPTZ, momentOf],
])

/** Integers as numbers (positions and revisions stay far below 2^53), bodies and moments as the port gives them, all else as PostgreSQL wrote it. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number) => PARSERS.get(oid) ?? asText) as CustomTypesConfig['getTypeParser'],
}

export const eventOf = (row: EventRow): RecordedEvent => ({
  position: row[0],
  stream: row[1],
  revision: row[2],
  id: row[3],
  type: row[4],
  schemaVersion: row[5],
  occurredAt: row[6],
  recordedAt: row[7],
  data: row[8].data,
  metadata: row[8].metadata,
})

export const receiptOf = ([, stream, revision, firstPosition, count, digest]: ReceiptRow): Receipt => ({
  stream,
  revision,
  position: firstPosition + count - 1,
  firstPosition,
  count,
  digest: digest ?? undefined,
})
