import type { RecordedEvent } from '../../../infra/event-store/port.ts'

/** An event in the JSON form of CloudEvents 1.0; names of extensions are lower case, as that standard asks. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  /** `wufei.<event>.v<schema version>` */
  readonly type: string
  /** Stream of the lot, manifest or unit that it is about. */
  readonly subject: string
  /** When it happened, as claimed. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: object
  /** Place in the log, digits: `after` of the next question. */
  readonly position: string
  /** Place in its stream, from 1. */
  readonly revision: number
  /** When the park took it. */
  readonly recordedat: string
  readonly commandid: string
  readonly causationid?: string
  readonly correlationid?: string
  readonly provenance: string
}

export const SOURCE = 'urn:wufei:park'

/** Persons stay sealed in `data`, as they are in the log. */
export function cloudEvent({ id, type, schemaVersion, stream, occurredAt, recordedAt, position, revision, data, metadata }: RecordedEvent): CloudEvent {
  const { commandId, causationId, correlationId, provenance } = metadata
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: `wufei.${type}.v${schemaVersion}`,
    subject: stream,
    time: occurredAt,
    datacontenttype: 'application/json',
    data,
    position: String(position),
    revision,
    recordedat: recordedAt,
    commandid: commandId,
    ...(causationId ? { causationid: causationId } : {}),
    ...(correlationId ? { correlationid: correlationId } : {}),
    provenance,
  }
}
