import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openPool } from '../postgres/sessions.ts'
import { fromIntegration } from '../../schemas/integration/cloud-event.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { BROKER_START_MS, kafkaMissing, startTestBrokers } from '../../test/support/kafka.ts'
import { readTopics, toldBy } from '../../test/support/told.ts'
import { newEvent } from '../event-store/bench/load.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import type { EventStore, NewEvent } from '../event-store/port.ts'
import type { Brokers } from '../kafka/broker/brokers.ts'
import { openKafka } from '../kafka/open.ts'
import type { Kafka } from '../kafka/port.ts'
import { openLine } from './line.ts'
import { claimMark, RelayDeposed } from './mark.ts'
import { openRelay, type Relay, type RelayOptions } from './relay.ts'
import { topicSpecifications, topicsOf } from './topics.ts'

const missing = kafkaMissing('the relay')
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

describe.skipIf(missing !== undefined)('the relay', () => {
  let brokers: Brokers
  let kafka: Kafka
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let pool: pg.Pool
  const running: Relay[] = []
  let names = 0

  beforeAll(async () => {
    brokers = await startTestBrokers()
    kafka = await openKafka('kafkajs', { brokers: brokers.addresses, clientId: 'relay-test' })
    database = await freshDatabase()
    pool = openPool({ connectionString: database.url })
    // One test ends its sessions too.
    pool.on('error', () => undefined)
  }, BROKER_START_MS)
  afterEach(async () => {
    await Promise.all(running.splice(0).map((relay) => relay.stop()))
  })
  afterAll(async () => {
    await kafka.close()
    await brokers.stop()
    await pool.end()
    await database.drop()
  })

  /** A log, topics and a mark of their own. */
  async function stage(store: EventStore = openMemoryStore()) {
    const name = `r${++names}`
    await kafka.ensureTopics(topicSpecifications(name, 3))
    return {
      store,
      name,
      async relay(options: Partial<RelayOptions> = {}): Promise<Relay> {
        const relay = await openRelay({
          store,
          kafka,
          databaseUrl: database.url,
          name,
          topicPrefix: name,
          pageSize: 20,
          ...options,
        })
        running.push(relay)
        return relay
      },
      records: () => readTopics(kafka, topicsOf(name)),
    }
  }

  async function append(
    store: EventStore,
    streams: readonly string[],
    times: number,
    change: Partial<NewEvent> = {},
  ): Promise<number> {
    for (let i = 0; i < times; i++)
      for (const stream of streams) {
        const commandId = randomUUID()
        await store.append({ stream, expected: 'any', commandId, events: [{ ...newEvent(commandId), ...change }] })
      }
    return store.head()
  }

  test('everything in the log is told once, chained, in order, and can be read back', async () => {
    const { store, relay, records } = await stage()
    const head = await append(store, ['lot-a', 'lot-b', 'lot-c'], 40)
    const commandId = randomUUID()
    await store.append({
      stream: 'unit-x',
      expected: 'any',
      commandId,
      events: [{ ...newEvent(commandId), metadata: { ...newEvent(commandId).metadata, traceparent: TRACE } }],
    })
    expect(await (await relay()).waitFor(head + 1, 10_000)).toBe(true)
    const told = await records()
    expect(toldBy(told, await store.epoch())).toEqual({
      chain: (await store.readAll(0, 1_000)).map(({ position }) => position),
      unreached: 0,
      duplicates: 0,
      inversions: 0,
    })
    const last = told.find(({ headers }) => headers['position'] === String(head + 1))
    expect(last?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      previous: String(head),
      traceparent: TRACE,
      'schema-version': '1',
    })
    expect(last?.key).toBe('unit-x')
    const [recorded] = await store.readAll(head, 1)
    expect(fromIntegration(JSON.parse(String(last?.value)))).toEqual({ ok: true, event: recorded })
  })

  test('what goes before an event of a later system is sent; the event and what follows wait for an upgraded relay, and the fault is reported', async () => {
    const { store, relay, records } = await stage()
    const known = await append(store, ['lot-a'], 5)
    const commandId = randomUUID()
    await store.append({
      stream: 'lot-a',
      expected: 'any',
      commandId,
      events: [{ ...newEvent(commandId), schemaVersion: 99 }],
    })
    const head = await append(store, ['lot-a'], 5)
    const faults: unknown[] = []
    const told = await relay({ onFault: (fault) => faults.push(fault) })
    expect(await told.waitFor(known, 10_000)).toBe(true)
    expect(await told.waitFor(head, 500)).toBe(false)
    expect(await told.position()).toBe(known)
    expect(faults.map(String).join()).toContain('LaterEvent')
    expect(await told.lag()).toMatchObject({ events: 6 })
    expect((await records()).map(({ headers }) => headers['position'])).toEqual(
      (await store.readAll(0, 5)).map(({ position }) => String(position)),
    )
  })

  test('after a clean stop it goes on where the mark stands', async () => {
    const { store, relay, records } = await stage()
    const first = await relay()
    expect(await first.waitFor(await append(store, ['lot-a'], 30), 10_000)).toBe(true)
    await first.stop()
    const head = await append(store, ['lot-a', 'lot-b'], 30)
    const second = await relay()
    expect(await second.waitFor(head, 10_000)).toBe(true)
    expect(toldBy(await records(), await store.epoch())).toMatchObject({ unreached: 0, duplicates: 0, inversions: 0 })
    expect(await second.lag()).toEqual({ events: 0, seconds: 0 })
  })

  test('what waits is counted, and by the age of the oldest of it', async () => {
    const { store, relay } = await stage()
    await append(store, ['lot-a'], 7)
    const stopped = await relay()
    await stopped.waitFor(7, 10_000)
    await stopped.stop()
    const began = performance.now()
    const head = await append(store, ['lot-a'], 5)
    let end = (): void => undefined
    const done = new Promise<void>((resolve) => {
      end = resolve
    })
    const still = await relay({ store: { ...store, subscribe: () => ({ stop: () => Promise.resolve(end()), done }) } })
    expect(await still.waitFor(head, 10)).toBe(false)
    const { events, seconds } = await still.lag()
    expect(events).toBe(5)
    // The store's clock and this one may differ a little.
    expect(seconds).toBeGreaterThan(-1)
    expect(seconds).toBeLessThan((performance.now() - began) / 1_000 + 1)
  })

  test('of two processes one relays, and the other takes over when it is gone', async () => {
    const { store, relay, records } = await stage()
    const one = await relay()
    expect(await one.waitFor(await append(store, ['lot-a'], 10), 10_000)).toBe(true)
    const two = await relay()
    expect(await two.waitFor(await append(store, ['lot-a'], 10), 10_000)).toBe(true)
    expect([one.leads(), two.leads()]).toEqual([true, false])
    await one.stop()
    expect(await two.waitFor(await append(store, ['lot-a'], 10), 10_000)).toBe(true)
    expect(two.leads()).toBe(true)
    expect(toldBy(await records(), await store.epoch())).toMatchObject({ unreached: 0, duplicates: 0, inversions: 0 })
  })

  test('whose fence was raised ends its term, and whatever it told twice readers can drop', async () => {
    const { store, relay, records, name } = await stage()
    const faults: unknown[] = []
    const one = await relay({ onFault: (fault) => faults.push(fault) })
    expect(await one.waitFor(await append(store, ['lot-a'], 10), 10_000)).toBe(true)
    await pool.query('update relay.mark set fence = fence + 1 where name = $1', [name])
    const head = await append(store, ['lot-a', 'lot-b'], 20)
    expect(await one.waitFor(head, 10_000)).toBe(true)
    expect(faults).toEqual([expect.any(RelayDeposed)])
    const told = toldBy(await records(), await store.epoch())
    expect(told).toMatchObject({ unreached: 0, inversions: 0 })
    expect(told.chain.at(-1)).toBe(head)
  })

  test('two at once by a lock that was lost in silence: the old one moves no mark, and the log can be read once and in order', async () => {
    const { store, records, name, relay } = await stage()
    const head = await append(store, ['lot-a', 'lot-b', 'lot-c', 'lot-d'], 25)
    await (await relay({ name: `${name}-other`, topicPrefix: name })).stop()
    const epoch = await store.epoch()
    const lineOf = async () => {
      const producer = await kafka.producer()
      return openLine({
        producer,
        mark: await claimMark(pool, name, epoch),
        epoch,
        topicPrefix: name,
        partitions: () => 3,
      })
    }
    const page = (after: number) => store.readAll(after, 20)
    const old = await lineOf()
    await old.take(await page(0))
    await old.settled()
    const successor = await lineOf()
    for (let after = 20; after < 80; after += 20) await successor.take(await page(after))
    // It believes its fence for a second longer, and sends what its successor sent before.
    await old.take(await page(20))
    await expect(old.settled()).rejects.toThrow(RelayDeposed)
    await expect(old.take(await page(40))).rejects.toThrow(RelayDeposed)
    await successor.take(await page(80))
    await successor.settled()
    const told = toldBy(await records(), epoch)
    expect(told).toMatchObject({ unreached: 0, inversions: 0 })
    expect(told.chain).toHaveLength(head)
    expect(told.duplicates).toBeGreaterThanOrEqual(20)
  })

  test('who was stopped for longer than its fence is believed asks before it sends', async () => {
    const { store, records, name, relay } = await stage()
    await append(store, ['lot-a'], 10)
    await (await relay({ name: `${name}-other`, topicPrefix: name })).stop()
    const before = (await records()).length
    const epoch = await store.epoch()
    const mark = await claimMark(pool, name, epoch)
    await claimMark(pool, name, epoch)
    const line = openLine({
      producer: await kafka.producer(),
      mark: { ...mark, confirm: later(mark.confirm) },
      epoch,
      topicPrefix: name,
      partitions: () => 3,
    })
    await expect(line.take(await store.readAll(0, 5))).rejects.toThrow(RelayDeposed)
    expect(await records()).toHaveLength(before)
  })

  test('a log restored from a backup is told again from its beginning, under its own epoch', async () => {
    const { store, relay, records, name } = await stage()
    const first = await relay()
    await first.waitFor(await append(store, ['lot-a'], 10), 10_000)
    await first.stop()
    const restored = openMemoryStore()
    const head = await append(restored, ['lot-a'], 4)
    const second = await relay({ store: restored, name })
    expect(await eventually(async () => second.leads() && (await second.position()) === head)).toBe(true)
    const told = await records()
    expect(toldBy(told, await store.epoch()).chain).toHaveLength(10)
    expect(toldBy(told, await restored.epoch()).chain).toHaveLength(4)
  })

  test('large events and pages of one lot pass, though a batch has a largest size', async () => {
    const { store, relay, records } = await stage()
    const note = '固废'.repeat(60_000)
    const data = { ...newEvent(randomUUID()).data, note }
    await append(store, ['lot-a'], 12, { data })
    const head = await append(store, ['lot-a'], 1, { data: { ...data, note: '废'.repeat(340_000) } })
    expect(await (await relay()).waitFor(head, 20_000)).toBe(true)
    expect(toldBy(await records(), await store.epoch())).toMatchObject({
      chain: { length: 13 },
      unreached: 0,
      inversions: 0,
      duplicates: 0,
    })
  })

  test('an event that only a later system can tell of is waited for, never left out', async () => {
    const { store, relay } = await stage()
    const faults: unknown[] = []
    await append(store, ['lot-a'], 3)
    const waiting = await relay({ onFault: (fault) => faults.push(fault) })
    expect(await waiting.waitFor(3, 10_000)).toBe(true)
    const head = await append(store, ['lot-a'], 1, { type: 'LotTeleported' })
    await append(store, ['lot-a'], 1)
    expect(await eventually(() => Promise.resolve(faults.length > 1))).toBe(true)
    expect(String(faults[0])).toContain('LotTeleported')
    expect(await waiting.position()).toBeLessThan(head)
  })

  test('a database that drops every session costs time and nothing else', async () => {
    const { store, relay, records } = await stage()
    const one = await relay()
    expect(await one.waitFor(await append(store, ['lot-a'], 5), 10_000)).toBe(true)
    await pool
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      .catch(() => undefined)
    const head = await append(store, ['lot-a', 'lot-b'], 20)
    expect(await one.waitFor(head, 15_000)).toBe(true)
    expect(toldBy(await records(), await store.epoch())).toMatchObject({ unreached: 0, inversions: 0 })
  })
})

/** As if more than a second had passed since the fence was last seen. */
const later =
  (confirm: () => Promise<void>): (() => Promise<void>) =>
  () => {
    const { now } = performance
    const ahead = now.call(performance) + 5_000
    performance.now = () => ahead
    try {
      return confirm()
    } finally {
      performance.now = now
    }
  }

async function eventually(condition: () => Promise<boolean>): Promise<boolean> {
  const until = performance.now() + 10_000
  while (!(await condition())) {
    if (performance.now() > until) return false
    await new Promise((done) => setTimeout(done, 10))
  }
  return true
}
