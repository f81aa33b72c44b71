import { randomUUID } from 'node:crypto'
import { Kafka as Clients, logLevel, Partitioners } from 'kafkajs'
import { newEvent, openBenchStore } from '../../infra/event-store/bench/load.ts'
import { interleaved, median, ratioOf, rounded } from '../../infra/event-store/bench/measure.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { type KafkaClient, kafkaClients, openKafka } from '../../infra/kafka/open.ts'
import type { Kafka, OutgoingRecord } from '../../infra/kafka/port.ts'
import { openRecords } from '../../infra/relay/records.ts'
import { openRelay } from '../../infra/relay/relay.ts'
import { DEFAULT_PARTITIONS, topicSpecifications } from '../../infra/relay/topics.ts'
import { clientMissing, kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import type { BenchLine, BenchResult } from './bench-line.ts'

const TARGET = 0.5
const BATCH = 500
const LOTS = 2_000
/** Leadership, the first metadata and cold code are not what is measured. */
const WARM = 3_000

async function fillLog(store: EventStore, events: number): Promise<void> {
  const streams = Array.from({ length: LOTS }, () => `lot-${randomUUID()}`)
  for (let i = 0; i < events; i += 20 * BATCH) {
    await Promise.all(
      Array.from({ length: BATCH }, (_, n) => {
        const commandId = randomUUID()
        return store.append({
          stream: streams[(i / 20 + n) % LOTS] ?? '',
          expected: 'any',
          commandId,
          events: Array.from({ length: 20 }, () => newEvent(commandId)),
        })
      }),
    )
  }
}

/** Events per second from the store to the acknowledged and marked record, once it runs. */
async function relayRate(store: EventStore, kafka: Kafka, databaseUrl: string, head: number): Promise<number> {
  const name = `p8-${randomUUID().slice(0, 8)}`
  await kafka.ensureTopics(topicSpecifications(name, 6))
  const faults: unknown[] = []
  const relay = await openRelay({
    store,
    kafka,
    databaseUrl,
    name,
    topicPrefix: name,
    onFault: (fault) => faults.push(fault),
  })
  try {
    await relay.waitFor(WARM, 60_000)
    const [start, from] = [performance.now(), await relay.position()]
    if (!(await relay.waitFor(head, 60_000))) throw new Error(`the relay did not come to ${head}`, { cause: faults[0] })
    return ((head - from) / (performance.now() - start)) * 1_000
  } finally {
    await relay.stop()
  }
}

/** The peer: the same records, made beforehand, 500 a send, each send awaited; no reading, no mark, one topic of six partitions. */
async function bareRate(clients: Clients, records: readonly OutgoingRecord[]): Promise<number> {
  const topic = `bare-${randomUUID().slice(0, 8)}`
  const admin = clients.admin()
  const producer = clients.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await Promise.all([admin.connect(), producer.connect()])
  await admin.createTopics({ topics: [{ topic, numPartitions: 6 }] })
  const send = (from: number) =>
    producer.send({
      topic,
      acks: -1,
      messages: records.slice(from, from + BATCH).map(({ key, value, headers }) => ({ key, value, headers })),
    })
  for (let i = 0; i < WARM; i += BATCH) await send(i)
  const start = performance.now()
  for (let i = WARM; i < records.length; i += BATCH) await send(i)
  const rate = ((records.length - WARM) / (performance.now() - start)) * 1_000
  await Promise.all([admin.disconnect(), producer.disconnect()])
  return rate
}

const line = (client: KafkaClient): BenchLine => ({
  name: `P8-${client}`,
  title: `relay on ${client}: store to acknowledged and marked, against bare kafkajs of the same records, ${BATCH} a send`,
  target: `>= ${TARGET}`,
  async run({ quick, databaseUrl }): Promise<BenchResult> {
    const missing = kafkaMissing('P8') ?? clientMissing(client, 'P8')
    if (missing !== undefined)
      return { ratio: 0, target: TARGET, passed: false, figures: {}, notes: `not run: ${missing}` }
    const events = quick ? 20_000 : 60_000
    const bench = await openBenchStore(databaseUrl)
    const brokers = await startTestBrokers()
    const kafka = await openKafka(client, { brokers: brokers.addresses, clientId: 'p8' })
    try {
      await fillLog(bench.store, events)
      await bench.client.query('vacuum analyze es.event')
      const head = await bench.store.head()
      const records = openRecords({
        after: 0,
        epoch: await bench.store.epoch(),
        prefix: 'p8',
        partitions: () => DEFAULT_PARTITIONS,
      })(await bench.store.readAll(0, events))
      const clients = new Clients({ brokers: [...brokers.addresses], clientId: 'bare', logLevel: logLevel.NOTHING })
      const rates = await interleaved(quick ? 2 : 5, {
        relay: () => relayRate(bench.store, kafka, databaseUrl, head),
        bare: () => bareRate(clients, records),
      })
      const ratio = rounded(ratioOf(rates.relay, rates.bare))
      const bytes = records.reduce((sum, { value }) => sum + value.length, 0) / records.length
      return {
        ratio,
        target: TARGET,
        passed: ratio >= TARGET,
        figures: {
          'events/s': Math.round(median(rates.relay)),
          'peer records/s': Math.round(median(rates.bare)),
          'bytes a value': Math.round(bytes),
        },
      }
    } finally {
      await kafka.close()
      await brokers.stop()
      await bench.close()
    }
  },
})

export const lines: readonly BenchLine[] = kafkaClients.map(line)
