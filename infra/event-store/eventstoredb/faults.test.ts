import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { StoreBusy, StoreUnavailable } from '../faults.ts'
import { openMemoryStore } from '../memory.ts'
import type { AppendRequest, EventStore, NewEvent, RecordedEvent } from '../port.ts'
import type { Fault } from '../stand-in/script.ts'
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server.ts'
import { openEventStoreDb, type EventStoreDb, type EventStoreDbOptions } from './store.ts'

const CALL_MS = 500
const QUICK: Omit<EventStoreDbOptions, 'url'> = {
  patience: { callMs: CALL_MS, tries: 8, waitMs: 5 },
  subscriptions: { waitMs: 5, longestMs: 40, quietMs: 100 },
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A server whose events can be looked at behind its back. */
async function aServer(options: StandInOptions = {}): Promise<StandIn & { readonly kept: EventStore }> {
  const kept = options.store ?? openMemoryStore()
  const standIn = await startStandIn({ ...options, store: kept })
  closers.push(() => standIn.close())
  return { ...standIn, kept }
}

async function aStore(
  { connectionString: url }: StandIn,
  options: Partial<EventStoreDbOptions> = {},
): Promise<EventStoreDb> {
  const store = await openEventStoreDb({ ...QUICK, ...options, url })
  closers.push(() => store.close())
  return store
}

const anEvent = (number = 0): NewEvent => ({
  type: 'LotStored',
  schemaVersion: 1,
  occurredAt: '2025-12-06T08:52:00+08:00',
  data: { number },
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
const idsIn = async (store: EventStore): Promise<readonly string[]> =>
  (await store.readAll(0, 100_000)).map(({ id }) => id)

const appendFaults: readonly (readonly [string, Fault])[] = [
  ['the server is slow', { kind: 'delay', on: 'append', milliseconds: CALL_MS / 3 }],
  ['the server is slower than we wait', { kind: 'delay', on: 'append', milliseconds: CALL_MS * 1.5 }],
  ['the server is unavailable', { kind: 'unavailable', on: 'append' }],
  ['the server never answers', { kind: 'silence', on: 'append' }],
  ['the reply is lost without a word', { kind: 'reply-lost', on: 'append', word: 'none' }],
  ['the connection breaks after the commit', { kind: 'reply-lost', on: 'append', word: 'unavailable' }],
  ['the server cancels after the commit', { kind: 'reply-lost', on: 'append', word: 'cancelled' }],
  ['the reply comes twice', { kind: 'duplicate-reply', on: 'append' }],
]

describe.each([
  { name: 'in batches', batches: true },
  { name: 'one by one, as servers before 21.10 take them', batches: false },
])('an append, sent $name,', ({ batches }) => {
  test.each(appendFaults)('has one effect where %s', async (_, fault) => {
    const server = await aServer({ batches })
    const store = await aStore(server)
    server.script.add(fault)
    const request = aRequest({ events: [anEvent(1), anEvent(2)] })
    const beside = Array.from({ length: 20 }, () => aRequest())
    const [first, ...others] = await Promise.all([request, ...beside].map((one) => store.append(one)))
    expect(first).toMatchObject({ outcome: 'appended', revision: 2 })
    expect(others.map(({ outcome }) => outcome)).toEqual(beside.map(() => 'appended'))
    expect(server.script.happened(fault.kind)).toBe(1)

    // A second process, which cannot have kept anything of the first.
    expect(await (await aStore(server)).append(request)).toEqual({ ...first, outcome: 'replayed' })
    await delay(CALL_MS)
    // Whatever was late has come now. On the server the log's epoch is an event too.
    expect(await idsIn(server.kept)).toHaveLength(1 + 22)
    expect(await idsIn(store)).toHaveLength(22)
  })

  test('goes to the leader where the node that was asked does not lead', async () => {
    const leader = await aServer({ batches })
    const follower = await aServer({ batches, store: leader.kept })
    follower.script.whenever((on) => ({ kind: 'not-leader', on, leader: { host: leader.host, port: leader.port } }))
    const store = await aStore(follower)
    const request = aRequest()
    expect(await store.append(request)).toMatchObject({ outcome: 'appended' })
    expect(await store.readStream(request.stream)).toHaveLength(1)
    expect(follower.script.happened('not-leader')).toBeGreaterThan(0)
  })
})

describe('an append in doubt', () => {
  test('is told after the last try, and the same command gets its first answer later', async () => {
    const server = await aServer()
    const store = await aStore(server, { patience: { callMs: 400, tries: 3, waitMs: 1 } })
    const request = aRequest({ digest: 'a'.repeat(64) })
    let lost = 0
    server.script.whenever((on) => {
      if (on === 'append' && lost++ === 0) return { kind: 'reply-lost', on, word: 'none' }
      return on === 'subscribe' ? undefined : { kind: 'unavailable', on }
    })
    await expect(store.append(request)).rejects.toThrow(StoreUnavailable)
    server.script.whenever(() => undefined)
    expect(await store.append(request)).toMatchObject({ outcome: 'replayed', revision: 1 })
    expect(await store.append({ ...request, digest: 'b'.repeat(64) })).toEqual({ outcome: 'reused' })
    expect(await store.readStream(request.stream)).toHaveLength(1)
  })

  test('loses to whoever took its place meanwhile, and comes no later', async () => {
    const server = await aServer()
    const [store, other] = [await aStore(server), await aStore(server)]
    const stream = `lot-${randomUUID()}`
    server.script.add({ kind: 'delay', on: 'append', milliseconds: CALL_MS * 1.5 })
    const slow = store.append(aRequest({ stream }))
    // The delay waits for an append, whichever comes first: it has to be this one.
    await expect.poll(() => server.script.happened('delay'), { timeout: 10_000, interval: 5 }).toBe(1)
    const quick = await other.append(aRequest({ stream }))
    expect([quick.outcome, await slow]).toEqual(['appended', { outcome: 'conflict', revision: 1 }])
    await delay(CALL_MS)
    expect(await store.readStream(stream)).toHaveLength(1)
  })

  test.each([0, 30])(
    'among three hundred, when the server asks everybody to go within %i ms, is neither lost nor doubled',
    async (graceMs) => {
      const server = await aServer()
      // Three hundred at once take their time on a busy machine, and none of them is to be given up for that.
      const store = await aStore(server, { patience: { callMs: 4 * CALL_MS, tries: 8, waitMs: 5 } })
      const results = await Promise.all(
        Array.from({ length: 300 }, async (_, i) => {
          if (i === 150) server.goAway(graceMs)
          return store.append(aRequest())
        }),
      )
      expect(results.filter(({ outcome }) => outcome !== 'appended' && outcome !== 'replayed')).toEqual([])
      expect(await idsIn(store)).toHaveLength(300)
    },
  )

  test('survives that the server is killed and started again', async () => {
    const server = await aServer()
    const store = await aStore(server)
    await store.append(aRequest())
    const results = Promise.all(Array.from({ length: 100 }, () => store.append(aRequest())))
    await server.close()
    const { port, kept } = server
    await delay(30)
    await aServer({ port, store: kept })
    expect((await results).filter(({ outcome }) => outcome !== 'appended' && outcome !== 'replayed')).toEqual([])
    expect(await idsIn(store)).toHaveLength(101)
  })
})

describe('two processes with the same command', () => {
  test('at once: one appends it, the other gets its answer', async () => {
    const server = await aServer()
    const stores = [await aStore(server), await aStore(server)]
    for (let i = 0; i < 20; i++) {
      const request = aRequest({ expected: i % 2 === 0 ? 0 : 'any' })
      const results = await Promise.all(stores.map((store) => store.append(request)))
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'replayed'])
    }
    expect(await idsIn(stores[0] as EventStore)).toHaveLength(20)
  })

  test('for something else: one of the two is told that it is used', async () => {
    const server = await aServer()
    const stores = [await aStore(server), await aStore(server)]
    const request = aRequest()
    const results = await Promise.all(
      stores.map((store, i) => store.append({ ...request, digest: String(i).repeat(64), events: [anEvent(i)] })),
    )
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'reused'])
  })
})

