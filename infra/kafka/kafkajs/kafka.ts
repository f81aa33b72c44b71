import {
  Kafka as Clients,
  logLevel,
  type Message,
  Partitioners,
  type Producer as Client,
  type TopicMessages,
} from 'kafkajs'
import { inTime } from '../../process/in-time.ts'
import { openConsumer } from '../consumer.ts'
import { TopicMismatch } from '../faults.ts'
import { openOrderedProducer, type AddressedRecord } from '../ordered-producer.ts'
import { openParts } from '../parts.ts'
import { answered } from '../patience.ts'
import type { Consumer, Kafka, Producer, TopicSpecification, Watermarks } from '../port.ts'
import {
  CONNECT_TIMEOUT_MS,
  FIRST_RETRY_MS,
  LAST_RETRY_MS,
  REQUEST_TIMEOUT_MS,
  SEND_PATIENCE_MS,
  type KafkaConnection,
} from '../settings.ts'
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
    const wanted = {
      topic,
      numPartitions: partitions,
      configEntries,
      ...(replicas === undefined ? {} : { replicationFactor: replicas }),
    }
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
    return parts.producer(
      openOrderedProducer({
        partitionsOf,
        // It counts its tries and not the time, which is long where a broker neither answers nor refuses.
        transmit: (records) => inTime(sendAll(client, records), SEND_PATIENCE_MS),
        close: () => client.disconnect(),
      }),
    )
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

/**
 * kafkajs resolves a send whose records were not all sent: a partition whose leader died is left out where its next leader is a broker that
 * has answered for other partitions already. So the answers are held against what was to be sent, until nothing is missing; a batch that
 * was written after all keeps its sequence numbers and is not written again.
 */
async function sendAll(client: Client, records: readonly AddressedRecord[]): Promise<void> {
  for (let unsent = records; unsent.length > 0; ) {
    const answers = await client.sendBatch({ acks: -1, topicMessages: topicMessagesOf(unsent) })
    const written = new Set(answers.map(({ topicName, partition }) => `${topicName} ${partition}`))
    unsent = unsent.filter(({ topic, partition }) => !written.has(`${topic} ${partition}`))
  }
}

function topicMessagesOf(records: readonly AddressedRecord[]): TopicMessages[] {
  const byTopic = new Map<string, Message[]>()
  for (const { topic, partition, key, value, headers } of records) {
    const messages = byTopic.get(topic) ?? []
    byTopic.set(topic, messages)
    messages.push({ partition, key, value, headers })
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }))
}
