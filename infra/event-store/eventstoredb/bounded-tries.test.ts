import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openMemoryStore } from '../memory.ts'
import type { EventStore } from '../port.ts'
import type { Call } from '../stand-in/script.ts'
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server.ts'
import { EventStoreDBClient, type AllStreamResolvedEvent } from './client.ts'
import type { Connection } from './connection.ts'
import { beginEpoch, currentEpoch } from './epoch.ts'
import { openLogIndex, type IndexSource } from './log-index.ts'
import { openMemoryIndex } from './memory-index.ts'
import { aRequest } from './requests.ts'
import { openEventStoreDb, type EventStoreDb } from './store.ts'

const CALL_MS = 250
/** Looks in CALL_MS: pauses of 1, 2, 4 … 64 ms and of 100 ms from then on make ten. A loop without pauses makes thousands. */
const LOOKS = 14

const closers: (() => Promise<void>)[] = []
// Pauses between tries of which others were quicker are a random part of 50 ms: here none, so that only the count ends them.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0))
afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closers.splice(0).reverse()) await close()
})

interface Counted {
  readonly server: StandIn
  readonly store: EventStoreDb
  /** Calls since the last one of these. */
  calls(): Readonly<Record<Call, number>>
}

async function counted(options: StandInOptions): Promise<Counted> {
  const server = await startStandIn(options)
  closers.push(() => server.close())
  const patience = { callMs: CALL_MS, tries: 4, waitMs: 1 }
  const store = await openEventStoreDb({ url: server.connectionString, patience })
  closers.push(() => store.close())
  let counts = { append: 0, read: 0, subscribe: 0 }
  server.script.whenever((on) => void counts[on]++)
  const calls = (): Readonly<Record<Call, number>> => {
    const before = counts
    counts = { append: 0, read: 0, subscribe: 0 }
    return before
  }
  return { server, store, calls }
}

/** Events that are kept, behind a judge who finds every revision wrong once it is asked to. */
function contested(): { readonly kept: EventStore; contest(): void } {
  const memory = openMemoryStore()
  let wrong = false
  const kept: EventStore = {
    ...memory,
    async append(request) {
      if (!wrong) return memory.append(request)
      return { outcome: 'conflict', revision: (await memory.readStream(request.stream)).length }
    },
  }
  return { kept, contest: () => void (wrong = true) }
}

describe('a server that finds the revision wrong again and again', () => {
  test('gets 40 appends to the end of a stream and no more: the store is busy then, and nothing was written', async () => {
    const { kept, contest } = contested()
    const { store, calls } = await counted({ store: kept })
    const request = aRequest({ expected: 'any' })
    await store.append(request)
    contest()
    calls()
    const again = store.append(aRequest({ stream: request.stream, expected: 'any' }))
    await expect(again).rejects.toMatchObject({
      name: 'StoreBusy',
      message: expect.stringContaining('40 times'),
    })
    const { append, read } = calls()
    expect(append).toBe(40)
    // The end of the stream before and after each, each time the log for the receipt, and once the log's epoch.
    expect(read).toBeLessThanOrEqual(4 * 40 + 1)
    expect(await store.readStream(request.stream)).toHaveLength(1)
  })

  test('gets as many to close a stream, which is said to be busy, too', async () => {
    const { kept, contest } = contested()
    const { store, calls } = await counted({ store: kept })
    const request = aRequest()
    await store.append(request)
    contest()
    calls()
    await expect(store.closeStream(request.stream)).rejects.toMatchObject({ name: 'StoreBusy' })
    expect(calls()).toEqual({ append: 40, read: 40, subscribe: 0 })
  })
})

