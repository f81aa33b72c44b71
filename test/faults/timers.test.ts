import { describe, expect, test } from 'vitest'
import { openDeadlineRunner } from '../../infra/commanding/deadlines.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { manifestStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { performDue, processes } from '../../services/park/process/parts.ts'
import { deadlinesOn, memoryDeadlines } from '../support/deadlines.ts'
import { testRuntime } from '../support/runtime.ts'
import {
  ARRIVED,
  CARRIER,
  CONSIGNOR,
  DEPARTED,
  FILED,
  given,
  MANIFEST,
  PACKAGES,
  PICKED_UP,
  RECEIVER,
  weighedAt,
} from '../support/transfers.ts'

const MINUTE = 60_000
const at = (moment: string): number => Date.parse(moment)
const stream = manifestStream(MANIFEST)

/** A manifest whose steps are recorded when the clock says so, and the clock. */
function world(start: string) {
  let ms = at(start)
  const clock = { now: () => new Date(ms).toISOString() }
  const store = openMemoryStore(clock)
  const runtime = testRuntime({ store, clock })
  const deadlines = memoryDeadlines(store)
  return {
    store,
    runtime,
    deadlines,
    happens: (...events: readonly ManifestEvent[]) => given(store, stream, events),
    async clockIs(moment: string) {
      ms = at(moment)
      await deadlinesOn(runtime, deadlines).sweep(ms)
    },
  }
}

/** Findings in the log. */
async function findings(store: EventStore) {
  return (await store.readAll(0, 10_000))
    .filter((event) => event.stream.startsWith('finding-'))
    .map(({ stream: name, type, occurredAt, data, metadata }) => ({ name, type, occurredAt, data, metadata }))
}

const decided = (occurredAt: string, refused = 0): readonly ManifestEvent[] => [
  {
    type: 'LineDecided',
    occurredAt,
    data: {
      line: 1,
      decision: refused > 0 ? 'partly-accepted' : 'accepted',
      accepted: grams(500_000 - refused),
      refused: grams(refused),
      variance: 0,
      difference: refused > 0 ? 'packaging' : 'none',
      method: 'R2',
      lots: PACKAGES.map(({ lot, grams: mass }, i) => ({
        lot,
        shipped: grams(mass),
        accepted: grams(i === 0 ? mass - refused : mass),
        refused: grams(i === 0 ? refused : 0),
        variance: 0,
      })),
    },
  },
  { type: 'ManifestCompleted', occurredAt, data: {} },
]
const returned = (occurredAt: string, mass: number): ManifestEvent => ({
  type: 'LineReturned',
  occurredAt,
  data: { line: 1, to: 'TS001', lots: [{ lot: PACKAGES[0].lot, grams: grams(mass) }] },
})

describe('R65: a load on the road', () => {
  test('is a finding 24 hours after it departed, once, at the instant at which it was due, and settled late when it arrives', async () => {
    const { store, happens, clockIs } = world('2025-12-06T02:20:00Z')
    await happens(FILED, PICKED_UP, DEPARTED)
    await clockIs('2025-12-07T10:14:59+08:00')
    expect(await findings(store)).toEqual([])
    await clockIs('2025-12-07T18:00:00+08:00')
    await clockIs('2025-12-07T18:00:05+08:00')
    expect(await findings(store)).toMatchObject([
      {
        name: `finding-R65-${stream}`,
        type: 'FindingRaised',
        occurredAt: '2025-12-07T10:15:00.000+08:00',
        data: { owner: CARRIER, due: '2025-12-07T10:15:00.000+08:00', streams: ['hazardous'] },
      },
    ])
    await happens(ARRIVED)
    await clockIs('2025-12-07T18:01:00+08:00')
    // The test's arrival was at 11 o'clock of the sixth, recorded a day later: it was in time, and the finding says so.
    expect((await findings(store)).at(-1)).toMatchObject({ type: 'FindingSettled', data: { late: false } })
  })
})

