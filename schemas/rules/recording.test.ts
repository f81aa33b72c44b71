import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limitEditions, limitsOn, weightTolerance } from './limits.ts'
import { momentsInOrder, recordedInTime } from './recording.ts'
import { judge } from './row.ts'

type Order = Parameters<typeof momentsInOrder.check>[0]
const inOrder = (moments: Order['moments'], now: string, day: string, pointer: string) =>
  judge(momentsInOrder, { moments, now, pointer, skewMinutes: limitsOn(day).clockSkewMinutes }, day)
type Record = Omit<Parameters<typeof recordedInTime.check>[0], 'withinHours'>
const lateRecording = (record: Record, day: string) =>
  judge(recordedInTime, { ...record, withinHours: limitsOn(day).lateRecordingHours }, day)

const DAY = '2025-12-06'
const NOW = '2025-12-06T12:00:00Z'
const at = (minutes: number) => new Date(Date.parse(NOW) + minutes * 60_000).toISOString()

describe('R59: times run forwards', () => {
  const judged = (moments: Parameters<typeof inOrder>[0]) => inOrder(moments, NOW, DAY, '/occurredAt')

  test('equal and growing times are in order, whatever their offsets', () => {
    expect(
      judged([
        { name: 'filed', at: '2025-12-06T10:00:00+08:00' },
        { name: 'handover', at: '2025-12-06T02:00:00Z' },
        { name: 'departed', at: '2025-12-06T10:01:00+08:00' },
      ]),
    ).toEqual([])
  })

  test('a step before the one that precedes it is refused', () => {
    expect(
      judged([
        { name: 'departed', at: at(-60) },
        { name: 'arrived', at: at(-61) },
      ]),
    ).toEqual([
      {
        rule: 'R59',
        severity: 'BLOCK',
        pointer: '/occurredAt',
        facts: { earlier: 'departed', earlierAt: at(-60), later: 'arrived', laterAt: at(-61) },
        day: DAY,
      },
    ])
  })

  test('steps that are not known are left out, not taken for order', () => {
    expect(
      judged([
        { name: 'filed', at: at(-10) },
        { name: 'handover', at: undefined },
        { name: 'departed', at: at(-20) },
      ]),
    ).toMatchObject([{ facts: { earlier: 'filed', later: 'departed' } }])
    expect(judged([])).toEqual([])
  })

  test('five minutes of the server’s future are a wrong clock, more is a wrong time', () => {
    expect(judged([{ name: 'arrived', at: at(5) }])).toEqual([])
    expect(judged([{ name: 'arrived', at: at(5.001) }])).toMatchObject([
      { rule: 'R59', facts: { step: 'arrived', stepAt: at(5.001), clockAt: NOW } },
    ])
  })

  test('sorted times are always in order, and any two exchanged ones are found', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -100_000, max: 0 }), { minLength: 2, maxLength: 7 }),
        fc.nat(),
        (minutes, where) => {
          const sorted = minutes.toSorted((a, b) => a - b).map((minute, i) => ({ name: `step ${i}`, at: at(minute) }))
          expect(judged(sorted)).toEqual([])
          const i = where % (sorted.length - 1)
          const exchanged = [...sorted.slice(0, i), ...sorted.slice(i, i + 2).toReversed(), ...sorted.slice(i + 2)]
          expect(judged(exchanged).length).toBeGreaterThan(0)
        },
      ),
    )
  })

  test('it holds for the oldest books too', () => {
    expect(
      inOrder(
        [
          { name: 'filed', at: '1999-12-31T10:00:00+08:00' },
          { name: 'departed', at: '1999-12-31T09:00:00+08:00' },
        ],
        NOW,
        '1999-12-31',
        '',
      ),
    ).toHaveLength(1)
  })
})

describe('R106: late records say why', () => {
  const recorded = (occurredAt: string, provenance: 'live' | 'book' | 'policy' = 'live', reason?: string) =>
    lateRecording({ occurredAt, now: NOW, provenance, reason }, DAY)

  test('a record of the same day is in time, to the last instant', () => {
    expect(recorded(at(-24 * 60))).toEqual([])
  })

  test('one of the day before warns with its reason', () => {
    expect(recorded(at(-24 * 60 - 1), 'live', '停网')).toEqual([
      { rule: 'R106', severity: 'WARN', pointer: '/occurredAt', facts: { hours: 24, reason: '停网' }, day: DAY },
    ])
    expect(recorded(at(-72 * 60))).toMatchObject([{ facts: { hours: 72, reason: 'not-given' } }])
    expect(
      lateRecording({ occurredAt: '1999-12-31T10:00:00+08:00', now: NOW, provenance: 'live' }, '1999-12-31'),
    ).toHaveLength(1)
  })

  test('an import has one finding of its own, and a reaction is as late as its cause, which says so', () => {
    expect(recorded(at(-10_000), 'book')).toEqual([])
    expect(recorded(at(-10_000), 'policy')).toEqual([])
  })
})

describe('limits', () => {
  test('have editions in order, the first of which is older than the oldest books', () => {
    expect(limitEditions.map(({ from }) => from)).toEqual(limitEditions.map(({ from }) => from).toSorted())
    expect(limitEditions[0]?.from).toBe('2000-01-01')
    expect(limitsOn('1999-01-01')).toBe(limitEditions[0])
    expect(limitsOn('2025-12-06')).toMatchObject({ edition: '2026-11', clockSkewMinutes: 5, lateRecordingHours: 24 })
  })

  test.each([
    [54_000, 100_000],
    [2_000_000, 100_000],
    [2_000_020, 100_001],
    [10_000_000, 500_000],
  ])('the weight of %i g may differ by %i g: the larger of 0.1 t and 5 %%', (shipped, tolerance) => {
    expect(weightTolerance(shipped, DAY)).toBe(tolerance)
  })
})
