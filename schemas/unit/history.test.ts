import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grams } from '../values/mass.ts'
import { businessDay } from '../values/time.ts'
import type { UnitEvent } from './events.ts'
import { evolveUnit, noHistory, unitOn, type Unit, type UnitHistory } from './state.ts'

const CODE = '913205942CL12TH3BX'
const at = (day: string): string => `${day}T09:00:00+08:00`
const fold = (events: readonly UnitEvent[]): UnitHistory => events.reduce(evolveUnit, noHistory)

const registered: UnitEvent = {
  type: 'UnitRegistered',
  occurredAt: at('2025-01-01'),
  data: { unit: CODE, name: '甲', roles: ['carrier'], inside: true, address: '一号' },
}
const vehicle: UnitEvent = {
  type: 'VehicleRegistered',
  occurredAt: at('2025-01-01'),
  data: { plate: '苏E12345', permit: 'P0', validTo: '2026-12-31', dangerousGoods: true },
}
const licence = {
  number: 'JS1',
  kind: 'comprehensive' as const,
  covers: ['HW06'],
  methods: ['R2'],
  annual: grams(1_000),
  from: '2025-01-01',
  to: '2025-12-31',
}
const granted: UnitEvent = { type: 'LicenceGranted', occurredAt: at('2025-01-01'), data: licence }
const changed = (effectiveFrom: string, changes: object): UnitEvent => ({
  type: 'UnitChanged',
  occurredAt: at('2026-01-01'),
  data: { ...changes, effectiveFrom },
})

describe('a unit is as it was on the day that is asked for', () => {
  test('what is registered without a day holds before, too', () => {
    expect(unitOn(fold([registered, vehicle]), '2020-01-01')).toMatchObject({ name: '甲', vehicles: { 苏E12345: {} } })
  })
  test('a name holds until the day before the next, whichever is recorded first', () => {
    const [june, august] = [changed('2025-06-01', { name: '乙' }), changed('2025-08-01', { name: '丙' })]
    for (const events of [
      [june, august],
      [august, june],
    ]) {
      const history = fold([registered, ...events])
      const names = ['2025-05-31', '2025-06-01', '2025-07-31', '2025-08-01'].map((day) => unitOn(history, day).name)
      expect(names).toEqual(['甲', '乙', '乙', '丙'])
    }
  })
  test('a change of a day before the registration holds after it, too', () => {
    const dated = { ...registered, data: { ...registered.data, effectiveFrom: '2025-10-01' } } as UnitEvent
    const history = fold([dated, changed('2025-06-01', { name: '乙' })])
    expect(['2025-05-31', '2025-06-01', '2025-10-01'].map((day) => unitOn(history, day).name)).toEqual([
      '甲',
      '乙',
      '乙',
    ])
  })
  test('a change that is recorded late leaves later changes of other fields alone', () => {
    const history = fold([
      registered,
      changed('2025-08-01', { address: '八号' }),
      changed('2025-06-01', { name: '乙' }),
    ])
    expect(unitOn(history, '2025-09-01')).toMatchObject({ name: '乙', address: '八号' })
    expect(unitOn(history, '2025-07-01')).toMatchObject({ name: '乙', address: '一号' })
  })
  test('a licence that is renewed under its number has the covers of each term', () => {
    const renewed: UnitEvent = {
      type: 'LicenceRenewed',
      occurredAt: at('2025-11-01'),
      data: { ...licence, covers: ['HW08'], from: '2026-01-01', to: '2030-12-31' },
    }
    const history = fold([registered, granted, renewed])
    expect(unitOn(history, '2025-12-31').licences['JS1']).toMatchObject({ covers: ['HW06'], to: '2025-12-31' })
    expect(unitOn(history, '2026-01-01').licences['JS1']).toMatchObject({ covers: ['HW08'], to: '2030-12-31' })
  })
  test('an end ends the terms that are to begin later, and a later registration begins anew', () => {
    const renewed: UnitEvent = {
      type: 'LicenceRenewed',
      occurredAt: at('2025-11-01'),
      data: { ...licence, from: '2026-01-01' },
    }
    const revoked: UnitEvent = {
      type: 'LicenceRevoked',
      occurredAt: at('2025-12-01'),
      data: { number: 'JS1', from: '2025-12-01', reason: '吊销' },
    }
    const ended = fold([registered, granted, renewed, revoked])
    expect(['2025-11-30', '2025-12-01', '2026-01-01'].map((day) => 'JS1' in unitOn(ended, day).licences)).toEqual([
      true,
      false,
      false,
    ])
    const gone: UnitEvent = {
      type: 'VehicleDeregistered',
      occurredAt: at('2025-05-01'),
      data: { plate: '苏E12345', effectiveFrom: '2025-05-01', reason: '转让' },
    }
    const back = { ...vehicle, data: { ...vehicle.data, permit: 'P9', effectiveFrom: '2025-09-01' } } as UnitEvent
    const history = fold([registered, vehicle, gone, back])
    expect(
      ['2025-04-30', '2025-05-01', '2025-09-01'].map((day) => unitOn(history, day).vehicles['苏E12345']?.permit),
    ).toEqual(['P0', undefined, 'P9'])
  })
  test('a unit that is closed does not exist from that day on; its sites and facilities stay known', () => {
    const facility: UnitEvent = {
      type: 'FacilityAdded',
      occurredAt: at('2025-01-01'),
      data: { facility: 'TS001', name: '库', kind: 'warehouse' },
    }
    const closed: UnitEvent = {
      type: 'UnitClosed',
      occurredAt: at('2025-03-01'),
      data: { effectiveFrom: '2025-03-01', reason: '注销' },
    }
    const closedStore: UnitEvent = {
      type: 'FacilityClosed',
      occurredAt: at('2025-03-01'),
      data: { facility: 'TS001', effectiveFrom: '2025-02-01', reason: '停用' },
    }
    const history = fold([registered, facility, closed, closedStore])
    expect(unitOn(history, '2025-02-28')).toMatchObject({
      exists: true,
      facilities: { TS001: { closedFrom: '2025-02-01' } },
    })
    expect(unitOn(history, '2025-03-01')).toMatchObject({ exists: false, closedFrom: '2025-03-01', name: '甲' })
  })
  test('a change of what was never registered says nothing', () => {
    expect(unitOn(fold([changed('2025-06-01', { name: '乙' })]), '2025-07-01').exists).toBe(false)
  })
})

