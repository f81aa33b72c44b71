import { z } from 'zod'
import { EventActor, EventMetadata, Provenance } from '../event.ts'
import { streams, versionOf } from '../streams.ts'
import { Moment } from '../values/time.ts'
import { TraceParent } from '../values/trace-parent.ts'
import { attributesOf, SOURCE, type Attributes, type Recorded } from './attributes.ts'
import { eventTypeOf, isEventType, messages } from './messages.ts'

/** Version 1 of what surrounds the facts of every message. */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.string().describe('cn.wufei.<thing>.<what happened>.v<version>'),
  subject: z.string().min(1).describe('Stream of the lot, manifest, unit, plan or name that it is about'),
  time: Moment.describe('When it happened, as claimed'),
  datacontenttype: z.literal('application/json'),
  partitionkey: z.string().describe('Key of the record: events of one key come in their order'),
  position: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .refine((digits) => Number.isSafeInteger(Number(digits)))
    .describe('Place in the log of the park: ordered, with gaps'),
  revision: z.int().positive().describe('Place among the events of its subject, from 1, without gaps'),
  recordedat: Moment.describe('When the park took it'),
  commandid: z.uuid(),
  causationid: z.uuid().optional(),
  correlationid: z.uuid().optional(),
  provenance: Provenance,
  traceparent: TraceParent.optional().describe('Trace in which it was decided (W3C Trace Context)'),
})

/** What `data` holds beside the facts. */
export const Recording = z.strictObject({
  actor: EventActor.describe('Who acted, for whom; a person is an opaque subject'),
  findings: EventMetadata.shape.findings,
  reason: EventMetadata.shape.reason,
})
type Recording = z.infer<typeof Recording>

/** The same for a reader of another unit than the one that acted: its person, its findings and its reasons are its own matters. */
export const SeenRecording = Recording.extend({
  actor: EventActor.partial({ subject: true }).describe(
    'Who acted, for whom; a person is an opaque subject, absent where the reader is of another unit',
  ),
})

/** An event as the world is told of it: a record of Kafka holds one, as CloudEvents 1.0 JSON. */
export interface IntegrationEvent extends Attributes {
  /** `<name of the message>.v<its version>` */
  readonly type: string
  readonly partitionkey: string
  readonly data: Recording & { readonly facts: unknown }
}

/** An event as a reader of the REST feed sees it: the same one, without what is not for them. */
export interface SeenEvent extends Omit<IntegrationEvent, 'data'> {
  readonly data: z.infer<typeof SeenRecording> & { readonly facts: unknown }
}

/**
 * The event for a reader of another unit than the one that acted: who acted, with which findings and why so late is left out (a finding may
 * quote the reason). Everything else stays, byte for byte.
 */
export function asSeenByOthers({ data: { facts, actor }, ...attributes }: IntegrationEvent): SeenEvent {
  const { subject: _, ...unitAndRoles } = actor
  return { ...attributes, data: { facts, actor: unitAndRoles } }
}

export const CONTENT_TYPE = 'application/cloudevents+json'

/** Key of the record that tells of an event: one stream, one key, one order. */
export const keyOf = ({ stream }: Pick<Recorded, 'stream'>): string => stream

/**
 * What a recorded event is called outside, and what it says there.
 * @throws where the event is of a type or, asked for its facts, of a version that only a later system knows.
 */
export function publicForm({ type, schemaVersion, data }: Pick<Recorded, 'type' | 'schemaVersion' | 'data'>): {
  readonly type: string
  facts(): unknown
} {
  if (!isEventType(type)) throw new Error(`no message tells of ${type}`)
  const { name, version, publish } = messages[type]
  return { type: `${name}.v${version}`, facts: () => publish(streams.newestData({ type, schemaVersion, data })) }
}

/**
 * The public form of a recorded event, from its data in the newest schema. Total over the events that this code knows.
 * @throws where the event is of a type or version that only a later system knows.
 */
export function toIntegration(
  recorded: Recorded,
  { source = SOURCE }: { readonly source?: string } = {},
): IntegrationEvent {
  const { type, facts } = publicForm(recorded)
  const {
    actor,
    findings,
    reason,
    commandId: _c,
    causationId: _e,
    correlationId: _o,
    provenance: _p,
    traceparent: _t,
    ...others
  } = recorded.metadata
  // Whatever metadata gets later must be given a place above before it compiles.
  others satisfies Record<string, never>
  return {
    ...attributesOf(recorded, source),
    type,
    partitionkey: keyOf(recorded),
    data: {
      facts: facts(),
      actor,
      ...(findings ? { findings } : {}),
      ...(reason === undefined ? {} : { reason }),
    },
  }
}

/** Why a message is none that this code can take for an event. */
export type Unreadable = 'malformed' | 'unknown-type' | 'unknown-version'
export type Restored =
  | { readonly ok: true; readonly event: Recorded }
  | { readonly ok: false; readonly why: Unreadable; readonly detail: string }

const TYPE = /^(.+)\.v([1-9]\d{0,5})$/
const unreadable = (why: Unreadable, detail: string): Restored => ({ ok: false, why, detail: detail.slice(0, 500) })
const Data = Recording.extend({ facts: z.unknown() })

/** The recorded event that a message was made of, in the newest schema of its type. Never throws, whatever it is given. */
export function fromIntegration(message: unknown): Restored {
  const envelope = Envelope.safeParse(message)
  if (!envelope.success) return unreadable('malformed', z.prettifyError(envelope.error))
  const {
    type: wire,
    id,
    subject,
    time,
    recordedat,
    position,
    revision,
    commandid,
    causationid,
    correlationid,
    provenance,
    traceparent,
  } = envelope.data
  const [, name = '', version] = TYPE.exec(wire) ?? []
  const type = eventTypeOf(name)
  if (!type) return unreadable('unknown-type', wire)
  const known = messages[type]
  const form = Number(version) === known.version ? known : known.former?.[Number(version)]
  if (!form) return unreadable('unknown-version', wire)
  const data = Data.safeParse((message as { readonly data?: unknown }).data)
  if (!data.success) return unreadable('malformed', z.prettifyError(data.error))
  const facts = form.facts.safeParse(data.data.facts)
  if (!facts.success) return unreadable('malformed', z.prettifyError(facts.error))
  const { actor, findings, reason } = data.data
  return {
    ok: true,
    event: {
      position: Number(position),
      stream: subject,
      revision,
      id,
      type,
      schemaVersion: versionOf(type),
      occurredAt: time,
      recordedAt: recordedat,
      data: form.restore(data.data.facts) as object,
      metadata: {
        commandId: commandid,
        ...(causationid ? { causationId: causationid } : {}),
        ...(correlationid ? { correlationId: correlationid } : {}),
        actor,
        provenance,
        ...(findings ? { findings } : {}),
        ...(reason === undefined ? {} : { reason }),
        ...(traceparent ? { traceparent } : {}),
      },
    },
  }
}
