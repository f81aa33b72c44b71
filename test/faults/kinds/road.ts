import type { Brokers } from '../../../infra/kafka/broker/brokers.ts'
import { KafkaUnavailable } from '../../../infra/kafka/faults.ts'
import { openTotalOrderFeed } from '../../../infra/feed/total-order.ts'
import type { Feed } from '../../../infra/feed/feed.ts'
import { followPartitions, type Share } from '../../../infra/feed/partitioned.ts'
import { openKafka } from '../../../infra/kafka/open.ts'
import type { Kafka, TopicSpecification } from '../../../infra/kafka/port.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import { openPublished } from '../../../infra/relay/published.ts'
import { openRelay } from '../../../infra/relay/relay.ts'
import { topicSpecifications, topicsOf } from '../../../infra/relay/topics.ts'
import type { EventStore, Position, Subscription } from '../../../infra/event-store/port.ts'
import { readTopics, toldBy } from '../../support/told.ts'

/** The road of a story's events through Kafka: a relay, and the feed that the read models follow. */
export interface Road {
  readonly feed: Feed
  readonly topics: readonly TopicSpecification[]
  /** A share in what the story's consumer group reads. */
  follow(share: Share): Subscription
  readonly brokers: Brokers
  /** The next send arrives whole, and its sender is told that nobody knows; settles when that has happened. */
  doubtNextSend(): Promise<void>
  /** What is wrong with what Kafka holds, once it should hold everything up to `head`. */
  breaches(head: Position): Promise<readonly string[]>
  close(): Promise<void>
}

const PARTITIONS = 3
const RELAYED_IN_MS = 60_000

export async function openRoad(brokers: Brokers, store: EventStore, databaseUrl: string, name: string): Promise<Road> {
  const kafka = await openKafka('kafkajs', { brokers: brokers.addresses, clientId: `story-${name}` })
  const topics = topicSpecifications(name, PARTITIONS)
  await kafka.ensureTopics(topics)
  const doubts: (() => void)[] = []
  const doubtful: Kafka = {
    ...kafka,
    async producer() {
      const producer = await kafka.producer()
      return {
        ...producer,
        async send(records) {
          await producer.send(records)
          const doubt = doubts.shift()
          if (!doubt) return
          doubt()
          throw new KafkaUnavailable('the answer was lost')
        },
      }
    },
  }
  const marks = openPool({ connectionString: databaseUrl, max: 2 })
  const relays = await Promise.all(
    [1, 2].map(() => openRelay({ store, kafka: doubtful, databaseUrl, topicPrefix: name, name, pageSize: 25 })),
  )
  const [relay] = relays

  return {
    brokers,
    topics,
    feed: openTotalOrderFeed({ connect: () => Promise.resolve(kafka), store, topics }),
    follow: (share) =>
      followPartitions(
        { connect: () => Promise.resolve(kafka), store, topics, group: name, published: openPublished(marks, name) },
        share,
      ),
    doubtNextSend: () => new Promise((happened) => void doubts.push(happened)),
    async breaches(head) {
      if (!(await relay?.waitFor(head, RELAYED_IN_MS))) return [`the relay did not come to ${head}`]
      const { chain, unreached, inversions } = toldBy(await readTopics(kafka, topicsOf(name)), await store.epoch())
      const missing = head - chain.length
      return [
        ...(missing === 0 ? [] : [`${missing} events are not in Kafka`]),
        ...(unreached === 0 ? [] : [`${unreached} records hang on nothing`]),
        ...(inversions === 0 ? [] : [`${inversions} events of a key stand in the wrong order`]),
      ]
    },
    async close() {
      await Promise.all(relays.map((one) => one.stop()))
      await kafka.close()
      await marks.end()
    },
  }
}
