import { fromIntegration, type Unreadable } from '../../schemas/integration/cloud-event.ts'
import { isEventType, messages } from '../../schemas/integration/messages.ts'
import type { Position, RecordedEvent } from '../event-store/port.ts'
import type { IncomingRecord } from '../kafka/port.ts'

/** Where a record's event lies in the log, by its headers. */
export interface Place {
  readonly position: Position
  /** Position of the event before it in the whole log. */
  readonly previous: Position
  /** No event of its partition lies between this position and its own. */
  readonly before: Position
  readonly epoch: string
}

/** A record that this code cannot take for an event, with as much of it as is worth keeping. */
export interface UnreadableRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  /** Where its headers say that its event lies. */
  readonly position: Position | undefined
  readonly why: Unreadable
  readonly detail: string
  /** The first 64 KiB of it. */
  readonly value: Buffer | null
}

const DIGITS = /^(0|[1-9]\d{0,15})$/
const KEPT_BYTES = 65_536

/** @returns undefined where the headers are not those of a record of ours */
export function placeOf({ headers }: Pick<IncomingRecord, 'headers'>): Place | undefined {
  const { position, previous, before = previous, epoch } = headers
  if (
    !position ||
    !previous ||
    !before ||
    !epoch ||
    ![position, previous, before].every((digits) => DIGITS.test(digits))
  )
    return undefined
  const place = { position: Number(position), previous: Number(previous), before: Number(before), epoch }
  return Number.isSafeInteger(place.position) && place.position > place.previous && place.previous >= place.before
    ? place
    : undefined
}

export function unreadable(record: IncomingRecord, why: Unreadable, detail: string): UnreadableRecord {
  const { topic, partition, offset, key, value } = record
  return {
    topic,
    partition,
    offset,
    key: key?.slice(0, 1_024) ?? null,
    position: placeOf(record)?.position,
    why,
    detail,
    value: value?.subarray(0, KEPT_BYTES) ?? null,
  }
}

export type Read = { readonly event: RecordedEvent } | { readonly unreadable: UnreadableRecord }

/** The event that a record tells of. Never throws, whatever the bytes are. */
export function eventOf(record: IncomingRecord): Read {
  const bad = (why: Unreadable, detail: string): Read => ({ unreadable: unreadable(record, why, detail) })
  let message: unknown
  try {
    message = JSON.parse(record.value?.toString('utf8') ?? '')
  } catch (fault) {
    return bad('malformed', fault instanceof Error ? fault.message : String(fault))
  }
  const restored = fromIntegration(message)
  if (!restored.ok) return bad(restored.why, restored.detail)
  const { event } = restored
  if (event.position !== placeOf(record)?.position || event.stream !== record.key)
    return bad('malformed', 'headers and key say otherwise than the message')
  if (isEventType(event.type) && !record.topic.endsWith(`.${messages[event.type].channel}`))
    return bad('malformed', `${event.type} does not belong here`)
  return { event }
}
