import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventMetadata } from '../../schemas/event.ts'
import { BODY_LIMIT } from './admission.ts'
import { eventId } from './event-id.ts'
import { StoreUnavailable } from './faults.ts'
import type { AppendRequest, AppendResult, EventStore, NewEvent, Position, RecordedEvent } from './port.ts'

const MICROS_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const aStream = (): string => `lot-${randomUUID()}`
const metadata: EventMetadata = {
  commandId: '0198c0de-0000-7000-8000-000000000001',
  actor: { subject: 'u-1', roles: ['recorder'] },
  provenance: 'live',
}

const anEvent = (data: object = { grams: 54_000 }, more: Partial<NewEvent> = {}): NewEvent => ({
  type: 'LotStored',
  schemaVersion: 1,
  occurredAt: '2025-12-06T08:52:00+08:00',
  data,
  metadata,
  ...more,
})
const aRequest = (more: Partial<AppendRequest> = {}): AppendRequest => ({
  stream: aStream(),
  expected: 0,
  commandId: randomUUID(),
  events: [anEvent()],
  ...more,
})

/** Something to wait for without a clock. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined
  const opened = new Promise<void>((done) => {
    open = done
  })
  return { opened, open }
}

/**
 * What every event store promises, as one suite that an adapter plugs into. Positions are only ever compared: they may have gaps, and the
 * log may hold events of others. `open` is called once; the suite closes what it opened.
 */
