import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { openConsumer } from '../consumer.ts'
import { TopicMismatch } from '../faults.ts'
import { type AddressedRecord, openOrderedProducer } from '../ordered-producer.ts'
import { openParts } from '../parts.ts'
import { answered } from '../patience.ts'
import type { Consumer, Kafka, Producer, TopicSpecification, Watermarks } from '../port.ts'
import * as settings from '../settings.ts'
import type { KafkaConnection } from '../settings.ts'
import { beginLife } from './consumer.ts'
import { closed, says } from './fault.ts'
import { loadPlatformatic } from './library.ts'
import type { Producer as ProducerClient, ProduceResult } from './surface.ts'

const TOPIC_ALREADY_EXISTS = 36

/**
 * The port on @platformatic/kafka 1.35.
 * @throws ConfigurationError where the package is not installed
 */
export async function openPlatformatic({ brokers, clientId }: KafkaConnection): Promise<Kafka> {
  const library = await loadPlatformatic()
  const { Admin, Consumer: Asker, ListOffsetTimestamps, stringSerializers } = library
  // Few tries inside, as a try stays with the broker that it began with; those that find the next leader are ours.
  const options = {
    clientId,
    bootstrapBrokers: [...brokers],
    connectTimeout: settings.CONNECT_TIMEOUT_MS,
    requestTimeout: settings.REQUEST_TIMEOUT_MS,
    retries: 2,
    retryDelay: settings.FIRST_RETRY_MS,
  }
  const admin = new Admin(options)
  const asker = new Asker({ ...options, groupId: `alone-${randomUUID()}` })
  const parts = openParts()

  function ask<T>(question: () => Promise<T>): Promise<T> {
    return answered(question, () => {
      asker.clearMetadata()
      admin.clearMetadata()
    })
  }

  const partitionsOf = (topic: string): Promise<number> =>
    ask(
      async () =>
        (await asker.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)?.partitionsCount ?? 0,
    )

  const watermarks = (topic: string): Promise<readonly Watermarks[]> =>
    ask(async () => {
      const [lows, highs] = await Promise.all(
        [ListOffsetTimestamps.EARLIEST, ListOffsetTimestamps.LATEST].map((timestamp) =>
          asker.listOffsets({ topics: [topic], timestamp }),
        ),
      )
      return (highs?.get(topic) ?? []).map((high, partition) => ({
        topic,
        partition,
        low: Number(lows?.get(topic)?.[partition] ?? 0n),
        high: Number(high),
      }))
    })

  async function ensureTopic({
    topic,
    partitions,
    replicas,
    settings: configured = {},
  }: TopicSpecification): Promise<void> {
    const configs = Object.entries(configured).map(([name, value]) => ({ name, value }))
    await ask(async () => {
      try {
        await admin.createTopics({
          topics: [topic],
          partitions,
          configs,
          ...(replicas === undefined ? {} : { replicas }),
        })
      } catch (fault) {
        if (!says(fault, 'apiCode', TOPIC_ALREADY_EXISTS)) throw fault
      }
    })
    const existing = await partitionsOf(topic)
    if (existing !== partitions) throw new TopicMismatch(`topic ${topic} has ${existing} partitions, not ${partitions}`)
  }

  async function producer(): Promise<Producer> {
    const client = new library.Producer({
      ...options,
      idempotent: true,
      serializers: { ...stringSerializers, value: bytesOf },
    })
    await ask(() => client.initIdempotentProducer({}))
    return parts.producer(
      openOrderedProducer({
        partitionsOf,
        transmit: (records) => sendAll(client, records),
        close: () => closed(client),
      }),
    )
  }

  function consume(consumed: Parameters<Kafka['consume']>[0]): Consumer {
    return parts.consumer(
      openConsumer({
        consume: consumed,
        watermarks,
        begin: (holdings) => beginLife(library, options, consumed, holdings),
      }),
    )
  }

  await ask(() => asker.metadata({ topics: [], forceUpdate: true }))
  return {
    watermarks,
    producer,
    consume,
    async ensureTopics(topics) {
      for (const topic of topics) await ensureTopic(topic)
    },
    async close() {
      await parts.close()
      await Promise.allSettled([closed(asker), admin.close()])
    },
  }
}

const bytesOf = (value: string | Buffer | undefined): Buffer | undefined =>
  typeof value === 'string' ? Buffer.from(value) : value

/**
 * Tries again until everything is acknowledged. A batch keeps its sequence number until then, so a second copy of it is recognised; what
 * was acknowledged by one broker while another one failed is left out of the next try.
 */
async function sendAll(client: ProducerClient, records: readonly AddressedRecord[]): Promise<void> {
  const until = performance.now() + settings.SEND_PATIENCE_MS
  let left = records
  for (let wait = settings.FIRST_RETRY_MS; ; wait = Math.min(settings.LAST_RETRY_MS, wait * 2)) {
    try {
      await client.send({
        acks: -1,
        messages: left.map(({ topic, partition, key, value, headers }) => ({
          topic,
          partition,
          key,
          value,
          headers: { ...headers },
        })),
      })
      return
    } catch (fault) {
      const { offsets = [] } = (fault as { produced?: ProduceResult }).produced ?? {}
      const written = new Set(offsets.map(({ topic, partition }) => `${topic} ${partition}`))
      left = left.filter(({ topic, partition }) => !written.has(`${topic} ${partition}`))
      if (isFinal(fault) || performance.now() > until) throw fault
      client.clearMetadata()
      await pause(wait)
    }
  }
}

/** A refusal that the next try would meet too; whoever cannot be reached, or is no leader any more, may be tried again. */
const isFinal = (fault: unknown): boolean =>
  says(fault, 'code', 'PLT_KFK_PROTOCOL') && says(fault, 'canRetry', false) && !says(fault, 'hasStaleMetadata', true)