describe('R71: a load that waits for its receiver', () => {
  const atGate = async () => {
    const one = world('2025-12-06T03:20:00Z')
    await one.happens(FILED, PICKED_UP, DEPARTED, ARRIVED, weighedAt(500_000))
    return one
  }

  test('is a finding at the end of the third working day, and late after the fifth', async () => {
    const { store, happens, clockIs } = await atGate()
    await clockIs('2025-12-10T23:59:59+08:00')
    expect(await findings(store)).toEqual([])
    await clockIs('2025-12-11T00:00:01+08:00')
    expect(await findings(store)).toMatchObject([
      {
        type: 'FindingRaised',
        occurredAt: '2025-12-11T00:00:00+08:00',
        data: { rule: 'R71', owner: RECEIVER, due: '2025-12-13T00:00:00+08:00' },
      },
    ])
    await happens(...decided('2025-12-13T09:00:00+08:00'))
    await clockIs('2025-12-13T09:01:00+08:00')
    expect((await findings(store)).at(-1)).toMatchObject({
      type: 'FindingSettled',
      occurredAt: '2025-12-13T09:00:00+08:00',
      data: { late: true },
    })
  })

  test('was a reminder and nothing more where it is decided on the fourth', async () => {
    const { store, happens, clockIs } = await atGate()
    await clockIs('2025-12-11T08:00:00+08:00')
    await happens(...decided('2025-12-11T09:00:00+08:00'))
    await clockIs('2025-12-20T09:01:00+08:00')
    expect((await findings(store)).map(({ type, data }) => [type, 'late' in data ? data.late : undefined])).toEqual([
      ['FindingRaised', undefined],
      ['FindingSettled', false],
    ])
  })

  test('leaves no trace where it is decided before, and nothing is kept of it', async () => {
    const { store, happens, clockIs, deadlines } = await atGate()
    await happens(...decided('2025-12-09T09:00:00+08:00'))
    await clockIs('2026-06-01T00:00:00+08:00')
    expect(await findings(store)).toEqual([])
    expect(await deadlines.open()).toEqual([])
  })

  test('is not guessed at where the calendar does not reach so far', async () => {
    const { store, happens, clockIs, deadlines } = world('2026-12-30T03:20:00Z')
    const late = <E extends ManifestEvent>(event: E): E => ({ ...event, occurredAt: '2026-12-30T11:00:00+08:00' })
    await happens(late(FILED), late(PICKED_UP), late(DEPARTED), late(ARRIVED))
    await clockIs('2027-03-01T00:00:00+08:00')
    expect(await findings(store)).toEqual([])
    expect(await deadlines.open()).toEqual([`manifest-terms/${MANIFEST}/raise/R71`])
  })
})

describe('R75: what was refused', () => {
  test('is a finding of its line until all of it is back', async () => {
    const { store, happens, clockIs } = world('2025-12-06T03:20:00Z')
    await happens(
      FILED,
      PICKED_UP,
      DEPARTED,
      ARRIVED,
      weighedAt(500_000),
      ...decided('2025-12-08T09:00:00+08:00', 100_000),
    )
    await clockIs('2025-12-14T00:00:01+08:00')
    expect(await findings(store)).toMatchObject([
      { name: `finding-R75-${stream}.1`, data: { part: '1', owner: CONSIGNOR, facts: { refused: 100_000 } } },
    ])
    await happens(returned('2025-12-14T10:00:00+08:00', 40_000))
    await clockIs('2025-12-14T11:00:00+08:00')
    expect(await findings(store)).toHaveLength(1)
    await given(store, stream, [
      returned('2025-12-15T10:00:00+08:00', 30_000),
      returned('2025-12-15T11:00:00+08:00', 30_000),
    ])
    await clockIs('2025-12-15T12:00:00+08:00')
    expect((await findings(store)).at(-1)).toMatchObject({
      type: 'FindingSettled',
      occurredAt: '2025-12-15T11:00:00+08:00',
      data: { late: true },
    })
  })
})

describe('a declared outage', () => {
  const outage = (startedAt: string, endedAt: string) =>
    ({ type: 'OutageDeclared', occurredAt: endedAt, data: { startedAt, endedAt, cause: '机房停电' } }) as const

  test('moves every open term that it lies in, and those that begin before it ends', async () => {
    const { store, happens, clockIs } = world('2025-12-06T02:20:00Z')
    await happens(FILED, PICKED_UP, DEPARTED)
    await clockIs('2025-12-06T20:00:00+08:00')
    await given(store, 'outage-1', [outage('2025-12-06T12:00:00+08:00', '2025-12-06T16:00:00+08:00')])
    await clockIs('2025-12-07T14:14:59+08:00')
    expect(await findings(store)).toEqual([])
    await clockIs('2025-12-07T14:15:01+08:00')
    expect(await findings(store)).toMatchObject([
      {
        type: 'FindingRaised',
        occurredAt: '2025-12-07T14:15:00.000+08:00',
        data: { due: '2025-12-07T14:15:00.000+08:00' },
      },
    ])
    // Known by every folding, whatever pages it reads the log in.
    expect(await memoryDeadlines(store).open()).toEqual([])
  })

  test('takes its working days out of the receiver’s five', async () => {
    const { store, happens, clockIs } = world('2025-12-06T03:20:00Z')
    await given(store, 'outage-2', [outage('2025-12-09T10:00:00+08:00', '2025-12-09T11:00:00+08:00')])
    await happens(FILED, PICKED_UP, DEPARTED, ARRIVED, weighedAt(500_000))
    await clockIs('2025-12-30T00:00:00+08:00')
    expect(await findings(store)).toMatchObject([
      { type: 'FindingRaised', occurredAt: '2025-12-12T00:00:00+08:00', data: { due: '2025-12-16T00:00:00+08:00' } },
    ])
  })
})

