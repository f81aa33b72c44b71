import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { streamKinds, streams } from '../streams.ts'
import { eventOf, NO_MASS, type ErasedRow } from './event-row.ts'
import { registryOf, type Concern } from './registry.ts'
import { streamKind } from './stream-kind.ts'

const UNIT = '91350100M000100Y43'
const OTHER = '913205942CL12TH3BX'

/** A planted path: a technical stop of a vehicle, as one stream kind of two events. */
interface Stop {
  readonly at?: string
}
const event = eventOf<Stop>()
const none: Stop = {}
const stops = streamKind({
  name: 'stop',
  channel: 'manifests',
  initial: none,
  concern: { from: 'history' },
  subjectOf: (id) => ({ kind: 'manifest', id }),
  events: {
    StopBegun: event({
      schema: z.strictObject({ carrier: z.string(), place: z.string() }),
      fold: (_stop, { data: { place } }) => ({ at: place }),
      mass: NO_MASS,
      concerns: { begins: ({ carrier }) => ({ units: [carrier], streams: ['hazardous'] }) },
      public: { name: 'begun', version: 1, facts: z.strictObject({ carrier: z.string(), place: z.string() }) },
      zh: '途中技术停车',
      en: 'The vehicle stopped on its way',
    }),
    StopEnded: event({
      schema: z.strictObject({ seenBy: z.string() }),
      fold: () => ({}),
      mass: NO_MASS,
      concerns: { joins: ({ seenBy }) => ({ units: [seenBy] }) },
      public: {
        name: 'ended',
        version: 2,
        facts: z.strictObject({ witness: z.string() }),
        names: { seenBy: 'witness' },
      },
      zh: '停车结束',
      en: 'The stop ended',
    }),
  },
})

test('a row without one of its answers does not compile', () => {
  const row = {
    schema: z.strictObject({ place: z.string() }),
    fold: (): Stop => ({}),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: { name: 'planted', version: 1, facts: z.strictObject({ place: z.string() }) },
    zh: '',
    en: '',
  } as const
  event(row)
  const without = <Name extends keyof typeof row>(name: Name): Omit<typeof row, Name> => {
    const { [name]: _, ...rest } = row
    return rest
  }
  // @ts-expect-error no step of the fold
  event(without('fold'))
  // @ts-expect-error nothing said of mass
  event(without('mass'))
  // @ts-expect-error nothing said of whom it concerns
  event(without('concerns'))
  // @ts-expect-error neither published nor private
  event(without('public'))
  // @ts-expect-error no line for people
  event(without('zh'))
  // @ts-expect-error published facts that differ from the stored data, without the way between them
  event({ ...row, public: { name: 'planted', version: 1, facts: z.strictObject({ where: z.string() }) } })
  // @ts-expect-error steps of mass in a kind whose events move none
  event({ ...row, mass: () => [] })
})

describe('everything that is derived from a kind that was just declared', () => {
  const registry = registryOf([stops])
  const begun = { type: 'StopBegun', occurredAt: '2025-12-06T10:00:00+08:00', data: { carrier: UNIT, place: '服务区' } }
  const ended = { type: 'StopEnded', occurredAt: '2025-12-06T11:00:00+08:00', data: { seenBy: OTHER } }

  test('its events fold, concern their units, post nothing and are published', () => {
    expect(stops.evolve(stops.evolve(stops.initial, begun as never), ended as never)).toEqual({})
    const fold = registry.concernFoldOf('stop-1')
    if (!fold) throw new Error('a stream whose history says whom it concerns has a fold')
    const known = [begun, ended].reduce<Concern>((concern, one) => fold.evolve(concern, one), fold.initial)
    expect(known).toEqual({ units: [UNIT, OTHER], streams: ['hazardous'] })
    expect(registry.concernOfEvent({ ...ended, stream: 'stop-1' }, known)).toBe(known)
    expect(registry.postingOf(begun)).toBeUndefined()
    const message = registry.definitions.get('StopEnded')?.message
    expect(message).toMatchObject({ name: 'cn.wufei.stop.ended', version: 2, channel: 'manifests' })
    expect(message?.publish({ seenBy: OTHER })).toEqual({ witness: OTHER })
    expect(message?.restore({ witness: OTHER })).toEqual({ seenBy: OTHER })
    expect(message?.former?.[1]?.facts.safeParse({ seenBy: OTHER }).success).toBe(true)
  })

  test('an event of a later system has no default to fall into, and its stream concerns nobody', () => {
    expect(() => registry.postingOf({ ...begun, type: 'StopProlonged' })).toThrow(/StopProlonged/)
    expect(registry.streamOf('convoy-1')).toBeUndefined()
    expect(
      registry.concernOfEvent({ type: 'ConvoyFormed', stream: 'convoy-1', data: {} }, { units: [UNIT], streams: [] }),
    ).toEqual({
      units: [],
      streams: [],
    })
  })

  test('two kinds cannot have an event of one type, nor one public name', () => {
    expect(() => registryOf([stops, stops])).toThrow(/StopBegun/)
  })
})

test('every event of the park has all its answers', () => {
  const rows = streamKinds.flatMap((kind) => Object.entries(kind.events as Readonly<Record<string, ErasedRow>>))
  expect(streams.definitions.size).toBe(rows.length)
  for (const [type, row] of rows) {
    expect(row.zh, type).toMatch(/\p{Script=Han}/u)
    expect(row.en, type).toMatch(/^[A-Z]/)
    expect(row.mass === NO_MASS || typeof row.mass === 'function', type).toBe(true)
    expect(streams.definitions.get(type)?.message.summary, type).toBe(row.en)
  }
  // Mass moves in the events of lots and only there.
  const moving = rows.filter(([, { mass }]) => mass !== NO_MASS).map(([type]) => type)
  expect(moving.filter((type) => !type.startsWith('Lot'))).toEqual([])
  expect(moving.length).toBeGreaterThan(10)
})