describe('calls under way', () => {
  test('are as many as were allowed, and the rest waits for its turn', async () => {
    const memory = openMemoryStore()
    let [open, most] = [0, 0]
    const counted: EventStore = {
      ...memory,
      async append(request) {
        most = Math.max(most, ++open)
        await delay(2)
        open--
        return memory.append(request)
      },
    }
    const store = await aStore(await aServer({ store: counted }), { openCalls: 8 })
    await Promise.all(Array.from({ length: 100 }, () => store.append(aRequest())))
    expect(most).toBe(8)
  })

  test('that are too many to wait are told at once that the store is busy', async () => {
    const store = await aStore(await aServer(), { waiting: 10 })
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => store.append(aRequest())))
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: expect.any(StoreBusy) },
      { reason: expect.any(StoreBusy) },
    ])
  })
})

const subscriptionFaults: readonly (readonly [string, (server: StandIn) => void])[] = [
  [
    'cancels it again and again',
    ({ script }) => [0, 1, 7, 30].forEach((after) => script.add({ kind: 'cancelled', on: 'subscribe', after })),
  ],
  [
    'tells a checkpoint ahead and then cancels',
    ({ script }) => script.whenever((on) => checkpointThenCancel(on, script.happened('checkpoint-ahead'))),
  ],
  [
    'refuses it at first',
    ({ script }) => [1, 2, 3].forEach(() => script.add({ kind: 'unavailable', on: 'subscribe' })),
  ],
  ['never confirms it', ({ script }) => script.add({ kind: 'silence', on: 'subscribe' })],
  ['confirms it and falls silent', ({ script }) => script.add({ kind: 'deaf', on: 'subscribe' })],
  ['drops it for being slow', ({ script }) => script.add({ kind: 'slow-reader', on: 'subscribe', milliseconds: 1 })],
]
const checkpointThenCancel = (on: string, happened: number): Fault | undefined =>
  on === 'subscribe' && happened < 3 ? { kind: 'checkpoint-ahead', on } : undefined