/** Changes of a year, each of one field, no two of one field on one day: what the day alone decides. */
const day = fc.integer({ min: 0, max: 364 }).map((n) => businessDay(new Date(Date.UTC(2025, 0, 1 + n)).toISOString()))
const change = fc
  .record({ day, field: fc.constantFrom('name', 'address', 'permit', 'rated', 'covers'), value: fc.nat(99) })
  .map(({ day: effectiveFrom, field, value }): UnitEvent => {
    const occurredAt = at('2026-01-01')
    if (field === 'covers')
      return { type: 'LicenceChanged', occurredAt, data: { number: 'JS1', covers: [`HW${value}`], effectiveFrom } }
    if (field === 'permit' || field === 'rated')
      return {
        type: 'VehicleChanged',
        occurredAt,
        data: { plate: '苏E12345', [field]: field === 'permit' ? `P${value}` : value, effectiveFrom },
      }
    return changed(effectiveFrom, { [field]: `${value}` })
  })
const keyOf = ({ type, data }: UnitEvent): string => {
  const { effectiveFrom, ...fields } = data as { readonly effectiveFrom: string }
  return [type, effectiveFrom, ...Object.keys(fields)].join('|')
}
const changes = fc.uniqueArray(change, { selector: keyOf, maxLength: 40 })
const dayOf = ({ data }: UnitEvent): string => ('effectiveFrom' in data ? (data.effectiveFrom ?? '') : '')

/** What it must be, by the plainest means: the changes up to the day, one upon the other by day. */
function expected(
  events: readonly UnitEvent[],
  on: string,
): Pick<Unit, 'name' | 'address'> & { permit: unknown; rated: unknown; covers: unknown } {
  const known: Record<string, unknown> = {
    name: '甲',
    address: '一号',
    permit: 'P0',
    rated: undefined,
    covers: ['HW06'],
  }
  for (const event of events.filter((one) => dayOf(one) <= on).toSorted((a, b) => dayOf(a).localeCompare(dayOf(b))))
    Object.assign(known, event.data)
  const { name, address, permit, rated, covers } = known as ReturnType<typeof expected>
  return { name, address, permit, rated, covers }
}

test('1,000 random histories: as of any day it is what the changes up to that day make of it, in whatever order they were recorded', () => {
  const base = [registered, vehicle, granted]
  const recorded = changes.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  )
  fc.assert(
    fc.property(recorded, day, ([all, shuffled], on) => {
      const unit = unitOn(fold([...base, ...shuffled]), on)
      const of = unit.vehicles['苏E12345']
      const seen = {
        name: unit.name,
        address: unit.address,
        permit: of?.permit,
        rated: of?.rated,
        covers: unit.licences['JS1']?.covers,
      }
      expect(seen).toEqual(expected(all, on))
      // A fresh fold of the changes up to that day, in the order of days, is the same unit.
      const upTo = all.filter((one) => dayOf(one) <= on).toSorted((a, b) => dayOf(a).localeCompare(dayOf(b)))
      expect(unit).toEqual(unitOn(fold([...base, ...upTo]), on))
    }),
    { numRuns: 1_000 },
  )
})

test('a unit of a day is made once, however often it is asked for', () => {
  const history = fold([registered, changed('2025-06-01', { name: '乙' })])
  expect(unitOn(history, '2025-06-02')).toBe(unitOn(history, '2025-12-31'))
  expect(unitOn(history, '2025-05-31')).not.toBe(unitOn(history, '2025-06-01'))
})
