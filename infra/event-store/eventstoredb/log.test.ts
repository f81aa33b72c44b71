import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { openMemoryStore } from '../memory.ts'
import type { AppendRequest, EventStore, NewEvent, RecordedEvent } from '../port.ts'
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server.ts'
import { EventStoreDBClient, jsonEvent } from './client.ts'
import { positionOf } from './position.ts'
import { openEventStoreDb, type EventStoreDb } from './store.ts'

const database = freshDatabase()
afterAll(async () => (await database).drop())
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function aServer(options: StandInOptions = {}): Promise<StandIn> {
  const server = await startStandIn(options)
  closers.push(() => server.close())
  return server
}

async function aStore({ connectionString: url }: StandIn, databaseUrl?: string): Promise<EventStoreDb> {
  const store = await openEventStoreDb({
    url,
    patience: { callMs: 1_000 },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  closers.push(() => store.close())
  return store
}

const anEvent = (note = ''): NewEvent => ({
  type: 'LotStored',
  schemaVersion: 1,
  occurredAt: '2025-12-06T08:52:00+08:00',
  data: { note },
  metadata: {
    commandId: '0198c0de-0000-7000-8000-000000000001',
    actor: { subject: 'u-1', roles: ['recorder'] },
    provenance: 'live',
  },
})
const aRequest = (more: Partial<AppendRequest> = {}): AppendRequest => ({
  stream: `lot-${randomUUID()}`,
  expected: 0,
  commandId: randomUUID(),
  events: [anEvent()],
  ...more,
})
const all = (store: EventStore): Promise<readonly RecordedEvent[]> => store.readAll(0, 10_000)

async function followed(store: EventStore, after: number, count: number): Promise<readonly RecordedEvent[]> {
  const seen: RecordedEvent[] = []
  const subscription = store.subscribe(after, async (page) => void seen.push(...page), { pageSize: 3 })
  await expect.poll(() => seen.length, { timeout: 10_000, interval: 5 }).toBe(count)
  await subscription.stop()
  return seen
}

describe('a server whose clock goes back', () => {
  // The third to the sixth event by a clock that stands an hour behind, as after a change of leaders; the log's epoch is the first of all.
  const back = (position: bigint): boolean => position >= 4n * 64n && position < 8n * 64n
  const created: StandInOptions['created'] = (event) => event.created - (back(event.position) ? 36_000_000_000n : 0n)

  test.each(['in memory', 'in PostgreSQL'])(
    'is not followed: moments never decrease, whichever way they are read, its index %s',
    async (kept) => {
      const server = await aServer({ created })
      const databaseUrl = kept === 'in memory' ? undefined : (await database).url
      const store = await aStore(server, databaseUrl)
      const stream = `lot-${randomUUID()}`
      await store.epoch()
      for (let i = 0; i < 10; i++) await store.append(aRequest(i % 2 === 0 ? { stream, expected: i / 2 } : {}))

      const log = await all(store)
      const moments = log.map(({ recordedAt }) => recordedAt)
      expect(moments).toEqual([...moments].sort())
      expect(moments[2]).toBe(moments[1])
      expect(moments[5]).toBe(moments[1])

      // Another process, whatever it asks first, sees the same.
      for (const ask of [
        async (other: EventStore) =>
          expect(await other.readStream(stream)).toEqual(log.filter((event) => event.stream === stream)),
        async (other: EventStore) => expect(await other.readAll(log[3]?.position ?? 0, 100)).toEqual(log.slice(4)),
        async (other: EventStore) => expect(await followed(other, log[2]?.position ?? 0, 7)).toEqual(log.slice(3)),
        async (other: EventStore) =>
          expect(await other.positionAt(moments[1] ?? '')).toBe(
            log.findLast(({ recordedAt }) => recordedAt === moments[1])?.position,
          ),
      ]) {
        await ask(await aStore(server, databaseUrl))
        await ask(store)
      }
    },
  )
})

describe('a log that holds events of others', () => {
  test('shows ours alone, in pages of any size', async () => {
    const server = await aServer()
    const store = await aStore(server)
    const stranger = EventStoreDBClient.connectionString(server.connectionString)
    closers.push(() => stranger.dispose())
    const noise = (count: number) =>
      stranger.appendToStream(
        `other-${randomUUID()}`,
        Array.from({ length: count }, () => jsonEvent({ type: 'SomethingElse', data: { a: 1 } })),
      )
    await noise(30)
    const requests: AppendRequest[] = []
    for (let i = 0; i < 5; i++) {
      requests.push(aRequest({ events: [anEvent(), anEvent()] }))
      await store.append(requests[i] as AppendRequest)
      await noise(1 + i * 40)
    }
    const log = await all(store)
    expect(log.map(({ stream }) => stream)).toEqual(requests.flatMap(({ stream }) => [stream, stream]))
    expect(await store.head()).toBe(log.at(-1)?.position)
    for (const limit of [1, 3]) {
      const paged: RecordedEvent[] = []
      for (;;) {
        const page = await store.readAll(paged.at(-1)?.position ?? 0, limit)
        if (page.length === 0) break
        paged.push(...page)
      }
      expect(paged).toEqual(log)
    }
    expect(await followed(store, 0, 10)).toEqual(log)
    expect((await (await aStore(server)).receipts(requests.map(({ commandId }) => commandId))).size).toBe(5)
  })
})

describe('a stream that was closed', () => {
  test('takes no more events, can be read, and repeats still get their first answer', async () => {
    const server = await aServer()
    const store = await aStore(server)
    const request = aRequest()
    const first = await store.append(request)
    await store.closeStream(request.stream)
    await store.closeStream(request.stream)
    for (const one of [store, await aStore(server)]) {
      for (const expected of [0, 1, 'any'] as const) {
        expect(await one.append(aRequest({ stream: request.stream, expected }))).toEqual({ outcome: 'closed' })
      }
      expect(await one.readStream(request.stream)).toHaveLength(1)
      expect(await one.append(request)).toEqual({ ...first, outcome: 'replayed' })
    }
  })

  test('by a tombstone of the server takes none either', async () => {
    const server = await aServer()
    const store = await aStore(server)
    const request = aRequest()
    await store.append(request)
    const operator = EventStoreDBClient.connectionString(server.connectionString)
    closers.push(() => operator.dispose())
    await operator.tombstoneStream(request.stream)
    for (const expected of [1, 'any'] as const) {
      expect(await store.append(aRequest({ stream: request.stream, expected }))).toEqual({ outcome: 'closed' })
    }
  })
})

describe('an epoch', () => {
  test('is one for all processes, and a new one makes the index anew', async () => {
    const { url } = await freshDatabase()
    const server = await aServer()
    const [store, other] = [await aStore(server, url), await aStore(server, url)]
    const epochs = await Promise.all([store.epoch(), other.epoch()])
    expect(epochs[0]).toBe(epochs[1])
    const request = aRequest()
    await store.append(request)
    expect((await other.receipts([request.commandId])).size).toBe(1)

    const program = fileURLToPath(new URL('begin-epoch.ts', import.meta.url))
    const env = { ...process.env, NODE_ENV: 'test', EVENTSTORE_URL: server.connectionString }
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { env })
    const next = stdout.trim()
    expect(next).not.toBe(epochs[0])
    expect(await other.epoch()).toBe(next)
    const later = aRequest()
    await other.append(later)
    for (const one of [other, store, await aStore(server, url)])
      expect((await one.receipts([later.commandId, request.commandId])).size).toBe(2)
  })

  test('that was forgotten after a restore is told, and nothing is answered from the wrong index', async () => {
    const { url } = await freshDatabase()
    const full = openMemoryStore()
    const server = await aServer({ store: full })
    const store = await aStore(server, url)
    await store.epoch()
    for (let i = 0; i < 20; i++) await store.append(aRequest())
    expect((await store.receipts([randomUUID()])).size).toBe(0)

    // The backup: what lay in the log when it was young, its epoch among it.
    const restored = openMemoryStore()
    for (const event of await full.readAll(0, 5)) {
      await restored.append({
        stream: event.stream,
        expected: 'any',
        commandId: event.metadata.commandId,
        events: [{ ...event }],
      })
    }
    const after = await aStore(await aServer({ store: restored }), url)
    await expect(after.receipts([randomUUID()])).rejects.toThrow('begin a new epoch')
    await after.beginEpoch()
    expect((await after.receipts([randomUUID()])).size).toBe(0)
    expect(await after.append(aRequest())).toMatchObject({ outcome: 'appended' })
  })
})

test('an append beyond what the server takes is refused by name, with the size and the limit', async () => {
  const store = await aStore(await aServer())
  const half = 'x'.repeat(600_000)
  await expect(store.append(aRequest({ events: [anEvent(half), anEvent(half)] }))).rejects.toMatchObject({
    name: 'StoreRefused',
    reason: 'append-too-large',
    message: expect.stringContaining('takes 1048576 bytes in one append'),
  })
  expect(await store.append(aRequest({ events: [anEvent(half)] }))).toMatchObject({ outcome: 'appended' })
})

test('a position beyond what a number holds is refused, loudly', () => {
  expect(positionOf(BigInt(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => positionOf(2n ** 53n)).toThrow(RangeError)
})
