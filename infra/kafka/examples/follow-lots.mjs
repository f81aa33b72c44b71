// What a program outside does with the topics: `KAFKA_BROKERS=host:9092 node infra/kafka/examples/follow-lots.mjs`. It is told every event at least
// once and remembers, lot by lot, what it has had: `revision` counts the events of one lot without gaps, so a repeat is one that it knows already.
import { Kafka, logLevel } from 'kafkajs'

const { KAFKA_BROKERS = '127.0.0.1:9092', KAFKA_TOPIC_PREFIX = 'wufei', KAFKA_GROUP = 'lots-example' } = process.env
const consumer = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: KAFKA_GROUP,
})
const known = new Map()

await consumer.connect()
await consumer.subscribe({ topic: `${KAFKA_TOPIC_PREFIX}.lots`, fromBeginning: true })
await consumer.run({
  async eachMessage({ message }) {
    const { type, subject, revision, time, data } = JSON.parse(message.value.toString())
    if (revision <= (known.get(subject) ?? 0)) return
    known.set(subject, revision)
    if (type === 'cn.wufei.lot.stored.v1')
      process.stdout.write(
        `${time} ${subject} ${data.facts.grams} g into ${data.facts.to.holder} ${data.facts.to.place}\n`,
      )
  },
})
process.once('SIGTERM', () => void consumer.disconnect())