describe('a subscription', () => {
  const fill = async (store: EventStore, count: number): Promise<void> => {
    for (let i = 0; i < count / 10; i++)
      await store.append(aRequest({ events: Array.from({ length: 10 }, (_, n) => anEvent(i * 10 + n)) }))
  }

  test.each(subscriptionFaults)(
    'goes on without a gap and without a repeat where the server %s',
    async (_, breakIt) => {
      const server = await aServer()
      const store = await aStore(server)
      await fill(store, 200)
      breakIt(server)
      const seen: RecordedEvent[] = []
      const subscription = store.subscribe(0, async (page) => void seen.push(...page), { pageSize: 20 })
      await fill(store, 200)
      if (server.script.happened('checkpoint-ahead') > 0) server.goAway(0)
      await expect.poll(() => seen.length, { timeout: 10_000, interval: 10 }).toBe(400)
      await subscription.stop()
      expect(seen).toEqual(await store.readAll(0, 1_000))
    },
  )

  test('whose consumer is slow is read at the consumer’s pace', async () => {
    const server = await aServer()
    const store = await aStore(server)
    await fill(store, 300)
    const seen: RecordedEvent[] = []
    const subscription = store.subscribe(
      0,
      async (page) => {
        await delay(2)
        seen.push(...page)
      },
      { pageSize: 7 },
    )
    await expect.poll(() => seen.length, { timeout: 10_000, interval: 10 }).toBe(300)
    await subscription.stop()
    expect(seen).toEqual(await store.readAll(0, 1_000))
  })

  test('of a consumer that crashes between pages, and keeps its checkpoint with its effects, loses and doubles nothing', async () => {
    const server = await aServer()
    const store = await aStore(server)
    await fill(store, 200)
    server.script.whenever((on) => (on === 'subscribe' ? { kind: 'checkpoint-ahead', on } : undefined))
    const books = { checkpoint: 0, effects: [] as string[] }
    for (let crashes = 0; books.effects.length < 200; crashes++) {
      let pages = 0
      const subscription = store.subscribe(
        books.checkpoint,
        async (page) => {
          if (++pages > 2 + crashes) throw new Error('crash')
          books.effects.push(...page.map(({ id }) => id))
          books.checkpoint = page.at(-1)?.position ?? books.checkpoint
        },
        { pageSize: 9 },
      )
      await Promise.race([
        subscription.done.catch(() => undefined),
        expect
          .poll(() => books.effects.length, { timeout: 5_000, interval: 5 })
          .toBe(200)
          .catch(() => undefined),
      ])
      await subscription.stop()
    }
    expect(books.effects).toEqual(await idsIn(store))
  })
})