describe('a server that counts events which it does not show', () => {
  test.each(['any', 0] as const)(
    'gets one append that expects %s, and is looked at with pauses until the store is unavailable',
    async (expected) => {
      const { server, store, calls } = await counted({})
      await store.epoch()
      const { stream } = aRequest()
      // What another process is sending: it counts at once, and can be read when the test is long over.
      server.behaviour.readableAfterMs = 2_000
      const other = await openEventStoreDb({ url: server.connectionString, patience: { callMs: 10_000 } })
      closers.push(() => other.close())
      const first = other.append(aRequest({ stream }))
      await expect.poll(() => calls().append, { timeout: 10_000, interval: 5 }).toBe(1)
      await delay(50)
      calls()
      await expect(store.append(aRequest({ stream, expected }))).rejects.toMatchObject({
        name: 'StoreUnavailable',
        message: `${stream} does not show the 1 events that the server counts in it`,
      })
      const { append, read } = calls()
      expect(append).toBe(1)
      // For each look the stream and its metadata.
      expect(read).toBeLessThanOrEqual(2 * LOOKS + 4)
      await first
    },
  )
})

describe('an index', () => {
  const source = (readAll: IndexSource['readAll'], more: Partial<IndexSource> = {}): IndexSource => ({
    readAll,
    epoch: () => Promise.resolve('e'),
    confirmLeader: () => Promise.resolve(true),
    lookMs: CALL_MS,
    ...more,
  })

  test('that shall cover what the log never shows looks with pauses, and is unavailable then', async () => {
    const readAll = vi.fn<IndexSource['readAll']>().mockResolvedValue([])
    const index = openLogIndex(source(readAll), openMemoryIndex())
    await expect(index.cover(64)).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect(readAll.mock.calls.length).toBeLessThanOrEqual(LOOKS)
  })

  test.each([
    [true, 'IndexAhead'],
    [false, 'StoreUnavailable'],
  ])('that knows more than the log, a leader by its majority: %s, looks with pauses: %s', async (leads, name) => {
    const readAll = vi.fn<IndexSource['readAll']>().mockResolvedValue([])
    const confirmLeader = vi.fn<IndexSource['confirmLeader']>().mockResolvedValue(leads)
    const kept = { ...openMemoryIndex(), load: () => Promise.resolve({ position: 64, latest: '', setbacks: [] }) }
    const index = openLogIndex(source(readAll, { confirmLeader }), kept)
    await expect(index.receipts([aRequest().commandId])).rejects.toMatchObject({ name })
    expect(confirmLeader.mock.calls.length).toBeLessThanOrEqual(LOOKS)
    expect(readAll.mock.calls.length).toBeLessThanOrEqual(LOOKS + 1)
  })

  test('that other processes write again and again is tried 101 times, and is unavailable then', async () => {
    const { server, store } = await counted({})
    await store.append(aRequest())
    const advance = vi.fn(() => Promise.resolve(false))
    const client = EventStoreDBClient.connectionString(server.connectionString)
    closers.push(() => client.dispose())
    const events: AllStreamResolvedEvent[] = []
    for await (const event of client.readAll()) events.push(event)
    const index = openLogIndex(
      source(() => Promise.resolve(events)),
      { ...openMemoryIndex(), advance },
    )
    await expect(index.receipts([aRequest().commandId])).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining('100 times'),
    })
    expect(advance.mock.calls.length).toBe(101)
  })
})

describe('an epoch that was written and is never shown', () => {
  test.each([
    ['the first one', currentEpoch],
    ['a new one', beginEpoch],
  ])('%s: it is written once and looked for with pauses, and the store is unavailable then', async (_, ask) => {
    const append = vi
      .fn<Connection['append']>()
      .mockResolvedValue({ outcome: 'written', revision: 1, position: undefined })
    const readStream = vi.fn<Connection['readStream']>().mockResolvedValue([])
    const connection = { append, readStream } as unknown as Connection
    await expect(ask(connection, CALL_MS)).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect(append).toHaveBeenCalledTimes(1)
    expect(readStream.mock.calls.length).toBeLessThanOrEqual(LOOKS + 1)
  })
})
