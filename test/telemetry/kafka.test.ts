import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { Brokers } from '../../infra/kafka/broker/brokers.ts'
import { openTotalOrderFeed } from '../../infra/feed/total-order.ts'
import { openKafka } from '../../infra/kafka/open.ts'
import type { Kafka } from '../../infra/kafka/port.ts'
import { openRelay } from '../../infra/relay/relay.ts'
import { topicSpecifications } from '../../infra/relay/topics.ts'
import { currentTraceparent, spanned } from '../../infra/telemetry/spans.ts'
import { allProjections } from '../../projections/all.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { freshDatabase } from '../support/database.ts'
import { kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { given, packageHistory, OLD } from '../support/transfers.ts'
import { openCollector, traceTo, type ExportedSpan } from './collector.ts'

const missing = kafkaMissing('the way of a trace through Kafka')

describe.skipIf(missing !== undefined)('on a real broker', () => {
  let brokers: Brokers
  let kafka: Kafka
  let store: EventStore
  let database: Awaited<ReturnType<typeof freshDatabase>>
  beforeAll(async () => {
    brokers = await startTestBrokers()
    kafka = await openKafka('kafkajs', { brokers: brokers.addresses, clientId: 'traces' })
    database = await freshDatabase()
    store = await openPostgresStore({ url: database.url })
  })
  afterAll(async () => {
    await store.close()
    await kafka.close()
    await brokers.stop()
    await database.drop()
  })

  test('an event that was decided in a trace links the relay, the reading of its record and the rows to it', async () => {
    const prefix = `t${randomUUID().slice(0, 8)}`
    const topics = topicSpecifications(prefix, 1)
    await kafka.ensureTopics(topics)
    const collector = await openCollector()
    const tracing = await traceTo(collector.url)
    const relay = await openRelay({ store, kafka, databaseUrl: database.url, topicPrefix: prefix })
    const feed = openTotalOrderFeed({ connect: () => Promise.resolve(kafka), store, topics, silenceMs: 60_000 })
    const runner = await openRunner({
      store,
      databaseUrl: database.url,
      projections: allProjections.filter(({ name }) => name === 'lots'),
      feed,
    })
    try {
      const [first, ...later] = packageHistory(OLD)
      await given(store, `lot-${OLD.lot}`, first ? [first] : [])
      await spanned('decided', {}, async () => {
        const commandId = randomUUID()
        const traceparent = currentTraceparent() ?? ''
        const metadata = { commandId, actor: { subject: 's', roles: [] }, provenance: 'live' as const, traceparent }
        await store.append({
          stream: `lot-${OLD.lot}`,
          expected: 1,
          commandId,
          events: later.map((event) => ({ ...event, schemaVersion: 1, metadata })),
        })
      })
      const head = await store.head()
      expect(await relay.waitFor(head, 20_000)).toBe(true)
      expect(await runner.waitFor(head, 20_000)).toBe(true)
    } finally {
      await runner.stop()
      await relay.stop()
      await tracing.stop()
      await collector.close()
    }
    const spans = collector.spans()
    const decided = spans.find(({ name }) => name === 'decided') as ExportedSpan
    const linked = spans.filter(({ links }) =>
      links.some(({ traceId, spanId }) => traceId === decided.traceId && spanId === decided.spanId),
    )
    expect(new Set(linked.map(({ name }) => name))).toEqual(
      new Set(['append batch', 'relay page', `consume ${prefix}.lots`, 'project lots']),
    )
    for (const span of linked) expect(span.traceId).not.toBe(decided.traceId)
  })
})
