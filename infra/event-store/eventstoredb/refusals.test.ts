import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppendRequest, EventStore, RecordedEvent } from '../port.ts'
import type { RefusalKind } from '../stand-in/trouble.ts'
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server.ts'
import { EventStoreDBClient } from './client.ts'
import { anEvent, aRequest } from './requests.ts'
import { openEventStoreDb, type EventStoreDbOptions } from './store.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function aServer(options: StandInOptions = {}): Promise<StandIn> {
  const server = await startStandIn(options)
  closers.push(() => server.close())
  return server
}
async function aStore(
  { connectionString: url }: StandIn,
  options: Partial<EventStoreDbOptions> = {},
): Promise<EventStore> {
  const store = await openEventStoreDb({ url, patience: { callMs: 500, tries: 8, waitMs: 5 }, ...options })
  closers.push(() => store.close())
  return store
}

describe('a refusal that lasts is reported at the first try, by its name and in plain words', () => {
  const kinds: readonly (readonly [RefusalKind | 'NotAuthenticated', string, RegExp])[] = [
    ['BadRequest', 'bad-request', /does not understand the request: Empty eventType/],
    ['InvalidTransaction', 'invalid-transaction', /cannot write these events as one append/],
    ['Unknown', 'invalid-transaction', /InvalidTransaction/],
    ['MaximumAppendSizeExceeded', 'append-too-large', /takes 1048576 bytes in one append/],
    ['MaximumAppendEventSizeExceeded', 'event-too-large', /an-event.*1048577 bytes.*1048576/],
    ['AccessDenied', 'access-denied', /may not append/],
    ['NotAuthenticated', 'not-authenticated', /name and password/],
  ]
  test.each(kinds)('%s', async (as, reason, words) => {
    const server = await aServer()
    const store = await aStore(server)
    await store.append(aRequest())
    server.script.whenever((on) => (on === 'append' ? { kind: 'refused', on, as } : undefined))
    const both = await Promise.allSettled([store.append(aRequest()), store.append(aRequest())])
    const refusal = { name: 'StoreRefused', reason, message: expect.stringMatching(words) }
    expect(both).toMatchObject([{ reason: refusal }, { reason: refusal }])
    expect(server.script.happened('refused')).toBe(2)
    server.script.whenever(() => undefined)
    expect(await store.append(aRequest())).toMatchObject({ outcome: 'appended' })
  })

  test('a position of before a restore, by a reader and by a subscriber', async () => {
    const server = await aServer()
    const store = await aStore(server)
    await store.append(aRequest())
    const last = (await store.readAll(0, 1))[0]?.position ?? 0
    const later = { kind: 'refused', on: 'read', as: 'InvalidPosition' } as const
    server.script.add(later)
    await expect(store.readAll(last, 1)).rejects.toMatchObject({ reason: 'invalid-position' })
    server.script.add({ ...later, on: 'subscribe' })
    const { done } = store.subscribe(0, () => Promise.resolve())
    await expect(done).rejects.toMatchObject({
      reason: 'invalid-position',
      message: expect.stringContaining('was it restored from a backup?'),
    })
  })

  test('that $all is not for this login, when the store is opened, in one line', async () => {
    const server = await aServer({ behaviour: { refusesAll: true } })
    const refusal: unknown = await aStore(server).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ name: 'StoreRefused', reason: 'access-denied' })
    expect(String(refusal)).toBe(
      'StoreRefused: the login of EVENTSTORE_URL may not read $all: that takes a member of $admins',
    )
  })

  test('what passes is tried again, also where it comes inside the answer of a batch', async () => {
    const server = await aServer()
    const store = await aStore(server)
    for (const as of ['NotReady', 'Busy', 'NoLeader', 'Timeout'] as const) {
      server.script.add({ kind: 'refused', on: 'append', as })
      expect(await store.append(aRequest()), as).toMatchObject({ outcome: 'appended' })
    }
    expect(server.script.happened('refused')).toBe(4)
  })
})

describe('sizes', () => {
  // Data alone 600 KB, with metadata 1.2 MB.
  const heavy = (): AppendRequest => {
    const event = anEvent('x'.repeat(300_000))
    const actor = { subject: 'y'.repeat(300_000), roles: [] }
    return aRequest({ events: [1, 2].map(() => ({ ...event, metadata: { ...event.metadata, actor } })) })
  }
  test.each(['22.6.0', '24.10.0', '24.10.3', '25.1.0', '26.0.3'])(
    'of an append of 0.6 MB of data and as much of metadata are within what %s takes',
    async (version) => {
      const store = await aStore(await aServer({ behaviour: { version } }))
      expect(await store.append(heavy())).toMatchObject({ outcome: 'appended' })
    },
  )

  test.each(['24.10.4', '24.10.14', '25.0.1', 'unknown'])(
    'of the same append are beyond what %s takes, and it is refused before it is sent',
    async (version) => {
      const server = await aServer({ behaviour: { version } })
      const store = await aStore(server)
      let sent = 0
      server.script.whenever((on) => void (on === 'append' && sent++))
      await expect(store.append(heavy())).rejects.toMatchObject({
        name: 'StoreRefused',
        reason: 'append-too-large',
        message: expect.stringMatching(/takes 1048576 bytes in one append.* has 12\d{5}:/),
      })
      expect(sent).toBe(0)
    },
  )

  test('may be raised on the server, and here with it', async () => {
    const server = await aServer({ behaviour: { version: '24.10.6', maxAppendSize: 4_194_304 } })
    const store = await aStore(server, { maxAppendSize: 4_194_304 })
    const half = (): ReturnType<typeof anEvent> => anEvent('x'.repeat(600_000))
    expect(await store.append(aRequest({ events: [half(), half(), half()] }))).toMatchObject({ outcome: 'appended' })
    // Told by the server where it was not raised there.
    const narrow = await aServer({ behaviour: { version: '24.10.6' } })
    const wrong = await aStore(narrow, { maxAppendSize: 4_194_304 })
    await expect(wrong.append(aRequest({ events: [half(), half()] }))).rejects.toMatchObject({
      reason: 'append-too-large',
      message: expect.stringContaining('takes 1048576 bytes'),
    })
  })
})

