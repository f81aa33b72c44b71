import { onTestFinished, vi } from 'vitest'
import type { EventStore } from '../../infra/event-store/port.ts'
import { followPartitions, type Share } from '../../infra/feed/partitioned.ts'
import type {
  Batch,
  ConsumeOptions,
  IncomingRecord,
  Kafka,
  Offset,
  OutgoingRecord,
  TopicPartition,
} from '../../infra/kafka/port.ts'
import { openRecords } from '../../infra/relay/records.ts'
import { topicSpecifications } from '../../infra/relay/topics.ts'

export const PREFIX = 'park'
export const registry: TopicPartition = { topic: `${PREFIX}.registry`, partition: 0 }

/** A member of a group whose broker has, of the topic of the registry, what a test says, and of all others nothing. */
export async function aMember(
  store: EventStore,
  { published = 0, claim }: { readonly published?: number; readonly claim: Share['claim'] },
) {
  const broker: { low: Offset; high: Offset } = { low: 0, high: 0 }
  let group: ConsumeOptions | undefined
  const kafka = {
    ensureTopics: () => Promise.resolve(),
    watermarks: (topic: string) =>
      Promise.resolve([{ topic, partition: 0, ...(topic === registry.topic ? broker : { low: 0, high: 0 }) }]),
    consume(options: ConsumeOptions) {
      group = options
      return {
        pause: vi.fn(),
        resume: vi.fn(),
        seek: vi.fn(),
        stop: () => Promise.resolve(),
        done: new Promise<void>(() => undefined),
      }
    },
  } as unknown as Kafka
  const share: Share = { claim, release: () => undefined, onUnreadable: () => Promise.resolve() }
  const subscription = followPartitions(
    {
      connect: () => Promise.resolve(kafka),
      store,
      topics: topicSpecifications(PREFIX, 1),
      group: 'g',
      published: () => Promise.resolve(published),
      coverMs: 5,
    },
    share,
  )
  onTestFinished(() => subscription.stop())
  return { broker, group: await vi.waitUntil(() => group, { interval: 1 }), subscription }
}

/** Records as a partition of the broker holds them, from an offset on. */
export const incoming = (records: readonly OutgoingRecord[], from: Offset = 0): IncomingRecord[] =>
  records.map(({ topic, key, value, headers }, i) => ({
    topic,
    partition: 0,
    offset: from + i,
    key,
    value: Buffer.from(value),
    headers,
    timestamp: 0,
  }))

/** What the relay publishes of a log, with one partition a topic. */
export const publishedOf = async (store: EventStore): Promise<OutgoingRecord[]> =>
  openRecords({ after: 0, epoch: await store.epoch(), prefix: PREFIX, partitions: () => 1 })(
    await store.readAll(0, 10_000),
  )

export const batchOf = (records: readonly IncomingRecord[], isOwned = (): boolean => true): Batch => ({
  ...registry,
  records,
  end: (records.at(-1)?.offset ?? -1) + 1,
  isOwned,
})
