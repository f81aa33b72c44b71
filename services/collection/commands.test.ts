import { beforeEach, describe, expect, test } from 'vitest'
import type { Outcome, Runtime } from '../../infra/commanding/execute.ts'
import { openStates } from '../../infra/commanding/states.ts'
import type { AppendRequest, EventStore } from '../../infra/event-store/port.ts'
import type { RecordTrip } from '../../schemas/commands/collection.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { loadStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { givenLot, givenUnit } from '../../test/support/history.ts'
import { envelope, testRuntime, unitActor } from '../../test/support/runtime.ts'
import { recordTrip, splitLot, storeLot, takeOutLot, takeStock } from './commands.ts'
import { policies } from './policies.ts'

const unit = '913205942CL12TH3BX'
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const at = (time: string) => `2025-12-01T${time}:00+08:00`
const sorted = { at: 'classification', holder: unit, place: 'MF0001' } as const
const inStore = { at: 'collection', holder: unit, place: 'TS001' } as const
const line = { ...sorted, at: 'generation' } as const
const ready: readonly LotEvent[] = [
  {
    type: 'LotGenerated',
    occurredAt: at('12:53'),
    data: {
      waste,
      origin: { unit, inside: true },
      to: line,
      grams: grams(30_500),
      pool: false,
      batch: 'HWCS20251201001',
    },
  },
  { type: 'LotClassified', occurredAt: at('13:00'), data: { waste, from: line, to: sorted, grams: grams(30_500) } },
  { type: 'LotLabelled', occurredAt: at('13:10'), data: { label: `${unit}9004040620251201001` } },
]
const store = { lot: 'A', store: 'TS001', grams: grams(30_500), batch: 'HWRK20251201001', occurredAt: at('13:28') }
const out = {
  lot: 'A',
  store: 'TS001',
  grams: grams(20_000),
  batch: 'HWCK20251201001',
  storeIn: 'HWRK20251201001',
  occurredAt: at('15:00'),
}
const splitting = { lot: 'A', at: inStore, grams: grams(500), occurredAt: at('14:00') }

/** A process that dies before a lot's events are in the log. */
function stopAtLots(request: AppendRequest, append: EventStore['append']): ReturnType<EventStore['append']> {
  if (request.stream.startsWith('lot-')) throw new Error('gone')
  return append(request)
}

let runtime: Runtime
beforeEach(async () => {
  runtime = testRuntime({ policies })
  await givenLot(runtime, 'A', ...ready)
})

test('a lot goes into store and comes out of it, its handler sealed', async () => {
  expect(
    await storeLot(runtime, { ...store, handler: { name: '示例甲戊' } }, envelope({ actor: unitActor(unit) })),
  ).toMatchObject({
    status: 'done',
    revision: 4,
  })
  expect(await takeOutLot(runtime, { ...out, handler: { name: '示例壬壬' } }, envelope())).toMatchObject({
    status: 'done',
    state: {
      takenOut: { HWCK20251201001: { ...inStore, document: 'HWCK20251201001' } },
      held: { [`collection|${unit}|TS001|`]: { grams: 10_500 } },
    },
  })
  expect(JSON.stringify(await runtime.store.readAll(0, 10))).not.toMatch(/示例/)
})

test('R28: of two who take out at once what is there only once, one gets it', async () => {
  await storeLot(runtime, store, envelope())
  const outcomes = await Promise.all(
    ['HWCK20251201001', 'HWCK20251201002'].map((batch) => takeOutLot(runtime, { ...out, batch }, envelope())),
  )
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['done', 'refused'])
  expect(outcomes.find(({ status }) => status === 'refused')).toMatchObject({
    refusals: [{ rule: 'R28', facts: { taken: 20_000, balance: 10_500 } }],
  })
})

test('a count that agrees with the books leaves no event', async () => {
  await storeLot(runtime, store, envelope())
  const head = await runtime.store.head()
  expect(
    await takeStock(
      runtime,
      { lot: 'A', at: inStore, counted: grams(30_500), note: '盘点', occurredAt: at('16:00') },
      envelope(),
    ),
  ).toMatchObject({
    status: 'done',
    revision: 4,
  })
  expect(await runtime.store.head()).toBe(head)
})

