import type { EventMetadata } from '../event.ts'

/** What the log keeps of an event: what the port of the event store calls a recorded event. */
export interface Recorded {
  readonly position: number
  readonly stream: string
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly schemaVersion: number
  readonly occurredAt: string
  readonly recordedAt: string
  readonly data: object
  readonly metadata: EventMetadata
}

/**
 * The attributes that every event of ours has in the JSON form of CloudEvents 1.0, whoever is told of it; `type` and `data` differ.
 * Names of extensions are lower case, as that standard asks.
 */
export interface Attributes {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  /** Stream of the lot, manifest or unit that it is about. */
  readonly subject: string
  /** When it happened, as claimed. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  /** Place in the log, digits. */
  readonly position: string
  /** Place in its stream, from 1. */
  readonly revision: number
  /** When the park took it. */
  readonly recordedat: string
  readonly commandid: string
  readonly causationid?: string
  readonly correlationid?: string
  readonly provenance: EventMetadata['provenance']
  /** Trace in which it was decided: the standard's extension for distributed tracing. */
  readonly traceparent?: string
}

/** Where events of a park come from, unless it says otherwise. */
export const SOURCE = 'urn:wufei:park'

export function attributesOf(
  { id, stream, occurredAt, recordedAt, position, revision, metadata }: Recorded,
  source: string,
): Attributes {
  const { commandId, causationId, correlationId, provenance, traceparent } = metadata
  return {
    specversion: '1.0',
    id,
    source,
    subject: stream,
    time: occurredAt,
    datacontenttype: 'application/json',
    position: String(position),
    revision,
    recordedat: recordedAt,
    commandid: commandId,
    ...(causationId ? { causationid: causationId } : {}),
    ...(correlationId ? { correlationid: correlationId } : {}),
    provenance,
    ...(traceparent ? { traceparent } : {}),
  }
}
