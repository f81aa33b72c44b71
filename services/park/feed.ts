import { ConfigurationError, type Configuration } from '../../infra/configuration/configuration.ts'
import type { EventStore, Subscription } from '../../infra/event-store/port.ts'
import { noCounts, type FeedCounts } from '../../infra/feed/counts.ts'
import type { Feed } from '../../infra/feed/feed.ts'
import { followPartitions, type Share } from '../../infra/feed/partitioned.ts'
import { openTotalOrderFeed } from '../../infra/feed/total-order.ts'
import { requirePlatformatic } from '../../infra/kafka/platformatic/library.ts'
import type { Kafka, TopicSpecification } from '../../infra/kafka/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { inTime } from '../../infra/process/in-time.ts'
import { openPublished } from '../../infra/relay/published.ts'
import { topicSpecifications } from '../../infra/relay/topics.ts'

const CLOSE_MS = 5_000

/** Where the projections of a process read the log, other than in the store. */
export interface KafkaFeeds {
  readonly topics: readonly TopicSpecification[]
  /** The log in its one order. */
  readonly feed: Feed
  /** What became of records and events so far. */
  readonly counts: FeedCounts
  /** The share that a consumer group gives this process. */
  readonly follow: (group: string) => (share: Share) => Subscription
  close(): Promise<void>
}

export interface KafkaFeedsOptions {
  readonly config: Configuration
  readonly store: EventStore
  readonly databaseUrl: string
  /** Called with faults that are tried again. */
  readonly onFault: (fault: unknown) => void
}

/** @throws ConfigurationError where what is said of Kafka does not fit together, or its client is not installed. */
export function checkFeed({ FEED, KAFKA_BROKERS, KAFKA_CLIENT, KAFKA_GROUP }: Configuration): void {
  if (FEED === 'kafka' && !KAFKA_BROKERS)
    throw new ConfigurationError(['KAFKA_BROKERS: projections that read through Kafka (FEED) must know where it is'])
  if (FEED !== 'kafka' && KAFKA_GROUP !== undefined)
    throw new ConfigurationError(['KAFKA_GROUP: only what is read through Kafka can be shared (FEED=kafka)'])
  // Here, because a connection that fails later is tried again without an end.
  if (FEED === 'kafka' && KAFKA_CLIENT === 'platformatic') requirePlatformatic()
}

/** Nothing where projections read the store itself. */
export function openKafkaFeeds({ config, store, databaseUrl, onFault }: KafkaFeedsOptions): KafkaFeeds | undefined {
  const { FEED, KAFKA_BROKERS, KAFKA_CLIENT, KAFKA_TOPIC_PREFIX, KAFKA_PARTITIONS } = config
  if (FEED === 'store' || !KAFKA_BROKERS) return undefined
  const connection = { brokers: KAFKA_BROKERS, clientId: 'wufei-projections' }
  const topics = topicSpecifications(KAFKA_TOPIC_PREFIX, KAFKA_PARTITIONS)
  const marks = openPool({ connectionString: databaseUrl, max: 1 }, onFault)

  const counts = noCounts()
  let kafka: Promise<Kafka> | undefined
  function connect(): Promise<Kafka> {
    // The clients are loaded only where one is used.
    kafka ??= import('../../infra/kafka/open.ts').then(({ openKafka }) => openKafka(KAFKA_CLIENT, connection))
    kafka.catch(() => (kafka = undefined))
    return kafka
  }

  return {
    topics,
    counts,
    feed: openTotalOrderFeed({ connect, store, topics, onFault, counts }),
    follow: (group) => (share) =>
      followPartitions({ connect, store, topics, group, published: openPublished(marks), onFault, counts }, share),
    async close() {
      // A connection that is not there yet is not waited for.
      await inTime(
        Promise.resolve(kafka).then((opened) => opened?.close()),
        CLOSE_MS,
      ).catch(onFault)
      await marks.end()
    },
  }
}
