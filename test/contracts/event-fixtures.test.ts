import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { upcast } from '../../infra/event-store/upcast.ts'
import { type DomainEvent, eventSchemas, type EventType, streams, versionOf } from '../../schemas/streams.ts'
import { unitOn, type UnitHistory } from '../../schemas/unit/state.ts'

/** An event as it was stored by some version of this system: never edited, because the logs out there are not edited either. */
interface Fixture {
  readonly type: EventType
  readonly schemaVersion: number
  readonly occurredAt: string
  readonly data: object
}

const folder = new URL('../fixtures/events/', import.meta.url)
const fixtures = readdirSync(folder)
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture) }))
// `Type.vN.json` is the event as it first was; beside it, `Type.vN.field.json` has an optional field that came later.
const history = fixtures
  .filter(({ file }) => file.split('.').length === 3)
  .sort((a, b) => a.occurredAt.localeCompare(b.occurredAt))
  .map((fixture) => upcast(fixture))
const types = Object.keys(eventSchemas) as EventType[]

/** Folds any event by the fold of its own kind of stream, after what came before. */
const foldAll = (events: readonly DomainEvent[]): readonly unknown[] =>
  streams.kinds.map((kind) =>
    events
      .filter(({ type }) => type in kind.events)
      .reduce<unknown>((state, event) => kind.evolve(state, event), kind.initial),
  )

describe('every version of every event that was ever stored', () => {
  const versions = types.flatMap((type) => Array.from({ length: versionOf(type) }, (_, i) => `${type}.v${i + 1}.json`))
  test.each(versions)('%s is kept as a fixture', (file) => {
    expect(fixtures.find((fixture) => fixture.file === file)).toMatchObject({
      type: file.split('.')[0],
      schemaVersion: Number(/v(\d+)/.exec(file)?.[1]),
    })
  })
  test('there is no fixture of an event that nobody knows', () => {
    const first = (file: string) => file.replace(/^(\w+\.v\d+)\.[A-Za-z]+\.json$/, '$1.json')
    expect(fixtures.map(({ file }) => first(file)).filter((file) => !versions.includes(file))).toEqual([])
  })
  test.each([
    ['ManifestFiled', 'trailer', '/legs/0/trailer'],
    ['ManifestPickedUp', 'trailer', '/trailer'],
    ['ManifestHandedOver', 'trailer', '/to/trailer'],
    ['LotPickedUp', 'trailer', '/trailer'],
    ['LotTreated', 'run', '/run'],
    ['LotMixedInto', 'run', '/run'],
    ['LotSplit', 'as', '/as/code'],
    ['LineTreated', 'run', '/run'],
    ['SiteAdded', 'division', '/division'],
    ['UnitRegistered', 'effectiveFrom', '/effectiveFrom'],
    ['SiteAdded', 'effectiveFrom', '/effectiveFrom'],
    ['FacilityAdded', 'effectiveFrom', '/effectiveFrom'],
    ['VehicleRegistered', 'effectiveFrom', '/effectiveFrom'],
    ['DriverRegistered', 'effectiveFrom', '/effectiveFrom'],
  ])('%s is kept without and with its optional %s', (type, field, pointer) => {
    const [without, having] = [`${type}.v1.json`, `${type}.v1.${field}.json`].map((file) => {
      const data = fixtures.find((fixture) => fixture.file === file)?.data
      return pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], data)
    })
    expect(without).toBeUndefined()
    expect(having).toEqual(expect.any(String))
  })

  test.each(fixtures.map((fixture) => [fixture.file, fixture] as const))(
    '%s is led up to the newest schema and says the same in it',
    (_, fixture) => {
      const { type, data } = upcast(fixture)
      expect(eventSchemas[type].parse(data)).toEqual(data)
      if (fixture.schemaVersion === versionOf(fixture.type)) expect(data).toEqual(fixture.data)
    },
  )

  test.each(fixtures.map((fixture) => [fixture.file, fixture] as const))(
    '%s can be folded, whatever came before it',
    (_, fixture) => {
      const event = upcast(fixture)
      expect(() => foldAll([event])).not.toThrow()
      expect(() => foldAll([event, ...history, event])).not.toThrow()
    },
  )

  test('in order of time they tell one history', () => {
    const [lot, manifest, master, plan, claim] = foldAll(history)
    const unit = (day: string) => unitOn(master as UnitHistory, day)
    expect(lot).toMatchObject({
      exists: true,
      hazards: ['T', 'I'],
      label: '913205942CL12TH3BX9002490820251203001',
      reserved: {},
      lastAt: '2025-12-31T17:00:00+08:00',
    })
    expect(manifest).toMatchObject({
      status: 'completed',
      number: '20253205000001',
      lines: [
        {
          decision: 'partly-accepted',
          accepted: 43_000,
          refused: 10_000,
          treated: 43_000,
          lots: [{ shipped: 53_800, returned: 10_000 }],
        },
      ],
    })
    expect(unit('2025-12-15')).toMatchObject({
      exists: true,
      facilities: { TS001: { kind: 'warehouse' } },
      licences: { JSSZ0000000001: { number: 'JSSZ0000000001' } },
      vehicles: { 苏E12345: { permit: '320594000001' } },
    })
    expect(unit('2026-12-15')).toMatchObject({
      name: '示例新名有限公司',
      facilities: { TS001: { capacity: 600_000_000 } },
      licences: {},
      vehicles: { 苏E12345: { permit: '320594000002' } },
    })
    expect(unit('2027-06-15')).toMatchObject({ exists: false, closedFrom: '2027-06-01', vehicles: {}, drivers: {} })
    expect(plan).toMatchObject({ lines: [{ code: '900-249-08', planned: 12_000_000 }] })
    expect(claim).toMatchObject({
      by: 'lot-0198c0de-0000-7000-8000-000000000101',
      loads: [{ trip: 'CZ20251201001', arrivedAt: '2025-12-01T09:38:00+08:00' }],
    })
  })
})
