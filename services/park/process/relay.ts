import { ConfigurationError } from '../../../infra/configuration/configuration.ts'
import { buildApp } from '../../../infra/http/app.ts'
import { health } from '../../../infra/http/health.ts'
import { openKafka } from '../../../infra/kafka/open.ts'
import { openRelay } from '../../../infra/relay/relay.ts'
import { topicSpecifications } from '../../../infra/relay/topics.ts'
import { openMetrics } from '../../../infra/telemetry/metrics.ts'
import { openPark } from '../open.ts'
import type { ParkProcess, ProcessOptions } from './process.ts'

/** Tells the log to Kafka. Of its copies one relays; the topics are made where they are missing. */
export async function openRelayProcess({ config, logger }: ProcessOptions): Promise<ParkProcess> {
  if (!config.KAFKA_BROKERS) throw new ConfigurationError(['KAFKA_BROKERS: the relay must know where Kafka is'])
  const metrics = openMetrics()
  const { store, databaseUrl, close } = await openPark(config, { metrics, policies: [] })
  const kafka = await openKafka(config.KAFKA_CLIENT, { brokers: config.KAFKA_BROKERS, clientId: 'wufei-relay' })
  const topics = topicSpecifications(config.KAFKA_TOPIC_PREFIX, config.KAFKA_PARTITIONS)
  await kafka.ensureTopics(topics)
  const relay = await openRelay({
    store,
    kafka,
    databaseUrl,
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
    onFault: (fault) => logger.error({ err: fault }, 'the relay met a fault and tries again'),
  })
  metrics.watchRelay(() => relay.lag())
  metrics.watchLeader('relay', () => relay.leads())
  const app = await buildApp({ logger, metrics, authenticate: () => Promise.resolve(undefined) })
  await app.register(health, {
    metrics,
    checks: {
      store: () => store.head(),
      relay: () => relay.position(),
      kafka: () => Promise.all(topics.map(({ topic }) => kafka.watermarks(topic))),
    },
  })

  return {
    app,
    async close() {
      await app.close()
      await relay.stop()
      await kafka.close()
      await close()
    },
  }
}
