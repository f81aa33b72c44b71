import { Kafka as Clients, logLevel } from 'kafkajs'
import { Wait, type StartedTestContainer } from 'testcontainers'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Broker, kafkaContract } from '../kafka/contract.ts'
import { type KafkaClient, kafkaClients, openKafka } from '../kafka/open.ts'
import { freePort } from '../postgres/cluster.ts'
import { clientMissing } from '../../test/support/kafka.ts'
import { containerOf, engineMissing } from './engine.ts'

const missing = await engineMissing('Kafka')

describe.skipIf(missing !== undefined)('the image of Kafka, one node', () => {
  let container: StartedTestContainer
  let broker: string
  beforeAll(async () => {
    // A broker tells its clients where it is, so its port outside must be known before it starts.
    const port = await freePort()
    broker = `127.0.0.1:${port}`
    container = await containerOf('kafka-1')
      .withEnvironment({
        KAFKA_NODE_ID: '1',
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${broker}`,
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
        // The contract has members with shorter sessions than the 6 s that a broker takes by default.
        KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      })
      .withExposedPorts({ container: 9_092, host: port })
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .start()
  }, 300_000)
  afterAll(async () => {
    await container.stop()
  })

  const brokerOf = (client: KafkaClient): Broker => ({
    connect: () => openKafka(client, { brokers: [broker], clientId: 'contract' }),
    forget: async ({ topic, partition }, before) => {
      const admin = new Clients({ brokers: [broker], clientId: 'forget', logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      // It knows no leaders before it has asked for something of the topic.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] })
      await admin.disconnect()
    },
  })

  for (const client of kafkaClients)
    describe.skipIf(clientMissing(client, 'the contract in a container') !== undefined)('by the client', () =>
      kafkaContract(client, () => brokerOf(client)),
    )
})
