import type { AllStreamResolvedEvent, ResolvedEvent } from './client.ts'
import type { Admitted } from '../admission.ts'
import { derivedId } from '../event-id.ts'
import type { Position, RecordedEvent } from '../port.ts'
import { positionOf } from './position.ts'

/** An event as it goes to the server. */
export interface WireEvent {
  readonly id: string
  readonly type: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** What our events carry in their metadata on the server: all that the port knows and EventStoreDB has no field for. */
interface Envelope {
  /** Version of this envelope; events without it are another program's, or the server's own. */
  readonly wufei: 1
  readonly id: string
  readonly schemaVersion: number
  readonly occurredAt: string
  /** The command, and which of its events this is, from 0. */
  readonly command: string
  readonly index: number
  readonly count: number
  readonly digest?: string
  readonly metadata: RecordedEvent['metadata']
}

/** An event of ours as it lies in the log. Its `recordedAt` is the server's clock and may go back; see log-index.ts. */
export interface Entry {
  readonly event: RecordedEvent
  readonly command: string
  readonly index: number
  readonly count: number
  readonly digest: string | undefined
}

/**
 * The events of an append for the server. Their ids there are made of the command's and of `call`, which is new with every append: the server
 * knows a resend of this append for what it is, and everybody else who comes with the same command meets a stream that has moved on and
 * finds the first answer by reading. So a success is always our own, and a reply never has to be guessed at.
 */
export function encode({ commandId, digest, events }: Admitted, call: string): readonly WireEvent[] {
  const ofCommand = `"command":"${commandId}","count":${events.length}${digest === undefined ? '' : `,"digest":${JSON.stringify(digest)}`}`
  return events.map(({ id, type, schemaVersion, occurredAt, data, metadata }, index) => ({
    id: derivedId('append', id, call),
    type,
    data: Buffer.from(data),
    metadata: Buffer.from(
      `{"wufei":1,"id":"${id}","schemaVersion":${schemaVersion},"occurredAt":"${occurredAt}",${ofCommand},"index":${index},"metadata":${metadata}}`,
    ),
  }))
}

const envelopeIn = (metadata: unknown): Envelope | undefined =>
  typeof metadata === 'object' && metadata !== null && 'wufei' in metadata && metadata.wufei === 1
    ? (metadata as Envelope)
    : undefined

/** The event of ours; undefined for those of the server and of others. */
export function decode({ event, commitPosition }: ResolvedEvent | AllStreamResolvedEvent): Entry | undefined {
  const envelope = envelopeIn(event?.metadata)
  if (!event || !envelope) return undefined
  const commit = event.position?.commit ?? commitPosition
  if (commit === undefined) throw new Error('the server tells no positions: it must be of version 22.6 or newer')
  const { id, schemaVersion, occurredAt, metadata, command, index, count, digest } = envelope
  return {
    event: {
      position: positionOf(commit),
      stream: event.streamId,
      revision: Number(event.revision) + 1,
      id,
      type: event.type,
      schemaVersion,
      occurredAt,
      recordedAt: momentOf(event.created),
      data: event.data as object,
      metadata,
    },
    command,
    index,
    count,
    digest,
  }
}

/** Where any event lies, ours or not. */
export function placeOf({ event, commitPosition }: AllStreamResolvedEvent): Position {
  return positionOf(event?.position.commit ?? commitPosition ?? 0n)
}

// Neighbours in the log were mostly written in the same millisecond.
let lastTime = Number.NaN
let lastMoment = ''

/** The client gives milliseconds; the port speaks of microseconds. */
function momentOf(created: Date): string {
  const time = created.getTime()
  if (time !== lastTime) {
    lastTime = time
    lastMoment = `${created.toISOString().slice(0, 23)}000Z`
  }
  return lastMoment
}
