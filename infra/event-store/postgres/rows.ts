import type { CustomTypesConfig } from 'pg'
import type { Receipt, RecordedEvent } from '../port.ts'

/**
 * Columns of an event in the order of `EventRow`. What has no space inside comes as one text: the driver spends more on each value that it takes off the wire than
 * it costs to find that value in a text. `body` goes by another name of its own type: the session then knows it from other texts and parses each as it arrives,
 * while the server is busy with the next, and no page of texts lies about beside the page of events.
 */
export const EVENT_COLUMNS = `concat_ws(' ', e.position, e.revision, e.schema_version, e.id, e.recorded_at, e.occurred_at), e.stream, e.type, e.body::varchar`
export type EventRow = readonly [string, string, string, Pick<RecordedEvent, 'data' | 'metadata'>]

/** Columns of a receipt in the order of `ReceiptRow`. */
export const RECEIPT_COLUMNS = 'command_id, stream, revision, first_position, count, digest'
export type ReceiptRow = readonly [string, string, number, number, number, string | null]

const [INT8, INT4, VARCHAR] = [20, 23, 1043]
const asText = (text: string): string => text

const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [INT4, Number],
  [VARCHAR, JSON.parse],
])

/** Integers as numbers (positions and revisions stay far below 2^53), bodies as what they say, all else as PostgreSQL wrote it. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number) => PARSERS.get(oid) ?? asText) as CustomTypesConfig['getTypeParser'],
}

const UUID = 36
const DAY = 10

export function eventOf([head, stream, type, { data, metadata }]: EventRow): RecordedEvent {
  // Where each value begins; not split, because a list of seven would be made for each event. A moment has a space between day and time.
  const revision = head.indexOf(' ') + 1
  const version = head.indexOf(' ', revision) + 1
  const id = head.indexOf(' ', version) + 1
  const recorded = id + UUID + 1
  const occurred = head.indexOf(' ', recorded + DAY + 1) + 1
  return {
    position: Number(head.slice(0, revision - 1)),
    stream,
    revision: Number(head.slice(revision, version - 1)),
    id: head.slice(id, recorded - 1),
    type,
    schemaVersion: Number(head.slice(version, id - 1)),
    occurredAt: head.slice(occurred),
    recordedAt: momentOf(head.slice(recorded, occurred - 1)),
    data,
    metadata,
  }
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

export const receiptOf = ([, stream, revision, firstPosition, count, digest]: ReceiptRow): Receipt => ({
  stream,
  revision,
  position: firstPosition + count - 1,
  firstPosition,
  count,
  digest: digest ?? undefined,
})
