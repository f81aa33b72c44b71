import { Kafka as Clients, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe } from 'vitest'
import { BROKER_START_MS, clientMissing, kafkaMissing, startTestBrokers } from '../../test/support/kafka.ts'
import type { Brokers } from './broker/brokers.ts'
import { type Broker, kafkaContract } from './contract.ts'
import { type KafkaClient, kafkaClients, openKafka } from './open.ts'

const missing = kafkaMissing("the contract of Kafka's clients")

describe.skipIf(missing !== undefined)('on a real broker', () => {
  let brokers: Brokers
  beforeAll(async () => {
    brokers = await startTestBrokers()
  }, BROKER_START_MS)
  afterAll(async () => {
    await brokers.stop()
  })

  const brokerOf = (client: KafkaClient): Broker => ({
    connect: () => openKafka(client, { brokers: brokers.addresses, clientId: 'contract' }),
    forget: async ({ topic, partition }, before) => {
      const admin = new Clients({
        brokers: [...brokers.addresses],
        clientId: 'forget',
        logLevel: logLevel.NOTHING,
      }).admin()
      await admin.connect()
      // It knows no leaders before it has asked for something of the topic.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] })
      await admin.disconnect()
    },
  })

  for (const client of kafkaClients)
    describe.skipIf(clientMissing(client, 'the contract') !== undefined)('by the client', () =>
      kafkaContract(client, () => brokerOf(client)),
    )
})
