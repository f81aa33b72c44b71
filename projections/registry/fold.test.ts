import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { UnitEvent } from '../../schemas/unit/events.ts'
import { evolveUnit, noHistory, unitOn } from '../../schemas/unit/state.ts'
import { businessDay } from '../../schemas/values/time.ts'
import type { Cell, Changes, Past, Rows, Table } from '../projection.ts'
import { openRegistry } from './fold.ts'

const CODE = '913205942CL12TH3BX'
const occurredAt = '2026-01-01T09:00:00+08:00'
const base: readonly UnitEvent[] = [
  {
    type: 'UnitRegistered',
    occurredAt,
    data: { unit: CODE, name: '甲', roles: ['carrier'], inside: true },
  },
  {
    type: 'VehicleRegistered',
    occurredAt,
    data: { plate: '苏E12345', permit: 'P0', validTo: '2026-12-31', dangerousGoods: true },
  },
]
const day = fc.integer({ min: 0, max: 364 }).map((n) => businessDay(new Date(Date.UTC(2025, 0, 1 + n)).toISOString()))
const change = fc
  .record({ day, kind: fc.constantFrom('name', 'permit', 'gone', 'back'), value: fc.nat(9) })
  .map(({ day: effectiveFrom, kind, value }): UnitEvent => {
    const plate = '苏E12345'
    switch (kind) {
      case 'name':
        return { type: 'UnitChanged', occurredAt, data: { name: `名${value}`, effectiveFrom } }
      case 'permit':
        return { type: 'VehicleChanged', occurredAt, data: { plate, permit: `P${value}`, effectiveFrom } }
      case 'gone':
        return { type: 'VehicleDeregistered', occurredAt, data: { plate, effectiveFrom, reason: `${value}` } }
      case 'back':
        return {
          type: 'VehicleRegistered',
          occurredAt,
          data: { plate, permit: `N${value}`, validTo: '2027-12-31', dangerousGoods: true, effectiveFrom },
        }
    }
  })

const recorded = (events: readonly UnitEvent[]): readonly RecordedEvent[] =>
  events.map((event, i) => ({
    ...event,
    id: `${i}`,
    stream: `unit-${CODE}`,
    position: i + 1,
    revision: i + 1,
    schemaVersion: 1,
    recordedAt: occurredAt,
    hash: '',
    metadata: {},
  })) as unknown as readonly RecordedEvent[]

/** Tables as maps: what a page changes, and rows read back as the store gives them. */
function memory() {
  const tables = new Map<string, Map<string, readonly Cell[]>>()
  const rowsOf = (table: Table) => {
    const known = tables.get(table.name) ?? new Map<string, readonly Cell[]>()
    tables.set(table.name, known)
    return known
  }
  const rows: Rows = {
    byKey: (table, keys) => Promise.resolve([...rowsOf(table).values()].filter(([key = null]) => keys.includes(key))),
  }
  const write = (changes: readonly Changes[]) => {
    for (const { table, upserts } of changes)
      for (const row of upserts) rowsOf(table).set(row.slice(0, table.key.length).join('|'), row)
  }
  return { rows, write, of: (name: string) => [...(tables.get(name)?.values() ?? [])] }
}

/** Master data are folded from their own rows alone. */
const NO_PAST: Past = { of: () => Promise.reject(new Error('the past is not needed')) }

async function folded(pages: readonly (readonly RecordedEvent[])[], restartEvery = Number.POSITIVE_INFINITY) {
  const store = memory()
  let folding = openRegistry()
  for (const [i, page] of pages.entries()) {
    if (i % restartEvery === 0) folding = openRegistry()
    store.write(await folding.fold(page, store.rows, NO_PAST))
  }
  return store
}

test('random histories: the rows are the same in pages of any size, after restarts, and where pages come twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), async (changes, size) => {
      const events = recorded([...base, ...changes])
      const pages: (readonly RecordedEvent[])[] = []
      for (let from = 0; from < events.length; from += size) pages.push(events.slice(from, from + size))
      const whole = await folded([events])
      for (const other of [await folded(pages), await folded(pages, 1), await folded([...pages, ...pages], 2)])
        for (const table of ['unit', 'vehicle']) expect(other.of(table)).toEqual(whole.of(table))
    }),
    { numRuns: 40 },
  )
})

test('random histories: the version that holds on a day is what deciders are given for that day', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), day, async (changes, on) => {
      const events = [...base, ...changes]
      const unit = unitOn(events.reduce(evolveUnit, noHistory), on)
      const store = await folded([recorded(events)])
      const holding = (table: string, since: number, until: number) =>
        store
          .of(table)
          .filter(
            (row) => (row[1] === 0 || String(row[since]) <= on) && (row[until] === null || String(row[until]) >= on),
          )
      // thing, nth, unit, then the content, then since, until and why it ended.
      const units = holding('unit', 10, 11)
      expect(units.map((row) => row[4])).toEqual([unit.name])
      const vehicles = holding('vehicle', 8, 9)
      expect(vehicles).toHaveLength(1)
      const [vehicle = []] = vehicles
      const known = unit.vehicles['苏E12345']
      expect(vehicle[10] === null ? vehicle[4] : undefined).toEqual(known?.permit)
    }),
    { numRuns: 200 },
  )
})
