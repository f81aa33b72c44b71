import type { Configuration } from '../../infra/configuration/configuration.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { Feed } from '../../infra/kafka/feed/feed.ts'
import { openTotalOrderFeed } from '../../infra/kafka/feed/total-order.ts'
import type { Kafka } from '../../infra/kafka/port.ts'
import type { Logger } from '../../infra/telemetry/logger.ts'
import { CHANNELS } from '../../schemas/integration/message.ts'

export interface OpenFeed {
  /** Nothing where projections read the store itself. */
  readonly feed: Feed | undefined
  close(): Promise<void>
}

/** Where the projections of a configuration read the log. */
export function openFeed(
  { FEED, KAFKA_BROKERS, KAFKA_CLIENT, KAFKA_TOPIC_PREFIX, KAFKA_PARTITIONS }: Configuration,
  store: EventStore,
  logger: Logger,
): OpenFeed {
  if (FEED === 'store') return { feed: undefined, close: () => Promise.resolve() }
  if (!KAFKA_BROKERS) throw new Error('FEED=kafka needs KAFKA_BROKERS')
  const connection = { brokers: KAFKA_BROKERS, clientId: 'wufei-projections' }
  let kafka: Promise<Kafka> | undefined
  const feed = openTotalOrderFeed({
    connect() {
      // The clients are loaded only where one is used.
      kafka ??= import('../../infra/kafka/open.ts').then(({ openKafka }) => openKafka(KAFKA_CLIENT, connection))
      kafka.catch(() => (kafka = undefined))
      return kafka
    },
    store,
    topics: CHANNELS.map((channel) => ({ topic: `${KAFKA_TOPIC_PREFIX}.${channel}`, partitions: KAFKA_PARTITIONS })),
    onFault: (fault) => logger.warn({ err: fault }, 'the feed met a fault and tries again'),
  })
  return {
    feed,
    async close() {
      await (await kafka?.catch(() => undefined))?.close()
    },
  }
}
