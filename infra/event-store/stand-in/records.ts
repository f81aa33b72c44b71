import { derivedId } from '../event-id.ts'
import type { AppendRequest, NewEvent, RecordedEvent } from '../port.ts'

/** An event as EventStoreDB keeps it: bytes, and a type that only clients give a meaning. */
export interface Proposed {
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** The same with its place: `revision` counts from 0 and `position` in steps, as on the wire. */
export interface Stored extends Proposed {
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  /** When it was written, in ticks of 100 ns since 1970. */
  readonly created: bigint
}

/** What the number of events in a stream must be; `any`: no matter, `some`: not none. */
export type Expected = number | 'any' | 'some'

// Positions of EventStoreDB are bytes of a file. Steps keep everybody honest who would count on the next position being one more.
const STEP = 64n

export const wirePosition = (position: number): bigint => BigInt(position) * STEP
/** The last position of our store that is below a position on the wire. */
export const positionBelow = (wire: bigint): number => Number((wire + STEP - 1n) / STEP) - 1

const JSON_TYPE = 'application/json'
const actor = { subject: 'eventstoredb', roles: [] }

/**
 * The request by which our store does what EventStoreDB does: the same events, expected at the same place, are the same append, and a
 * repeat of it is answered as the first time.
 */
export function requestOf(stream: string, expected: number | 'any', events: readonly Proposed[]): AppendRequest {
  const commandId = derivedId('eventstoredb append', stream, expected, ...events.map(({ id }) => id))
  return { stream, expected, commandId, events: events.map((event) => recordOf(event, commandId)) }
}

function recordOf({ id, type, contentType, data, metadata }: Proposed, commandId: string): NewEvent {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString(contentType === JSON_TYPE ? 'utf8' : 'base64')
  return {
    type,
    schemaVersion: 1,
    occurredAt: '1970-01-01T00:00:00Z',
    data: { id, contentType, data: text(data), metadata: text(metadata) },
    metadata: { commandId, actor, provenance: 'live' },
  }
}

export function storedOf({ stream, revision, position, type, recordedAt, data }: RecordedEvent): Stored {
  const { id, contentType, ...texts } = data as Record<'id' | 'contentType' | 'data' | 'metadata', string>
  const bytes = (text: string) => Buffer.from(text, contentType === JSON_TYPE ? 'utf8' : 'base64')
  return {
    id,
    type,
    contentType,
    stream,
    revision: revision - 1,
    position: wirePosition(position),
    created: ticksOf(recordedAt),
    data: bytes(texts.data),
    metadata: bytes(texts.metadata),
  }
}

const ticksOf = (recordedAt: string): bigint =>
  BigInt(Date.parse(`${recordedAt.slice(0, 19)}Z`)) * 10_000n + BigInt(recordedAt.slice(20, 26)) * 10n
