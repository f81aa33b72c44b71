import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { setTimeout as pause } from 'node:timers/promises'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { Brokers } from '../../infra/kafka/broker/brokers.ts'
import { noCounts, type FeedCounts } from '../../infra/feed/counts.ts'
import type { Page, Start } from '../../infra/feed/feed.ts'
import type { UnreadableRecord } from '../../infra/feed/record.ts'
import { followPartitions } from '../../infra/feed/partitioned.ts'
import { LogReplaced, openTotalOrderFeed, type TotalOrderOptions } from '../../infra/feed/total-order.ts'
import { KafkaUnavailable } from '../../infra/kafka/faults.ts'
import { kafkaClients, openKafka } from '../../infra/kafka/open.ts'
import { partitionOf } from '../../infra/kafka/partition.ts'
import type { Kafka, OutgoingRecord } from '../../infra/kafka/port.ts'
import { openSignal } from '../../infra/event-store/signal.ts'
import { wildHistory } from '../../projections/journal/random-history.ts'
import { eventSchemas, type EventType } from '../../schemas/streams.ts'
import { clientMissing, kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { topicSpecifications } from '../../infra/relay/topics.ts'
import { PARTITIONS, tellLog } from '../support/telling.ts'

const [history = []] = fc.sample(wildHistory(300), { numRuns: 30, seed: 8 }).filter((one) => one.length > 200)
const events = history.filter(({ type, data }) => eventSchemas[type as EventType].safeParse(data).success)

async function storeOf(count = events.length, store: EventStore = openMemoryStore()): Promise<EventStore> {
  const from = await store.head()
  for (const { stream, type, occurredAt, data } of events.slice(0, count)) {
    const commandId = randomUUID()
    await store.append({
      stream,
      expected: 'any',
      commandId,
      events: [
        {
          type,
          occurredAt,
          data,
          schemaVersion: 1,
          metadata: { commandId, actor: { subject: 's', roles: [] }, provenance: 'book' },
        },
      ],
    })
  }
  expect(await store.head()).toBe(from + count)
  return store
}

const missing = kafkaMissing('the feed')
let brokers: Brokers
beforeAll(async () => {
  if (missing === undefined) brokers = await startTestBrokers()
})
afterAll(() => brokers?.stop())

for (const client of kafkaClients) {
  const absent = missing ?? clientMissing(client, 'the feed')
  describe.skipIf(absent !== undefined)(`the log out of a real broker, by ${client}`, () => {
    let kafka: Kafka
    beforeAll(async () => {
      kafka = await openKafka(client, { brokers: brokers.addresses, clientId: 'feed' })
    })
    afterAll(async () => {
      await kafka.close()
    })
    const open: { stop(): Promise<void> }[] = []
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.stop()))
    })

    interface Followed {
      readonly positions: number[]
      readonly unreadable: UnreadableRecord[]
      readonly counts: FeedCounts
      last(): Page | undefined
      reach(position: number, timeoutMs?: number): Promise<void>
      stop(): Promise<void>
      readonly done: Promise<void>
    }

    /** Follows the topics and checks that what comes is what the store holds. */
    function follow(
      prefix: string,
      store: EventStore,
      start: Start = { after: 0, offsets: [] },
      options: Partial<TotalOrderOptions> = {},
    ): Followed {
      const counts = noCounts()
      const feed = openTotalOrderFeed({
        connect: () => Promise.resolve(kafka),
        store,
        topics: topicSpecifications(prefix, PARTITIONS),
        counts,
        silenceMs: 60_000,
        ...options,
      })
      const grown = openSignal()
      const positions: number[] = []
      const bad: UnreadableRecord[] = []
      let last: Page | undefined
      const subscription = feed.follow(
        start,
        async (page) => {
          for (const event of page.events) {
            const [stored] = await store.readAll(event.position - 1, 1)
            expect(event).toEqual(stored)
            positions.push(event.position)
          }
          last = page
          grown.raise()
        },
        { pageSize: 50, onUnreadable: async (record) => void bad.push(record) },
      )
      open.push(subscription)
      return {
        positions,
        unreadable: bad,
        counts,
        done: subscription.done,
        last: () => last,
        stop: () => subscription.stop(),
        async reach(position, timeoutMs = 20_000) {
          const until = performance.now() + timeoutMs
          while ((positions.at(-1) ?? 0) < position) {
            if (performance.now() > until)
              throw new Error(`still at ${positions.at(-1)} of ${position}: ${JSON.stringify(counts)}`)
            await Promise.race([subscription.done, grown.changed(grown.count, 200)])
          }
        },
      }
    }

    /** Records of anybody: bytes, texts, JSON, with headers of no kind, of some kind and of nearly ours. */
    /** Records that nobody of ours told; to be taken from the front. */
    const junkOf = async (prefix: string, store: EventStore) =>
      fc.sample(
        fc.record({
          value: fc.oneof(
            fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
            fc.string({ maxLength: 100 }),
            fc.jsonValue().map((value) => JSON.stringify(value)),
          ),
          key: fc.string({ minLength: 1, maxLength: 40 }),
          headers: fc.oneof(
            fc.constant({}),
            fc.dictionary(
              fc.constantFrom('position', 'previous', 'epoch', 'x'),
              fc.oneof(fc.string({ maxLength: 20 }), fc.nat(400).map(String)),
              {
                noNullPrototype: true,
              },
            ),
            fc.record({
              position: fc.nat(400).map(String),
              previous: fc.nat(400).map(String),
              epoch: fc.constant(await store.epoch()),
            }),
          ),
          topic: fc.constantFrom('lots', 'manifests', 'registry').map((channel) => `${prefix}.${channel}`),
        }),
        { numRuns: 600, seed: 4 },
      )

    const all = (head: number) => Array.from({ length: head }, (_, i) => i + 1)

    test('is the log, in its order, and nothing of it comes from the store', async () => {
      const [prefix, store] = [randomUUID(), await storeOf()]
      const head = await tellLog({ kafka, store, prefix })
      const followed = follow(prefix, store)
      await followed.reach(head)
      expect(followed.positions).toEqual(all(head))
      expect(followed.counts).toEqual({ ...noCounts(), told: head })
      await storeOf(20, store)
      await tellLog({ kafka, store, prefix }, head)
      await followed.reach(head + 20)
      expect(followed.counts).toEqual({ ...noCounts(), told: head + 20 })
    })

    test('goes on where its rows are, by the offsets that were written with them', async () => {
      const [prefix, store] = [randomUUID(), await storeOf()]
      await tellLog({ kafka, store, prefix })
      const first = follow(prefix, store)
      await first.reach(120)
      await first.stop()
      const offsets = first.last()?.offsets ?? []
      const after = first.positions.at(-1) ?? 0
      const head = await store.head()
      const second = follow(prefix, store, { after, offsets })
      await storeOf(5, store)
      await tellLog({ kafka, store, prefix }, head)
      await second.reach(head + 5)
      expect([...first.positions, ...second.positions]).toEqual(all(head + 5))
      expect(second.counts).toMatchObject({ told: head + 5 - after, refetched: 0, holes: 0 })
    })

    test('holes are filled from the store, duplicates dropped, strange epochs passed over', async () => {
      const [prefix, store] = [randomUUID(), await storeOf()]
      const spoil = (records: readonly OutgoingRecord[]) =>
        records.flatMap((record) => {
          const position = Number(record.headers.position)
          if (position % 41 === 0) return []
          if (position % 17 === 0) return [record, record]
          if (position % 31 === 0) return [{ ...record, value: String(record.value).replace(/\.v1"/, '.v2"') }]
          if (position % 29 === 0)
            return [{ ...record, headers: { ...record.headers, epoch: 'of another log' } }, record]
          return [record]
        })
      const head = await tellLog({ kafka, store, prefix, spoil })
      const followed = follow(prefix, store, undefined, { patienceMs: 100 })
      await followed.reach(Math.floor(head / 41) * 41 === head ? head - 1 : head)
      expect(followed.positions).toEqual(all(followed.positions.length))
      expect(followed.counts.holes).toBeGreaterThan(3)
      expect(followed.counts.duplicates).toBeGreaterThan(10)
      expect(followed.counts.foreign).toBeGreaterThan(5)
      expect(followed.counts.unreadable).toBeGreaterThan(3)
      expect(new Set(followed.unreadable.map(({ why }) => why))).toEqual(new Set(['unknown-version']))
    })

    test('where Kafka says nothing the store is asked', async () => {
      const [prefix, store] = [randomUUID(), await storeOf(60)]
      await tellLog({ kafka, store, prefix })
      const followed = follow(prefix, store, undefined, { silenceMs: 200 })
      await followed.reach(60)
      await storeOf(10, store)
      await followed.reach(70)
      expect(followed.positions).toEqual(all(70))
      // What came before may have been read there too, where the brokers were slow to answer.
      expect(followed.counts.refetched).toBeGreaterThanOrEqual(10)
      // The relay comes back and tells it all the same.
      await tellLog({ kafka, store, prefix }, 60)
      await storeOf(10, store)
      await tellLog({ kafka, store, prefix }, 70)
      await followed.reach(80)
      expect(followed.positions).toEqual(all(80))
    })

    test('offsets that the broker does not have, or that are of another epoch, are no reason to miss an event', async () => {
      const [prefix, store] = [randomUUID(), await storeOf(100)]
      const head = await tellLog({ kafka, store, prefix })
      const epoch = await store.epoch()
      const offsets = topicSpecifications(prefix, PARTITIONS).flatMap(({ topic, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => ({ topic, partition, next: 999_999, epoch })),
      )
      for (const start of [
        { after: 30, offsets },
        { after: 30, offsets: offsets.map((offset) => ({ ...offset, next: 0, epoch: 'of the time before' })) },
        { after: 30, offsets: [] },
      ]) {
        const followed = follow(prefix, store, start)
        await followed.reach(head)
        expect(followed.positions).toEqual(all(head).slice(30))
        expect(followed.counts).toMatchObject({ told: 0, refetched: head - 30 })
        await followed.stop()
      }
    })

    test('a log that was replaced ends it, and until the brokers answer the store is all there is', async () => {
      const [prefix, store] = [randomUUID(), await storeOf(40)]
      await tellLog({ kafka, store, prefix })
      let tries = 0
      const connect = () => (++tries < 3 ? Promise.reject(new KafkaUnavailable('not yet')) : Promise.resolve(kafka))
      let epoch = await store.epoch()
      const restored: EventStore = { ...store, epoch: () => Promise.resolve(epoch) }
      const followed = follow(prefix, restored, undefined, { connect, patienceMs: 300, silenceMs: 100 })
      await followed.reach(40)
      expect(followed.counts.refetched).toBe(40)
      epoch = 'of the restored log'
      await storeOf(1, store)
      await tellLog({ kafka, store: restored, prefix }, 40)
      await expect(followed.done).rejects.toThrow(LogReplaced)
    })

    test('a partition that runs ahead of a missing event rests, so that what waits is bounded, and goes on when it came', async () => {
      const [prefix, store] = [randomUUID(), openMemoryStore()]
      const name = 'x'.repeat(30_000)
      // In another partition, or it could only come when the one that rests goes on.
      const apart = ['a', 'b', 'c', 'd']
        .map((one) => `claim-${one}`)
        .find((one) => partitionOf(one, PARTITIONS) !== partitionOf('claim-ahead', PARTITIONS))
      for (let i = 0; i < 600; i++) {
        const commandId = derivedId('ahead', i)
        const metadata = { commandId, actor: { subject: 's', roles: [] }, provenance: 'book' as const }
        const data = { kind: 'record', name, by: 'lot-1' }
        const event = { type: 'NameClaimed', occurredAt: '2025-12-01T08:00:00+08:00', data, schemaVersion: 1, metadata }
        await store.append({
          stream: i === 0 ? (apart ?? '') : 'claim-ahead',
          expected: 'any',
          commandId,
          events: [event],
        })
      }
      let bytes = 0
      let atRest: number | undefined
      const watched: Kafka = {
        ...kafka,
        consume(options) {
          const consumer = kafka.consume({
            ...options,
            onBatch(batch) {
              bytes += batch.records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
              return options.onBatch(batch)
            },
          })
          return { ...consumer, pause: (partition) => ((atRest = bytes), consumer.pause(partition)) }
        },
      }
      const first = ({ headers }: OutgoingRecord) => headers.position === '1'
      await tellLog({ kafka, store, prefix, spoil: (records) => records.filter((record) => !first(record)) })
      const followed = follow(prefix, store, undefined, { connect: () => Promise.resolve(watched), patienceMs: 60_000 })
      for (const until = performance.now() + 20_000; atRest === undefined && performance.now() < until; )
        await pause(20)
      await tellLog({ kafka, store, prefix }, 0, 1)
      await followed.reach(600, 60_000)
      expect(followed.positions).toEqual(all(600))
      expect(followed.counts).toMatchObject({ told: 600, refetched: 0 })
      expect(atRest).toBeLessThan(7 * 1024 * 1024)
      expect(bytes).toBeGreaterThan(1.5 * (atRest ?? 0))
    }, 120_000)

    test('more than 500 records of anybody, generated, end nothing and hide nothing', async () => {
      const [prefix, store] = [randomUUID(), await storeOf()]
      const junk = await junkOf(prefix, store)
      const spoil = (records: readonly OutgoingRecord[]) =>
        records.flatMap((record, i) => {
          // Now and then the event itself is spoilt: its bytes, its place or its version.
          const spoilt =
            i % 19 === 3
              ? { ...record, value: String(record.value).slice(0, 100) }
              : i % 23 === 5
                ? { ...record, value: String(record.value).replace(/\.v1"/, '.v2"') }
                : record
          return [...junk.splice(0, 2), spoilt]
        })
      const head = await tellLog({ kafka, store, prefix, spoil })
      const producer = await kafka.producer()
      await producer.send(junk)
      await producer.close()
      const followed = follow(prefix, store, undefined, { patienceMs: 50, silenceMs: 300 })
      await followed.reach(head, 60_000)
      expect(followed.positions).toEqual(all(head))
      // The store may have been quicker than the topics.
      for (const until = performance.now() + 60_000; followed.unreadable.length <= 100 && performance.now() < until; )
        await pause(20)
      expect(followed.unreadable.length).toBeGreaterThan(100)
      // The last of them may come after the last event.
      await storeOf(3, store)
      await tellLog({ kafka, store, prefix }, head)
      await followed.reach(head + 3)
      expect(followed.positions).toEqual(all(head + 3))
    }, 150_000)

    test('shared by partitions: of every stream all of it in its order, whatever else lies in the topics', async () => {
      const [prefix, store] = [randomUUID(), await storeOf()]
      const junk = await junkOf(prefix, store)
      const spoil = (records: readonly OutgoingRecord[]) =>
        records.flatMap((record, i) => [
          ...junk.splice(0, 2),
          ...(i % 17 === 3
            ? []
            : i % 19 === 5
              ? [{ ...record, value: 'spoilt' }]
              : [record, ...(i % 7 ? [] : [record])]),
        ])
      const head = await tellLog({ kafka, store, prefix, spoil })
      const counts = noCounts()
      const streams = new Map<string, number[]>()
      const grown = openSignal()
      const unreadable: UnreadableRecord[] = []
      let covered: number[] = []
      const subscription = followPartitions(
        {
          connect: () => Promise.resolve(kafka),
          store,
          topics: topicSpecifications(prefix, PARTITIONS),
          group: prefix,
          published: () => Promise.resolve(head),
          counts,
        },
        {
          claim(partitions) {
            covered = partitions.map(() => 0)
            return Promise.resolve(
              partitions.map((partition, i) => ({
                ...partition,
                after: 0,
                next: undefined,
                give({ events: told, upTo = 0 }) {
                  for (const { stream, revision } of told)
                    streams.set(stream, [...(streams.get(stream) ?? []), revision])
                  covered[i] = Math.max(upTo, told.at(-1)?.position ?? 0)
                  grown.raise()
                  return Promise.resolve()
                },
              })),
            )
          },
          release: () => undefined,
          onUnreadable: async (record) => void unreadable.push(record),
        },
      )
      open.push(subscription)
      const until = performance.now() + 40_000
      while (covered.length === 0 || Math.min(...covered) < head) {
        if (performance.now() > until)
          throw new Error(`still at ${covered.join(' ')} of ${head}: ${JSON.stringify(counts)}`)
        await Promise.race([subscription.done, grown.changed(grown.count, 200)])
      }
      const stored = new Map<string, number[]>()
      for (const { stream, revision } of await store.readAll(0, 1_000))
        stored.set(stream, [...(stored.get(stream) ?? []), revision])
      expect(streams).toEqual(stored)
      expect(unreadable.length).toBeGreaterThan(100)
      expect(counts.told).toBeGreaterThan(20)
    }, 90_000)
  })
}
