import { canonicalJson } from './canonical-json.ts'
import { eventId } from './event-id.ts'
import { momentMs } from './moment.ts'
import type { AppendRequest, NewEvent } from './port.ts'

/** Bytes of one event's body, and events of one request: beyond them it is no fact but a file. */
export const BODY_LIMIT = 1_048_576
export const EVENTS_LIMIT = 1_000
const NAME_LIMIT = 255

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
// JSON.stringify writes NUL as \u0000 and a lone surrogate as \udxxx; a backslash of the text itself is always doubled.
const REFUSED_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/
// With the u flag a surrogate is only matched where it stands alone.
const REFUSED_TEXT = /\u0000|\p{Surrogate}/u

export interface AdmittedEvent {
  readonly id: string
  readonly type: string
  readonly schemaVersion: number
  readonly occurredAt: string
  /** Canonical JSON (RFC 8785) of `{ data, metadata }`: the bytes that are kept and hashed. */
  readonly body: string
  /** The two parts of it, for stores that keep them apart. */
  readonly data: string
  readonly metadata: string
}

/** An append that every adapter can take: all that may be wrong with it by itself was looked for. */
export interface Admitted {
  readonly stream: string
  readonly expected: number | 'any'
  readonly commandId: string
  readonly digest: string | undefined
  readonly events: readonly AdmittedEvent[]
  /** About what it weighs on the wire. */
  readonly bytes: number
}

/**
 * Looks at a request before anything is queued, so that what one caller got wrong cannot trouble the batch it would travel in.
 * @throws TypeError that names what is wrong: a mistake of the program, never of its user.
 */
export function admit({ stream, expected, commandId, digest, events }: AppendRequest): Admitted {
  name('stream', stream)
  if (expected !== 'any' && !(Number.isSafeInteger(expected) && expected >= 0))
    throw new TypeError(`expected must be "any" or a count of events: ${String(expected)}`)
  if (!UUID.test(commandId)) throw new TypeError(`commandId must be a UUID: ${JSON.stringify(commandId)}`)
  if (digest !== undefined) name('digest', digest)
  if (events.length === 0 || events.length > EVENTS_LIMIT)
    throw new TypeError(`a request appends 1 to ${EVENTS_LIMIT} events, not ${events.length}`)
  const admitted = events.map((event, index) => admitEvent(event, eventId(commandId, index)))
  return {
    stream,
    expected,
    commandId: commandId.toLowerCase(),
    digest,
    events: admitted,
    bytes: admitted.reduce((sum, { body }) => sum + body.length + 200, 200),
  }
}

function admitEvent({ type, schemaVersion, occurredAt, data, metadata }: NewEvent, id: string): AdmittedEvent {
  name('type', type)
  if (!(Number.isInteger(schemaVersion) && schemaVersion >= 1 && schemaVersion <= 32_767))
    throw new TypeError(`schemaVersion must be 1 to 32767: ${schemaVersion}`)
  momentMs(occurredAt)
  return { id, type, schemaVersion, occurredAt, ...canonicalBody(data, metadata) }
}

function canonicalBody(data: object, metadata: object): Pick<AdmittedEvent, 'body' | 'data' | 'metadata'> {
  const parts = { data: canonical(data), metadata: canonical(metadata) }
  const body = `{"data":${parts.data},"metadata":${parts.metadata}}`
  if (body.includes('\\u') && REFUSED_ESCAPE.test(body))
    throw new TypeError('a text holds a NUL character or half of a surrogate pair')
  // A UTF-16 unit takes at most three bytes.
  if (body.length * 3 > BODY_LIMIT && Buffer.byteLength(body) > BODY_LIMIT)
    throw new TypeError(`an event's body may take ${BODY_LIMIT} bytes`)
  return { body, ...parts }
}

function canonical(value: object): string {
  let text: string | undefined
  try {
    text = canonicalJson(value)
  } catch (cause) {
    throw new TypeError('data and metadata must be JSON: no NaN, Infinity, bigint or cycle', { cause })
  }
  if (text === undefined) throw new TypeError('data and metadata must be objects')
  return text
}

function name(what: string, text: string): void {
  if (typeof text !== 'string' || text === '' || text.length > NAME_LIMIT)
    throw new TypeError(`${what} must be a text of 1 to ${NAME_LIMIT} characters`)
  if (REFUSED_TEXT.test(text)) throw new TypeError(`${what} holds a NUL character or half of a surrogate pair`)
}

/** The ids as UUIDs in lower case, each with the way its asker wrote it. */
export function askedIds(commandIds: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    commandIds.map((id) => {
      if (!UUID.test(id)) throw new TypeError(`a command id must be a UUID: ${JSON.stringify(id)}`)
      return [id.toLowerCase(), id]
    }),
  )
}
