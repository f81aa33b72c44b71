import { Kafka as Clients, logLevel, type Message, Partitioners, type Producer as Client } from 'kafkajs'
import { openConsumer } from '../consumer.ts'
import { TopicMismatch } from '../faults.ts'
import { openOrderedProducer, type AddressedRecord } from '../ordered-producer.ts'
import { openParts } from '../parts.ts'
import { answered } from '../patience.ts'
import type { Consumer, Kafka, Producer, TopicSpecification, Watermarks } from '../port.ts'
import { CONNECT_TIMEOUT_MS, FIRST_RETRY_MS, LAST_RETRY_MS, REQUEST_TIMEOUT_MS, SEND_PATIENCE_MS, type KafkaConnection } from '../settings.ts'
import { beginLife } from './consumer.ts'

const retry = (retries: number) => ({ initialRetryTime: FIRST_RETRY_MS, maxRetryTime: LAST_RETRY_MS, retries })
const SEND_RETRIES = SEND_PATIENCE_MS / LAST_RETRY_MS
/** Few: whoever asks is patient by itself, and asks somebody else the next time. */
const ADMIN_RETRIES = 3

/** The port on kafkajs 2.2.4. What it logs says less than what it throws, so it is silent. */
export async function openKafkajs({ brokers, clientId }: KafkaConnection): Promise<Kafka> {
  const clients = new Clients({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: retry(ADMIN_RETRIES),
  })
  const admin = clients.admin()
  await answered(() => admin.connect())
  const parts = openParts()

  const partitionsOf = (topic: string): Promise<number> =>
    answered(async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length ?? 0)

  const watermarks = (topic: string): Promise<readonly Watermarks[]> =>
    answered(async () =>
      (await admin.fetchTopicOffsets(topic))
        .map(({ partition, low, high }) => ({ topic, partition, low: Number(low), high: Number(high) }))
        .sort((a, b) => a.partition - b.partition),
    )

  async function ensureTopic({ topic, partitions, replicas, settings = {} }: TopicSpecification): Promise<void> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
    const wanted = { topic, numPartitions: partitions, configEntries, ...(replicas === undefined ? {} : { replicationFactor: replicas }) }
    const existing = await answered(async () => {
      await admin.createTopics({ topics: [wanted] })
      return partitionsOf(topic)
    })
    if (existing !== partitions) throw new TopicMismatch(`topic ${topic} has ${existing} partitions, not ${partitions}`)
  }

  async function producer(): Promise<Producer> {
    const client = clients.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: retry(SEND_RETRIES),
    })
    await answered(() => client.connect())
    return parts.producer(openOrderedProducer({ partitionsOf, transmit: (records) => sendAll(client, records), close: () => client.disconnect() }))
  }

  function consume(options: Parameters<Kafka['consume']>[0]): Consumer {
    return parts.consumer(
      openConsumer({
        consume: options,
        watermarks,
        begin: (holdings) => beginLife(clients, options, holdings),
      }),
    )
  }

  return {
    watermarks,
    producer,
    consume,
    async ensureTopics(topics) {
      for (const topic of topics) await ensureTopic(topic)
    },
    async close() {
      await parts.close()
      await admin.disconnect()
    },
  }
}

async function sendAll(client: Client, records: readonly AddressedRecord[]): Promise<void> {
  const byTopic = new Map<string, Message[]>()
  for (const { topic, partition, key, value, headers } of records) {
    const messages = byTopic.get(topic) ?? []
    byTopic.set(topic, messages)
    messages.push({ partition, key, value, headers })
  }
  await client.sendBatch({ acks: -1, topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })) })
}
