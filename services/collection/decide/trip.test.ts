import fc from 'fast-check'
import type { SealedRecordTrip, TripContext } from '../../../schemas/rules/questions.ts'
import { describe, expect, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot } from '../../../schemas/lot/state.ts'
import { noUnit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { ADMIN, unitActor } from '../../../test/support/runtime.ts'
import { dryMass, recordTrip } from './trip.ts'

const source = '913205947558E08BYE'
const carrier = '913205946PNRG4XGQK'
const receiver = '913205947HTWCG9N6P'
const manifest = '0190a6a2-0000-8000-8000-000000000001'
const registered = (unit: string) => ({ ...noUnit, exists: true, unit, inside: true })
const context: TripContext = {
  actor: ADMIN,
  now: '2025-12-01T12:00:00.000Z',
  provenance: 'live',
  catalogues: builtinCatalogues,
  source: registered(source),
  carrier: registered(carrier),
  receiver: registered(receiver),
  manifest,
}
const departedAt = '2025-12-01T14:29:00+08:00'
const arrivedAt = '2025-12-01T15:23:00+08:00'
const slip: SealedRecordTrip = {
  trip: 'CZ20251201003',
  stream: 'sludge',
  code: '462-001-S90',
  source,
  carrier,
  plate: '苏E5D006',
  driver: undefined,
  departedAt,
  receiver,
  arrivedAt,
  grossKg: 16_125,
  tareKg: 11_469,
  netKg: 4_656,
  moisturePercent: 80,
  method: 'GR-ENE',
}
const given = specification(recordTrip, context)

describe('a weighbridge slip', () => {
  const waste = { stream: 'sludge', code: '462-001-S90' } as const
  const net = grams(4_656_000)
  const document = `${manifest}#1`
  const under = { manifest, line: 1 }
  const line = { at: 'generation', holder: source, place: '' } as const
  const sorted = { ...line, at: 'classification' } as const
  const collected = { at: 'collection', holder: carrier, place: '苏E5D006' } as const
  const road = { at: 'transport', holder: carrier, place: '苏E5D006', document } as const
  const plant = { at: 'disposal', holder: receiver, place: '', document } as const
  const events: readonly LotEvent[] = [
    {
      type: 'LotGenerated',
      occurredAt: departedAt,
      data: {
        waste,
        origin: { unit: source, inside: true },
        to: line,
        grams: net,
        pool: false,
        batch: 'CZ20251201003',
        moisture: 8_000,
        dryGrams: grams(931_200),
      },
    },
    { type: 'LotClassified', occurredAt: departedAt, data: { waste, from: line, to: sorted, grams: net } },
    {
      type: 'LotStored',
      occurredAt: departedAt,
      data: { waste, from: sorted, to: collected, grams: net, whole: true },
    },
    {
      type: 'LotPickedUp',
      occurredAt: departedAt,
      data: { waste, from: collected, to: road, grams: net, whole: true, ...under },
    },
    {
      type: 'LotAccepted',
      occurredAt: arrivedAt,
      data: {
        waste,
        from: road,
        to: plant,
        refusedTo: { ...road, at: 'refused' },
        ...under,
        accepted: net,
        refused: grams(0),
        variance: 0,
      },
    },
    {
      type: 'LotTreated',
      occurredAt: arrivedAt,
      data: {
        waste,
        from: plant,
        grams: net,
        method: 'GR-ENE',
        treatment: 'CZ20251201003',
        ...under,
        product: net,
        loss: grams(0),
        landfilled: grams(0),
        residues: [],
      },
    },
  ]

  test('is the whole way of a load, from its source to its treatment', () => {
    given()
      .when(slip)
      .thenEvents(...events)
  })
  test('leaves nothing lying anywhere', () => {
    expect(events.reduce(evolveLot, noLot).held).toEqual({})
  })
  test('is handed in by its receiver or its carrier, once', () => {
    given()
      .when(slip, { actor: unitActor(receiver, 'receiver') })
      .thenEvents(...events)
    given()
      .when(slip, { actor: unitActor(carrier, 'carrier') })
      .thenEvents(...events)
    given()
      .when(slip, { actor: unitActor(source) })
      .refusedAs('not-your-part')
    given(...events)
      .when(slip)
      .refusedAs('record-reused', '/trip')
  })
  test('names registered units', () => {
    given().when(slip, { source: noUnit }).refusedAs('unit-unknown', '/source')
    given().when(slip, { receiver: noUnit }).refusedAs('unit-unknown', '/receiver')
  })
  test('says gross less tare', () => {
    given()
      .when({ ...slip, netKg: 4_655 })
      .refusedAs('net-not-gross-less-tare', '/netKg')
    given()
      .when({ ...slip, netKg: undefined, tareKg: 16_125 })
      .refusedAs('net-not-gross-less-tare', '/grossKg')
    given()
      .when({ ...slip, netKg: undefined })
      .thenEvents(...events)
  })
  test('of sludge says how wet it is', () => {
    given()
      .when({ ...slip, moisturePercent: undefined })
      .refusedAs('moisture-missing')
    given()
      .when({ ...slip, moisturePercent: undefined }, { provenance: 'book' })
      .thenWarned()
  })
  test('is for municipal, construction and sludge only', () => {
    given()
      .when({ ...slip, stream: 'hazardous', code: '900-404-06' })
      .refusedAs('not-a-trip-stream')
    given()
      .when({ ...slip, code: '900-404-06' })
      .refusedBy('R06')
    given()
      .when({ ...slip, code: '462-001-S08' })
      .refusedBy('R05')
  })
  test('names a method that exists and fits', () => {
    given()
      .when({ ...slip, method: 'R10' })
      .refusedAs('method-unknown')
    given()
      .when({ ...slip, method: 'Y10' })
      .refusedAs('method-unfit')
    given()
      .when({ ...slip, method: 'GC-COL' })
      .refusedAs('method-unfit')
  })
  test('R59: does not arrive before it departs, nor tomorrow', () => {
    given()
      .when({ ...slip, arrivedAt: '2025-12-01T14:28:00+08:00' })
      .refusedBy('R59')
    given()
      .when({ ...slip, arrivedAt: '2025-12-02T14:28:00+08:00' })
      .refusedBy('R59')
  })
})

test.each([
  ['GR-BLD', { product: 4_656_000, landfilled: 0, loss: 0 }],
  ['GD-LF', { product: 0, landfilled: 4_656_000, loss: 0 }],
  ['GD-INC', { product: 0, landfilled: 0, loss: 4_656_000 }],
] as const)('what was treated by %s is product, landfilled or loss', (method, parts) => {
  const decision = recordTrip.decide({ ...slip, method }, noLot, context)
  expect(decision).toMatchObject({ accepted: true, events: [{}, {}, {}, {}, {}, { type: 'LotTreated', data: parts }] })
})

test('dry mass is wet mass less its water, to the gram, half up', () => {
  expect(dryMass(grams(1_001), 5_000)).toBe(501)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000_000 }), fc.integer({ min: 0, max: 10_000 }), (wet, moisture) => {
      const exact = BigInt(wet) * BigInt(10_000 - moisture)
      expect(BigInt(dryMass(grams(wet), moisture))).toBe((exact * 2n + 10_000n) / 20_000n)
    }),
  )
})