export function eventStoreContract(name: string, open: () => Promise<EventStore>): void {
  describe(`${name} keeps the contract of the event store`, () => {
    let store: EventStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    const appendTo = async (stream: string, count: number): Promise<AppendResult[]> => {
      const results: AppendResult[] = []
      for (let i = 0; i < count; i++)
        results.push(await store.append(aRequest({ stream, expected: 'any', events: [anEvent({ number: i })] })))
      return results
    }
    const numbersIn = async (stream: string): Promise<unknown[]> =>
      (await store.readStream(stream)).map(({ data }) => (data as { number?: unknown }).number)
    const allAfter = async (after: Position, pageSize: number): Promise<RecordedEvent[]> => {
      const all: RecordedEvent[] = []
      for (let position = after; ; ) {
        const page = await store.readAll(position, pageSize)
        expect(page.length).toBeLessThanOrEqual(pageSize)
        const last = page.at(-1)
        if (!last) return all
        all.push(...page)
        position = last.position
      }
    }

    describe('appending', () => {
      test('an event is read back as it was appended, its offset included', async () => {
        const data = { b: 1, a: { 名称: '废矿物油 "x" \\u0000 🜚', list: [1, -0.5, null, true], empty: {} } }
        const request = aRequest({
          events: [anEvent(data, { occurredAt: '2025-12-06T08:52:00.12+08:00', schemaVersion: 3 })],
        })
        const result = await store.append(request)
        expect(result).toMatchObject({ outcome: 'appended', stream: request.stream, revision: 1, count: 1 })

        const [event, ...others] = await store.readStream(request.stream)
        expect(others).toEqual([])
        expect(event).toEqual({
          position: result.outcome === 'appended' ? result.position : 0,
          stream: request.stream,
          revision: 1,
          id: eventId(request.commandId, 0),
          type: 'LotStored',
          schemaVersion: 3,
          occurredAt: '2025-12-06T08:52:00.12+08:00',
          recordedAt: expect.stringMatching(MICROS_UTC),
          data,
          metadata,
        })
      })

      test('the events of one request lie together and in order, and its receipt names the first and the last', async () => {
        const request = aRequest({ events: [anEvent({ number: 1 }), anEvent({ number: 2 }), anEvent({ number: 3 })] })
        const result = await store.append(request)
        const events = await store.readStream(request.stream)
        expect(events.map(({ revision, data }) => [revision, data])).toEqual([
          [1, { number: 1 }],
          [2, { number: 2 }],
          [3, { number: 3 }],
        ])
        expect(result).toMatchObject({
          outcome: 'appended',
          revision: 3,
          count: 3,
          firstPosition: events[0]?.position,
          position: events[2]?.position,
        })
        expect(events.map(({ id }) => id)).toEqual([0, 1, 2].map((index) => eventId(request.commandId, index)))
      })

      test('a later append has the higher position, whatever its stream', async () => {
        const results = await Promise.all([appendTo(aStream(), 3), appendTo(aStream(), 3)])
        for (const result of results) {
          const positions = result.map((one) => (one.outcome === 'appended' ? one.position : Number.NaN))
          expect(positions).toEqual([...positions].sort((a, b) => a - b))
        }
      })

      test('a stream that must not exist yet is refused with what it holds, and nothing is written', async () => {
        const stream = aStream()
        await appendTo(stream, 2)
        expect(await store.append(aRequest({ stream, expected: 0 }))).toEqual({ outcome: 'conflict', revision: 2 })
        expect(await store.append(aRequest({ stream, expected: 3 }))).toEqual({ outcome: 'conflict', revision: 2 })
        expect(await store.append(aRequest({ expected: 1 }))).toEqual({ outcome: 'conflict', revision: 0 })
        expect(await store.readStream(stream)).toHaveLength(2)
      })

      test('of twenty that expect the same revision at once, exactly one gets in', async () => {
        const stream = aStream()
        await appendTo(stream, 1)
        const results = await Promise.all(
          Array.from({ length: 20 }, () => store.append(aRequest({ stream, expected: 1 }))),
        )
        expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1)
        expect(results.filter(({ outcome }) => outcome === 'conflict')).toEqual(
          Array.from({ length: 19 }, () => ({ outcome: 'conflict', revision: 2 })),
        )
        expect(await store.readStream(stream)).toHaveLength(2)
      })

      test('without an expectation all twenty get in, each at a revision of its own', async () => {
        const stream = aStream()
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, number) =>
            store.append(aRequest({ stream, expected: 'any', events: [anEvent({ number })] })),
          ),
        )
        expect(
          results.map((result) => (result.outcome === 'appended' ? result.revision : 0)).sort((a, b) => a - b),
        ).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
        expect(new Set(await numbersIn(stream)).size).toBe(20)
      })

      test('appends that build on one another may be sent without waiting', async () => {
        const stream = aStream()
        const results = await Promise.all(
          Array.from({ length: 30 }, (_, i) =>
            store.append(
              aRequest({
                stream,
                expected: i * 2,
                events: [anEvent({ number: i * 2 }), anEvent({ number: i * 2 + 1 })],
              }),
            ),
          ),
        )
        expect(results.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 30 }, () => 'appended'))
        expect(await numbersIn(stream)).toEqual(Array.from({ length: 60 }, (_, i) => i))
      })

      test('what builds on a refused append is refused too, and what does not build on it is not', async () => {
        const stream = aStream()
        const [first, wrong, onWrong, second, any] = await Promise.all([
          store.append(aRequest({ stream, expected: 0, events: [anEvent({ number: 1 })] })),
          store.append(aRequest({ stream, expected: 7, events: [anEvent({ number: 2 })] })),
          store.append(aRequest({ stream, expected: 8, events: [anEvent({ number: 3 })] })),
          store.append(aRequest({ stream, expected: 1, events: [anEvent({ number: 4 })] })),
          store.append(aRequest({ stream, expected: 'any', events: [anEvent({ number: 5 })] })),
        ])
        expect([first, wrong, onWrong, second, any].map(({ outcome }) => outcome)).toEqual([
          'appended',
          'conflict',
          'conflict',
          'appended',
          'appended',
        ])
        expect(await numbersIn(stream)).toEqual([1, 4, 5])
      })

      test('a refused append does not touch those that were sent beside it', async () => {
        const taken = aStream()
        await appendTo(taken, 1)
        const results = await Promise.all(
          Array.from({ length: 40 }, (_, i) => store.append(i % 4 === 0 ? aRequest({ stream: taken }) : aRequest())),
        )
        expect(results.map(({ outcome }) => outcome)).toEqual(
          Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 'conflict' : 'appended')),
        )
      })
    })

    describe('repeating', () => {
      test('a repeat gets the first answer, even when its stream has moved on', async () => {
        const request = aRequest({ digest: 'a'.repeat(64), events: [anEvent(), anEvent()] })
        const first = await store.append(request)
        await appendTo(request.stream, 2)
        expect(await store.append(request)).toEqual({ ...first, outcome: 'replayed' })
        expect(await store.append({ ...request, commandId: request.commandId.toUpperCase(), expected: 'any' })).toEqual(
          { ...first, outcome: 'replayed' },
        )
        expect(await store.readStream(request.stream)).toHaveLength(4)
      })

      test('the same command sent many times at once is appended once', async () => {
        const request = aRequest({ expected: 'any' })
        const results = await Promise.all(Array.from({ length: 10 }, () => store.append(request)))
        expect(results.map(({ outcome }) => outcome).sort()).toEqual([
          'appended',
          ...Array.from({ length: 9 }, () => 'replayed'),
        ])
        expect(await store.readStream(request.stream)).toHaveLength(1)
      })

      test('a command id that was used for something else is told apart', async () => {
        const request = aRequest({ digest: 'a'.repeat(64) })
        await store.append(request)
        expect(await store.append({ ...request, digest: 'b'.repeat(64), expected: 1 })).toEqual({ outcome: 'reused' })
        expect(await store.append({ ...request, stream: aStream() })).toEqual({ outcome: 'reused' })
        const { digest: _, ...withoutDigest } = request
        expect(await store.append(withoutDigest)).toMatchObject({ outcome: 'replayed' })
      })

      test('a command that was refused may be sent again and then gets in', async () => {
        const request = aRequest({ expected: 1 })
        expect(await store.append(request)).toMatchObject({ outcome: 'conflict' })
        await appendTo(request.stream, 1)
        expect(await store.append(request)).toMatchObject({ outcome: 'appended', revision: 2 })
      })

      test('receipts answer for many commands at once and leave out those that never got in', async () => {
        const [one, two] = [aRequest({ digest: 'c'.repeat(64), events: [anEvent(), anEvent()] }), aRequest()]
        const [first, second] = [await store.append(one), await store.append(two)]
        const receipts = await store.receipts([one.commandId, randomUUID(), two.commandId])
        expect([...receipts.keys()].sort()).toEqual([one.commandId, two.commandId].sort())
        expect({ outcome: 'appended', ...receipts.get(one.commandId) }).toEqual(first)
        expect({ outcome: 'appended', ...receipts.get(two.commandId) }).toEqual(second)
        expect((await store.receipts([])).size).toBe(0)
      })
    })

    describe('reading', () => {
      test('a stream is read from any revision and up to any number of events', async () => {
        const stream = aStream()
        await appendTo(stream, 5)
        const revisions = async (options: { from?: number; limit?: number }) =>
          (await store.readStream(stream, options)).map(({ revision }) => revision)
        expect(await revisions({ from: 3 })).toEqual([3, 4, 5])
        expect(await revisions({ limit: 2 })).toEqual([1, 2])
        expect(await revisions({ from: 2, limit: 3 })).toEqual([2, 3, 4])
        expect(await revisions({ from: 6 })).toEqual([])
        expect(await store.readStream(aStream())).toEqual([])
      })

      test('streams, parts of them and receipts that are read at once are each answered as if alone', async () => {
        const streams = [aStream(), aStream(), aStream()]
        for (const [i, stream] of streams.entries()) await appendTo(stream, i + 2)
        const commandId = randomUUID()
        await store.append(aRequest({ commandId }))
        const [first = '', second = '', third = ''] = streams
        const [of2, of3, ends, none, ofFirst, known, unknown] = await Promise.all([
          store.readStream(second, { from: 1, limit: 100 }),
          store.readStream(third, { from: 2, limit: 2 }),
          store.readStream(first, { from: 3, limit: 100 }),
          store.readStream(aStream(), { from: 1, limit: 100 }),
          store.readStream(first, { from: 1, limit: 100 }),
          store.receipts([commandId.toUpperCase()]),
          store.receipts([randomUUID()]),
        ])
        expect(of2).toEqual(await store.readStream(second))
        expect(of3).toEqual((await store.readStream(third)).slice(1, 3))
        expect([ends, none]).toEqual([[], []])
        expect(ofFirst).toEqual(await store.readStream(first))
        expect([...known.keys()]).toEqual([commandId.toUpperCase()])
        expect(unknown.size).toBe(0)
      })

      test('the whole log is the same in pages of any size, in order, each event once', async () => {
        const before = await store.head()
        const streams = [aStream(), aStream(), aStream()]
        await Promise.all(streams.map((stream) => appendTo(stream, 7)))
        const whole = await allAfter(before, 1_000)
        expect(whole).toHaveLength(21)
        expect(await allAfter(before, 1)).toEqual(whole)
        expect(await allAfter(before, 5)).toEqual(whole)
        expect(whole.map(({ position }) => position)).toEqual(
          [...new Set(whole.map(({ position }) => position))].sort((a, b) => a - b),
        )
        for (const stream of streams)
          expect(whole.filter((event) => event.stream === stream)).toEqual(await store.readStream(stream))
      })

      test('any number is a place to read on from, also where no event lies', async () => {
        const before = await store.head()
        const stream = aStream()
        await store.append(aRequest({ stream, events: [anEvent(), anEvent(), anEvent()] }))
        await appendTo(stream, 2)
        const whole = await allAfter(before, 100)
        for (const [i, { position }] of whole.entries()) {
          expect(await store.readAll(position - 1, 1)).toEqual([whole[i]])
          expect(await store.readAll(position, 100)).toEqual(whole.slice(i + 1))
        }
        expect(await store.readAll((await store.head()) + 1_000, 10)).toEqual([])
      })

      test('head is the position of the newest event, and after it the page is empty', async () => {
        const result = await store.append(aRequest())
        expect(await store.head()).toBe(result.outcome === 'appended' ? result.position : Number.NaN)
        expect(await store.readAll(await store.head(), 10)).toEqual([])
      })

      test('the moment of recording never decreases, and names the last event that was known then', async () => {
        const before = await store.head()
        await appendTo(aStream(), 5)
        const events = await allAfter(before, 100)
        const moments = events.map(({ recordedAt }) => recordedAt)
        expect(moments).toEqual([...moments].sort())
        expect(moments.every((moment) => MICROS_UTC.test(moment))).toBe(true)
        for (const { recordedAt } of events) {
          expect(await store.positionAt(recordedAt)).toBe(
            events.findLast((other) => other.recordedAt === recordedAt)?.position,
          )
        }
        expect(await store.positionAt('1999-12-31T23:59:59+08:00')).toBe(0)
        expect(await store.positionAt('2999-01-01T00:00:00Z')).toBe(await store.head())
        const newest = moments.at(-1) ?? ''
        const inShanghai = `${new Date(Date.parse(`${newest.slice(0, 19)}Z`) + 8 * 3_600_000).toISOString().slice(0, 19)}${newest.slice(19, 26)}+08:00`
        expect(await store.positionAt(inShanghai)).toBe(await store.head())
        await expect(store.positionAt('yesterday')).rejects.toThrow(TypeError)
      })

      test('the epoch stays what it is', async () => {
        const epoch = await store.epoch()
        await store.append(aRequest())
        expect(epoch).not.toBe('')
        expect(await store.epoch()).toBe(epoch)
      })
    })

    describe('subscribing', () => {
      test('a subscriber gets what was there and then what comes, in order and once, whatever its page size', async () => {
        const before = await store.head()
        const stream = aStream()
        await appendTo(stream, 5)
        const follow = (pageSize: number) => {
          const seen: RecordedEvent[] = []
          const done = gate()
          const subscription = store.subscribe(
            before,
            async (page) => {
              expect(page.length).toBeLessThanOrEqual(pageSize)
              seen.push(...page)
              if (seen.length >= 40) done.open()
            },
            { pageSize },
          )
          return { seen, all: done.opened, subscription }
        }
        const followers = [follow(1), follow(3), follow(1_000)]
        await Promise.all(Array.from({ length: 7 }, () => appendTo(aStream(), 5)))
        await Promise.all(followers.map(({ all }) => all))
        const log = await allAfter(before, 1_000)
        expect(log).toHaveLength(40)
        for (const { seen, subscription } of followers) {
          await subscription.stop()
          await subscription.done
          expect(seen).toEqual(log)
        }
      })

      test('pages come one at a time, and stopping waits for the one under way', async () => {
        const before = await store.head()
        await appendTo(aStream(), 4)
        let [underWay, pages, finished] = [0, 0, 0]
        const entered = gate()
        const release = gate()
        const subscription = store.subscribe(
          before,
          async () => {
            expect(++underWay).toBe(1)
            pages++
            entered.open()
            await release.opened
            underWay--
            finished++
          },
          { pageSize: 1 },
        )
        await entered.opened
        const stopped = subscription.stop().then(() => finished)
        release.open()
        expect(await stopped).toBe(1)
        expect(pages).toBe(1)
      })

      test('a fault of its handler ends the subscription and is told, and stopping it then is harmless', async () => {
        const before = await store.head()
        await appendTo(aStream(), 2)
        let pages = 0
        const subscription = store.subscribe(
          before,
          async () => {
            pages++
            throw new Error('the table is gone')
          },
          { pageSize: 1 },
        )
        await expect(subscription.done).rejects.toThrow('the table is gone')
        await subscription.stop()
        expect(pages).toBe(1)
      })
    })

    describe('refusing what it cannot hold', () => {
      const cycle: { self?: object } = {}
      cycle.self = cycle
      const mistakes: readonly (readonly [string, Partial<AppendRequest>])[] = [
        ['a NUL character in a text', { events: [anEvent({ note: 'a\u0000b' })] }],
        ['a NUL character in a key', { events: [anEvent({ 'a\u0000b': 1 })] }],
        ['half of a surrogate pair', { events: [anEvent({ note: ['\ud83d'] })] }],
        ['the other half after a backslash', { events: [anEvent({ note: '\\\udc00' })] }],
        ['a NUL character in the type', { events: [anEvent({}, { type: 'Lot\u0000' })] }],
        ['half of a surrogate pair in the stream', { stream: 'lot-\udfff' }],
        ['an empty name of a stream', { stream: '' }],
        ['a number that JSON does not know', { events: [anEvent({ grams: Number.POSITIVE_INFINITY })] }],
        ['a bigint', { events: [anEvent({ grams: 1n })] }],
        ['a cycle', { events: [anEvent(cycle)] }],
        ['a body beyond the limit', { events: [anEvent({ note: 'x'.repeat(BODY_LIMIT) })] }],
        ['no event at all', { events: [] }],
        ['a day that does not exist', { events: [anEvent({}, { occurredAt: '2025-02-30T00:00:00+08:00' })] }],
        ['a moment without offset', { events: [anEvent({}, { occurredAt: '2025-02-28T00:00:00' })] }],
        ['a schema version of 0', { events: [anEvent({}, { schemaVersion: 0 })] }],
        ['a command id that is no UUID', { commandId: 'import-row-7' }],
        ['a negative expectation', { expected: -1 }],
        ['an expectation with a fraction', { expected: 0.5 }],
      ]
      test.each(mistakes)('%s is a TypeError, nothing is written, and its neighbours get in', async (_, mistake) => {
        const before = await store.head()
        const [good, bad, alsoGood] = await Promise.allSettled([
          store.append(aRequest()),
          store.append(aRequest(mistake)),
          store.append(aRequest()),
        ])
        expect(bad).toMatchObject({ status: 'rejected', reason: expect.any(TypeError) })
        expect([good, alsoGood]).toMatchObject([{ value: { outcome: 'appended' } }, { value: { outcome: 'appended' } }])
        expect(await allAfter(before, 100)).toHaveLength(2)
      })
    })

    test('a closed store takes nothing and says so', async () => {
      const other = await open()
      await other.close()
      await expect(other.append(aRequest())).rejects.toThrow(StoreUnavailable)
      await other.close()
    })
  })
}
