import { z } from 'zod'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { Waste } from '../values/waste.ts'
import { CONTENT_TYPE, Envelope, Recording } from './cloud-event.ts'
import { RecordHeaders } from './headers.ts'
import { type Channel, CHANNELS, type Message } from '../stream/message.ts'
import { messages } from './messages.ts'

type Json = Readonly<Record<string, unknown>>

const KAFKA_BINDING = '0.5.0'
const ABOUT: Readonly<Record<Channel, string>> = {
  lots: 'What happens to lots: every gram that moves. Key: the stream of the lot',
  manifests: 'What happens to manifests (转移联单) and out-records. Key: the stream of the manifest',
  law: 'Findings of timers and projections, cases, corrections, and commands that wait for an official. Key: the stream',
  registry: 'Units and what they may do, plans, names that only one thing may bear. Key: the stream',
}

const wireType = ({ name, version }: Message): string => `${name}.v${version}`
const ref = (path: string): Json => ({ $ref: `#/${path}` })

/** Schemas as AsyncAPI reads them (JSON Schema draft 7), those that several messages share by reference. */
function schemasOf(rows: readonly Message[]): Json {
  const named = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries({ Place, Waste, SealedPerson, Envelope, Recording, RecordHeaders }))
    named.add(schema, { id })
  for (const row of rows) named.add(row.facts, { id: `${wireType(row)}.facts` })
  const { schemas } = z.toJSONSchema(named, {
    target: 'draft-7',
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  }) as {
    schemas: Readonly<Record<string, Json>>
  }
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _s, $id: _i, id: _d, ...schema }]) => [id, schema]),
  )
}

/** `data` closes itself over both of its parts, so that nothing unnamed slips in. */
function payloadOf(row: Message): Json {
  const recording = Object.keys(Recording.shape).map(
    (field) => [field, ref(`components/schemas/Recording/properties/${field}`)] as const,
  )
  const data = { facts: ref(`components/schemas/${wireType(row)}.facts`), ...Object.fromEntries(recording) }
  return {
    allOf: [
      ref('components/schemas/Envelope'),
      {
        type: 'object',
        required: ['data'],
        properties: {
          type: { type: 'string', const: wireType(row) },
          data: { type: 'object', properties: data, required: ['facts', 'actor'], additionalProperties: false },
        },
      },
    ],
  }
}

/** How the topics of a park are named and divided. */
export interface Topics {
  readonly prefix?: string
  readonly partitions?: number
}

/** The AsyncAPI 3 document of the topics, made of the schemas that read the messages, so that the two cannot disagree. */
export function asyncApi({ prefix = 'wufei', partitions = 6 }: Topics = {}): Json {
  const rows = Object.values(messages)
  const of = (channel: Channel) => rows.filter((row) => row.channel === channel)
  const perChannel = (make: (channel: Channel) => readonly [string, Json]): Json =>
    Object.fromEntries(CHANNELS.map(make))

  return {
    asyncapi: '3.0.0',
    info: {
      title: '无废园区 Wufei: integration events',
      version: '1.0.0',
      description:
        'Everything that happens to waste in the park, as CloudEvents 1.0 in structured mode. Events of one key come in their order and at least once: the same `id` is the same event. Persons are sealed.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: CONTENT_TYPE,
    channels: perChannel((channel) => [
      channel,
      {
        address: `${prefix}.${channel}`,
        description: ABOUT[channel],
        messages: Object.fromEntries(
          of(channel).map((row) => [wireType(row), ref(`components/messages/${wireType(row)}`)]),
        ),
        bindings: { kafka: { topic: `${prefix}.${channel}`, partitions, bindingVersion: KAFKA_BINDING } },
      },
    ]),
    operations: perChannel((channel) => [
      `tell-${channel}`,
      {
        action: 'send',
        channel: ref(`channels/${channel}`),
        summary: ABOUT[channel],
        messages: of(channel).map((row) => ref(`channels/${channel}/messages/${wireType(row)}`)),
      },
    ]),
    components: {
      messages: Object.fromEntries(
        rows.map((row) => [
          wireType(row),
          {
            name: wireType(row),
            title: wireType(row),
            summary: row.summary,
            contentType: CONTENT_TYPE,
            traits: [ref('components/messageTraits/record')],
            payload: payloadOf(row),
          },
        ]),
      ),
      messageTraits: {
        record: {
          headers: ref('components/schemas/RecordHeaders'),
          bindings: {
            kafka: {
              key: { type: 'string', description: 'Stream that the event belongs to (= partitionkey)' },
              bindingVersion: KAFKA_BINDING,
            },
          },
        },
      },
      schemas: schemasOf(rows),
    },
  }
}