describe('a split', () => {
  test('opens a lot of its own, caused by the split, and loses no gram', async () => {
    await storeLot(runtime, store, envelope())
    const outcome = await splitLot(runtime, { ...splitting, child: 'B' }, envelope())
    expect(outcome).toMatchObject({
      status: 'done',
      revision: 5,
      position: await runtime.store.head(),
      state: { held: { [`collection|${unit}|TS001|`]: { grams: 30_000 } } },
    })
    const [parted] = await runtime.store.readStream('lot-A', { from: 5 })
    const [derived] = await runtime.store.readStream('lot-B')
    expect(derived).toMatchObject({
      type: 'LotDerived',
      data: { kind: 'split', grams: 500, bornOn: '2025-12-01', to: inStore },
      metadata: { causationId: parted?.id, provenance: 'book' },
    })
  })
  test('without an id for the new lot makes one, the same for the same command', async () => {
    await storeLot(runtime, store, envelope())
    const first = envelope()
    await splitLot(runtime, splitting, first)
    const head = await runtime.store.head()
    expect(await splitLot(runtime, splitting, first)).toMatchObject({ status: 'done', replayed: true })
    expect(await runtime.store.head()).toBe(head)
  })
  test('that died before its policy ran is completed by the repeat', async () => {
    await storeLot(runtime, store, envelope())
    const first = envelope()
    const forgetful: Runtime = { ...runtime, react: () => Promise.reject(new Error('died')) }
    await expect(splitLot(forgetful, { ...splitting, child: 'B' }, first)).rejects.toThrow('died')
    expect(await runtime.store.readStream('lot-B')).toHaveLength(0)
    expect(await splitLot(runtime, { ...splitting, child: 'B' }, first)).toMatchObject({
      status: 'done',
      replayed: true,
    })
    expect(await runtime.store.readStream('lot-B')).toHaveLength(1)
  })
  test('into a lot that is there already is refused', async () => {
    await storeLot(runtime, store, envelope())
    await givenLot(runtime, 'B', ...ready)
    expect(await splitLot(runtime, { ...splitting, child: 'B' }, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'lot-exists', pointer: '/child' }],
    })
  })
})

