import { describe, expect, test } from 'vitest'
import { grams } from '../values/mass.ts'
import type { Place } from '../values/place.ts'
import type { LotEvent } from './events.ts'
import { poolFreeOn } from './pool-flow.ts'
import { evolveLot, noLot } from './state.ts'

const unit = '913205942CL12TH3BX'
const waste = { stream: 'industrial', code: '900-003-S17' } as const
const sorted: Place = { at: 'classification', holder: unit, place: '' }
const stock: Place = { at: 'collection', holder: unit, place: 'pool' }
const road: Place = { at: 'transport', holder: unit, place: '苏E1A100', document: 'm#1' }

const record = (day: number, mass: number): readonly LotEvent[] => {
  const occurredAt = `2025-12-${String(day).padStart(2, '0')}T10:00:00+08:00`
  const to: Place = { at: 'generation', holder: unit, place: '' }
  const origin = { unit, inside: true }
  return [
    { type: 'LotGenerated', occurredAt, data: { waste, origin, to, grams: grams(mass), pool: true } },
    { type: 'LotStored', occurredAt, data: { waste, from: sorted, to: stock, grams: grams(mass), whole: false } },
  ]
}
const out = (day: number, mass: number): LotEvent => ({
  type: 'LotPickedUp',
  occurredAt: `2025-12-${String(day).padStart(2, '0')}T12:00:00+08:00`,
  data: { waste, from: stock, to: road, grams: grams(mass), whole: false, manifest: 'm', line: 1 },
})
const pool = (...events: readonly (LotEvent | readonly LotEvent[])[]) => events.flat().reduce(evolveLot, noLot)

describe('R28 in the order of business time: what may leave a pool on a day', () => {
  test('is what lay there by the end of the day, whenever it was recorded', () => {
    const lot = pool(record(10, 5_000), record(4, 1_000))
    expect([3, 4, 9, 10, 11].map((day) => poolFreeOn(lot, `2025-12-${String(day).padStart(2, '0')}`))).toEqual([
      0, 1_000, 1_000, 6_000, 6_000,
    ])
  })
  test('leaves enough for what left on later days', () => {
    const lot = pool(record(4, 5_000), out(8, 4_000), record(9, 2_000))
    expect(poolFreeOn(lot, '2025-12-05')).toBe(1_000)
    expect(poolFreeOn(lot, '2025-12-08')).toBe(1_000)
    expect(poolFreeOn(lot, '2025-12-09')).toBe(3_000)
  })
  test('follows a count', () => {
    const count: LotEvent = {
      type: 'LotStockTaken',
      occurredAt: '2025-12-06T10:00:00+08:00',
      data: { waste, at: stock, counted: grams(3_000), booked: grams(5_000), reason: '盘点' },
    }
    const lot = pool(record(4, 5_000), count)
    expect(poolFreeOn(lot, '2025-12-05')).toBe(3_000)
  })
  test('is no question for a package', () => {
    expect(poolFreeOn(noLot, '2025-12-05')).toBe(Number.POSITIVE_INFINITY)
  })
})