describe('history that is imported a year later', () => {
  const WHOLE = [FILED, PICKED_UP, DEPARTED, ARRIVED, weighedAt(500_000)] as const

  test('is late where it was late, at its own instants, and nothing of it is an alert of today', async () => {
    const { store, happens, clockIs, deadlines } = world('2026-11-30T08:00:00Z')
    for (const event of WHOLE) await given(store, stream, [event])
    await clockIs('2026-11-30T08:00:01Z')
    expect(await findings(store)).toEqual([])
    await happens(...decided('2025-12-16T09:00:00+08:00'))
    await clockIs('2026-11-30T08:00:02Z')
    expect((await findings(store)).map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['FindingRaised', '2025-12-11T00:00:00+08:00'],
      ['FindingSettled', '2025-12-16T09:00:00+08:00'],
    ])
    expect((await findings(store)).at(-1)?.data).toMatchObject({ late: true })
    expect(await deadlines.open()).toEqual([])
  })

  test('that never says how it ended is overdue since then', async () => {
    const { store, happens, clockIs } = world('2026-11-30T08:00:00Z')
    await happens(...WHOLE)
    await clockIs('2026-11-30T08:09:59Z')
    expect(await findings(store)).toEqual([])
    await clockIs('2026-11-30T08:10:01Z')
    expect(await findings(store)).toMatchObject([{ type: 'FindingRaised', occurredAt: '2025-12-11T00:00:00+08:00' }])
  })
})

describe('a deadline is carried out exactly once', () => {
  const due = '2025-12-07T18:00:00+08:00'
  const overdue = async () => {
    const one = world('2025-12-06T02:20:00Z')
    await one.happens(FILED, PICKED_UP, DEPARTED)
    return one
  }
  const one = [{ type: 'FindingRaised', name: `finding-R65-${stream}` }]

  test('by many leaders at once', async () => {
    const { store, runtime } = await overdue()
    await Promise.all(Array.from({ length: 8 }, () => deadlinesOn(runtime).sweep(at(due))))
    expect(await findings(store)).toMatchObject(one)
  })

  test('where the process dies after the command and before it is noted', async () => {
    const { store, runtime, deadlines, clockIs } = await overdue()
    const dying = openDeadlineRunner(runtime, {
      deadlines: { ...deadlines, done: () => Promise.reject(new Error('killed')) },
      processes,
      perform: performDue,
    })
    await expect(dying.sweep(at(due))).rejects.toThrow('killed')
    expect(await findings(store)).toMatchObject(one)
    await clockIs(due)
    expect(await findings(store)).toMatchObject(one)
  })

  test('where it dies before the command', async () => {
    const { store, runtime, deadlines, clockIs } = await overdue()
    let tries = 0
    const dying = openDeadlineRunner(runtime, {
      deadlines,
      processes,
      perform(...asked: Parameters<typeof performDue>) {
        tries += 1
        return tries === 1 ? Promise.reject(new Error('no connection')) : performDue(...asked)
      },
    })
    await dying.sweep(at(due))
    expect(await findings(store)).toEqual([])
    await clockIs(due)
    // It is tried again, but not at once.
    expect(await findings(store)).toEqual([])
    await dying.sweep(at(due) + MINUTE)
    expect(await findings(store)).toMatchObject(one)
  })

  test('however often the log is folded from its start, with all that was noted lost', async () => {
    const { store, runtime, clockIs, happens } = await overdue()
    await clockIs(due)
    await happens(ARRIVED)
    await clockIs('2025-12-20T00:00:00+08:00')
    const head = await store.head()
    for (let folded = 0; folded < 3; folded++) await deadlinesOn(runtime).sweep(at('2025-12-20T00:00:00+08:00'))
    expect(await store.head()).toBe(head)
  })

  test('while it is folded half-way: what is due by half of the log is the same command', async () => {
    const { store, runtime, clockIs, deadlines } = await overdue()
    await clockIs(due)
    const half = memoryDeadlines({
      ...store,
      readAll: async (after, limit) =>
        (await store.readAll(after, limit)).filter(({ stream: of }) => !of.startsWith('finding-')),
    })
    const left = [
      ...(await half.due(
        processes.map(({ name }) => name),
        at(due),
        10,
      )),
    ]
    expect(left.map(({ id }) => id)).toEqual([`manifest-terms/${MANIFEST}/raise/R65`])
    const asBefore = {
      ...deadlines,
      due: () => Promise.resolve([...left]),
      done: () => Promise.resolve(void left.pop()),
    }
    await openDeadlineRunner(runtime, { deadlines: asBefore, processes, perform: performDue }).sweep(at(due))
    expect(await findings(store)).toMatchObject(one)
  })

  test('whatever jumps the clock makes', async () => {
    const { store, clockIs } = await overdue()
    for (const jump of [
      due,
      '2025-12-01T00:00:00+08:00',
      '2030-01-01T00:00:00+08:00',
      '2025-12-06T23:00:00+08:00',
      due,
    ])
      await clockIs(jump)
    expect((await findings(store)).filter(({ name }) => name.includes('R65'))).toMatchObject([
      { ...one[0], occurredAt: '2025-12-07T10:15:00.000+08:00' },
    ])
  })
})