test('an append at a wrong revision is a conflict also where the address has the client throw no errors of appends', async () => {
  for (const batches of [true, false]) {
    const server = await aServer({ batches })
    const connectionString = `${server.connectionString}&throwOnAppendFailure=false`
    const store = await aStore({ ...server, connectionString })
    const request = aRequest({ events: [anEvent(1), anEvent(2)] })
    await store.append(request)
    // By another process, which does not know that the stream is there.
    const other = await aStore({ ...server, connectionString })
    const wrong = await other.append(aRequest({ stream: request.stream, expected: 0 }))
    expect({ batches, ...wrong }).toEqual({ batches, outcome: 'conflict', revision: 2 })
  }
})

describe('half-close', () => {
  test('is never used: what was under way beside a silent append is answered, and the call is cancelled then', async () => {
    const server = await aServer({ counts: true })
    const store = await aStore(server)
    await store.append(aRequest())
    server.script.add({ kind: 'silence', on: 'append' })
    const silent = store.append(aRequest())
    const slow = Array.from({ length: 8 }, () => {
      server.script.add({ kind: 'delay', on: 'append', milliseconds: 480 })
      return store.append(aRequest())
    })
    const outcomes = await Promise.all([silent, ...slow])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(outcomes.map(() => 'appended'))
    // One call of appends is left, and none that waits for an end for ever.
    await expect.poll(() => server.load().open, { timeout: 5_000 }).toBe(1)
  })
})

describe('calls of one connection', () => {
  test('are never more than 96, however many reads, appends and subscriptions are asked for', {
    timeout: 120_000,
  }, async () => {
    const server = await aServer({ counts: true })
    const store = await aStore(server, { patience: { callMs: 20_000, tries: 8, waitMs: 5 } })
    const request = aRequest()
    await store.append(request)
    server.script.whenever((on) => (on === 'read' ? { kind: 'delay', on, milliseconds: 10 } : undefined))
    const subscriptions = Array.from({ length: 100 }, () => store.subscribe(0, () => Promise.resolve()))
    await Promise.all([
      ...Array.from({ length: 150 }, () => store.readStream(request.stream)),
      ...Array.from({ length: 100 }, () => store.append(aRequest())),
    ])
    expect(server.load().most).toBeLessThanOrEqual(96)
    expect(server.load().most).toBeGreaterThan(60)
    await Promise.all(subscriptions.map((subscription) => subscription.stop()))
  })
})

describe('a stream that an operator deleted softly', () => {
  test('goes on at its old number, and what is appended is answered with where it lies', async () => {
    const server = await aServer()
    const store = await aStore(server)
    const first = aRequest({ events: [anEvent(1), anEvent(2)] })
    const { stream } = first
    await store.append(first)
    const operator = EventStoreDBClient.connectionString(server.connectionString)
    closers.push(() => operator.dispose())
    await operator.deleteStream(stream)
    for (const one of [store, await aStore(server)]) {
      expect(await one.readStream(stream)).toEqual([])
      await operator.deleteStream(stream)
      const length = (await (await aStore(server)).readAll(0, 100)).filter((event) => event.stream === stream).length
      const events = [anEvent(3), anEvent(4)]
      const again = await one.append(aRequest({ stream, events }))
      expect(again).toMatchObject({ outcome: 'appended', revision: length + 2, count: 2 })
      const shown: readonly RecordedEvent[] = await one.readStream(stream)
      expect(shown.map(({ revision }) => revision)).toEqual([length + 1, length + 2])
      expect(again).toMatchObject({ position: shown[1]?.position, firstPosition: shown[0]?.position })
      expect(await one.append(aRequest({ stream, expected: length + 2 }))).toMatchObject({ revision: length + 3 })
      await operator.deleteStream(stream)
      // A wrong revision is a conflict at once, though the stream shows nothing to wait for.
      const from = performance.now()
      expect(await one.append(aRequest({ stream, expected: 1 }))).toMatchObject({ outcome: 'conflict' })
      expect(performance.now() - from).toBeLessThan(450)
    }
  })
})

describe('a slow reader', () => {
  test('is read on at its own pace, without a word that it fell behind', async () => {
    const server = await aServer()
    const store = await aStore(server)
    // Half a megabyte: eight times what a call of HTTP/2 may have on its way unread.
    for (let i = 0; i < 2; i++)
      await store.append(aRequest({ events: Array.from({ length: 25 }, () => anEvent('z'.repeat(10_000))) }))
    let count = 0
    const words: string[] = []
    const client = EventStoreDBClient.connectionString(server.connectionString)
    closers.push(() => client.dispose())
    const subscription = client.subscribeToAll({ fromPosition: 'start' }, { highWaterMark: 1 })
    subscription.on('fellBehind', () => words.push('fellBehind'))
    for await (const _ of subscription) {
      if (++count % 5 === 0) await delay(20)
      if (count === 50) break
    }
    expect({ count, words }).toEqual({ count: 50, words: [] })
  })
})