describe('a trip', () => {
  const source = '913205948L67GQ028E'
  const carrier = '913205946PNRG4XGQK'
  const receiver = '9132059400PGH6GF7M'
  const slip = {
    trip: 'CZ20251201001',
    stream: 'municipal' as const,
    code: '900-001-S61',
    source,
    carrier,
    plate: '苏E5D020',
    driver: { name: '示例乙辛' },
    departedAt: at('09:12'),
    receiver,
    arrivedAt: at('09:38'),
    grossKg: 17_653,
    tareKg: 9_781,
    netKg: 7_872,
    method: 'GR-ORG',
  }
  beforeEach(async () => {
    for (const code of [source, carrier, receiver]) await givenUnit(runtime, code, { inside: code === source })
  })
  test('is one append in one stream; the same slip under another key changes nothing, another slip needs another number', async () => {
    const first = envelope()
    const outcome = await recordTrip(runtime, slip, first)
    expect(outcome).toMatchObject({
      status: 'done',
      revision: 6,
      state: { held: {}, origin: { unit: source, inside: true } },
    })
    expect(await recordTrip(runtime, slip, first)).toMatchObject({ status: 'done', replayed: true })
    expect(await recordTrip(runtime, slip, envelope())).toMatchObject({ status: 'done', revision: 6, events: 0 })
    for (const other of [
      { ...slip, grossKg: slip.grossKg + 10 },
      { ...slip, grossKg: slip.tareKg },
      { ...slip, method: 'R99' },
    ])
      expect(await recordTrip(runtime, { ...other, netKg: undefined }, envelope())).toMatchObject({
        status: 'refused',
        refusals: [{ code: 'record-reused' }],
      })
    expect(JSON.stringify(await runtime.store.readAll(0, 20))).not.toMatch(/示例乙辛/)
  })
  test('with the number of another receiver’s slip is another trip', async () => {
    await recordTrip(runtime, slip, envelope())
    expect(await recordTrip(runtime, { ...slip, receiver: carrier }, envelope())).toMatchObject({ status: 'done' })
  })

  describe('that the carrier hands in', () => {
    const byCarrier = () => envelope({ actor: unitActor(carrier, 'carrier') })
    const byReceiver = () => envelope({ actor: unitActor(receiver, 'receiver') })
    test('takes no number of the receiver: its own slip of that number is recorded, whatever the carrier told', async () => {
      const told = { ...slip, grossKg: slip.tareKg + 10, netKg: 10 }
      expect(await recordTrip(runtime, told, byCarrier())).toMatchObject({ status: 'done', revision: 6 })
      expect(await recordTrip(runtime, slip, byReceiver())).toMatchObject({ status: 'done', revision: 6, findings: [] })
      // Each of them has one slip of that number.
      expect(await recordTrip(runtime, slip, byCarrier())).toMatchObject({ refusals: [{ code: 'record-reused' }] })
      expect(await recordTrip(runtime, told, byReceiver())).toMatchObject({ refusals: [{ code: 'record-reused' }] })
    })
    test('is the same slip where both hand it in: recorded once, whoever is first', async () => {
      for (const [trip, first, second] of [
        ['S-1', byCarrier(), byReceiver()],
        ['S-2', byReceiver(), byCarrier()],
      ] as const) {
        const one = {
          ...slip,
          trip,
          departedAt: at(trip === 'S-1' ? '06:00' : '12:00'),
          arrivedAt: at(trip === 'S-1' ? '07:00' : '13:00'),
        }
        const recorded = await recordTrip(runtime, one, first)
        expect(await recordTrip(runtime, one, second)).toMatchObject({
          status: 'done',
          stream: recorded.status === 'done' ? recorded.stream : '',
          revision: 6,
          events: 0,
        })
      }
    })
  })

  describe('of one load under several slips', () => {
    const warned = (outcome: Outcome<Lot>) => (outcome.status === 'done' ? outcome.findings : undefined)
    const named = (trip: string, arrivedAt = slip.arrivedAt, to = receiver, day = '2025-12-01') => [
      {
        rule: 'R107',
        severity: 'WARN',
        pointer: '/trip',
        facts: { plate: slip.plate, trip, receiver: to, arrivedAt },
        day,
      },
    ]
    const record = (change: Partial<RecordTrip>, own = envelope()) => recordTrip(runtime, { ...slip, ...change }, own)

    test('is recorded with a finding that names the first slip, by whichever unit the others were told', async () => {
      expect(warned(await record({}))).toEqual([])
      expect(warned(await record({ trip: 'C-1' }, envelope({ actor: unitActor(carrier, 'carrier') })))).toMatchObject(
        named(slip.trip),
      )
      expect(warned(await record({ trip: 'X', receiver: carrier, arrivedAt: at('10:08') }))).toEqual(named(slip.trip))
      expect(await runtime.store.readStream(loadStream(slip.plate, slip.code, 7_872_000, '2025-12-01'))).toHaveLength(3)
    })
    test('is no finding of another mass, code, vehicle or half of the day', async () => {
      await record({})
      for (const [trip, change] of Object.entries<Partial<RecordTrip>>({
        M: { grossKg: slip.grossKg + 1, netKg: slip.netKg + 1 },
        C: { code: '900-002-S61' },
        P: { plate: '苏E5D021' },
        L: { arrivedAt: '2025-12-01T10:08:00.001+08:00' },
        E: { departedAt: at('08:00'), arrivedAt: at('09:07') },
      }))
        expect([trip, warned(await record({ ...change, trip }))]).toEqual([trip, []])
    })
    test('is found across midnight, and by moments of other zones', async () => {
      const late = '2025-12-01T23:50:00+08:00'
      await record({ arrivedAt: late })
      const after = { trip: 'N', departedAt: late, arrivedAt: '2025-12-01T16:10:00Z' }
      expect(warned(await record(after))).toEqual(named(slip.trip, late, receiver, '2025-12-02'))
      expect(warned(await record({ ...after, trip: 'O', arrivedAt: '2025-12-02T00:20:01+08:00' }))).toEqual(
        named('N', after.arrivedAt, receiver, '2025-12-02'),
      )
    })
    test('is never found by the same command again, nor by a slip that was refused', async () => {
      const own = envelope()
      expect(warned(await record({}, own))).toEqual([])
      expect(await record({}, own)).toMatchObject({ status: 'done', replayed: true, findings: [] })
      const other = envelope()
      const first = await record({ trip: 'C-1' }, other)
      expect(await record({ trip: 'C-1' }, other)).toMatchObject({ replayed: true, findings: warned(first) })
      await record({ trip: 'R', plate: '苏E5D022', method: 'none' })
      expect(warned(await record({ trip: 'S', plate: '苏E5D022' }))).toEqual([])
    })
    test('is not found by a command that died behind its own claim', async () => {
      const { append } = runtime.store
      const dying = { ...runtime.store, append: (request: AppendRequest) => stopAtLots(request, append) }
      const own = envelope()
      await expect(recordTrip({ ...runtime, store: dying }, slip, own)).rejects.toThrow('gone')
      expect(warned(await record({}, own))).toEqual([])
      expect(warned(await record({ trip: 'C-1' }))).toEqual(named(slip.trip))
    })
    test('is found whichever of two processes is the later one', async () => {
      const elsewhere: Runtime = { ...runtime, states: openStates(runtime.store) }
      for (let n = 0; n < 20; n++) {
        const plate = `苏E5D1${String(n).padStart(2, '0')}`
        const outcomes = await Promise.all([
          recordTrip(runtime, { ...slip, plate, trip: `A${n}` }, envelope()),
          recordTrip(elsewhere, { ...slip, plate, trip: `B${n}` }, envelope()),
        ])
        expect(outcomes.map((outcome) => warned(outcome)?.length).sort()).toEqual([0, 1])
      }
    })
  })
  test('of an unregistered source is refused', async () => {
    expect(await recordTrip(runtime, { ...slip, source: unit }, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'unit-unknown', pointer: '/source', facts: { unit } }],
    })
  })
})
