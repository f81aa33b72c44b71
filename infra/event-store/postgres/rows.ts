import type { CustomTypesConfig } from 'pg'
import type { Receipt, RecordedEvent } from '../port.ts'

/** Columns of an event in the order of `EventRow`. */
export const EVENT_COLUMNS = 'e.position, e.stream, e.revision, e.id, e.type, e.schema_version, e.occurred_at, e.recorded_at, e.body'
export type EventRow = readonly [number, string, number, string, string, number, string, string, string]

/** Columns of a receipt in the order of `ReceiptRow`. */
export const RECEIPT_COLUMNS = 'command_id, stream, revision, first_position, count, digest'
export type ReceiptRow = readonly [string, string, number, number, number, string | null]

const [INT8, INT2, INT4] = [20, 21, 23]
const asNumber = (text: string): number => Number(text)
const asText = (text: string): string => text

/** Integers as numbers (positions and revisions stay far below 2^53), all else as PostgreSQL wrote it. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number) => (oid === INT8 || oid === INT2 || oid === INT4 ? asNumber : asText)) as CustomTypesConfig['getTypeParser'],
}

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

export function eventOf([position, stream, revision, id, type, schemaVersion, occurredAt, recordedAt, body]: EventRow): RecordedEvent {
  const { data, metadata } = JSON.parse(body) as Pick<RecordedEvent, 'data' | 'metadata'>
  return { position, stream, revision, id, type, schemaVersion, occurredAt, recordedAt: momentOf(recordedAt), data, metadata }
}

export const receiptOf = ([, stream, revision, firstPosition, count, digest]: ReceiptRow): Receipt => ({
  stream,
  revision,
  position: firstPosition + count - 1,
  firstPosition,
  count,
  digest: digest ?? undefined,
})
