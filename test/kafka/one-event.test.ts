import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { Brokers } from '../../infra/kafka/broker/brokers.ts'
import { openKafka } from '../../infra/kafka/open.ts'
import { topicsOf } from '../../infra/relay/topics.ts'
import { openBorder } from '../borders/harness.ts'
import { kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { testRuntime } from '../support/runtime.ts'
import { storedEvents } from '../support/stored-events.ts'
import { tellLog } from '../support/telling.ts'

const missing = kafkaMissing('one event for the feed and for Kafka')

describe.skipIf(missing !== undefined)('an event of the log', () => {
  let brokers: Brokers
  beforeAll(async () => {
    brokers = await startTestBrokers()
  })
  afterAll(() => brokers.stop())

  test('is the same CloudEvent in the topics of a real broker and in the REST feed, byte by byte', async () => {
    const store = openMemoryStore()
    for (const { stream, type, schemaVersion, occurredAt, data, metadata } of storedEvents())
      await store.append({
        stream,
        expected: 'any',
        commandId: metadata.commandId,
        events: [{ type, schemaVersion, occurredAt, data, metadata }],
      })
    const prefix = randomUUID()
    const kafka = await openKafka('kafkajs', { brokers: brokers.addresses, clientId: 'one-event' })
    const head = await tellLog({ kafka, store, prefix })
    const records = new Map<number, string>()
    let complete = (): void => undefined
    const all = new Promise<void>((resolve) => (complete = resolve))
    const consumer = kafka.consume({
      topics: topicsOf(prefix),
      assigned: (partitions) =>
        Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 'earliest' as const }))),
      outOfRange: (report) => {
        throw new Error(JSON.stringify(report))
      },
      async onBatch(batch) {
        for (const { headers, value } of batch.records) records.set(Number(headers.position), String(value))
        if (records.size === head) complete()
      },
    })
    await all
    await consumer.stop()
    await kafka.close()

    const border = await openBorder({ runtime: { ...testRuntime({}), store } })
    const token = await border.token({ sub: 'demo-admin', roles: ['admin'] })
    const answer = await border.send(token, { method: 'GET', url: '/api/v1/events' })
    const inOrder = [...records].sort(([a], [b]) => a - b).map(([, value]) => value)
    expect(inOrder.length).toBeGreaterThan(30)
    expect(answer.body).toBe(`[${inOrder.join(',')}]`)
    await border.close()
  }, 60_000)
})
