import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell, Table } from '../projection.ts'
import { openMemoryTables } from './memory-tables.ts'
import { openSpillFile } from './spill-file.ts'

describe('a spill file', () => {
  test('reads back every value, from the buffer, across its end and where one is larger than the buffer', () => {
    const file = openSpillFile()
    const values: unknown[] = [
      ['lot', null, true, 1.5, 2n ** 70n, '危险废物'],
      'x'.repeat(3_000_000),
      ...Array.from({ length: 20_000 }, (_, i) => [`lot-${i}`, 'y'.repeat(i % 700)]),
    ]
    const places = values.map((value) => file.write(value))
    for (const i of [0, 1, 2, 7_000, values.length - 1]) expect(file.read(places[i] ?? 0)).toEqual(values[i])
    expect(places.map((place) => file.read(place))).toEqual(values)
    file.close()
  })
})

const table: Table = { name: 't', columns: { a: 'text', b: 'text', c: 'text' }, key: ['a', 'b'] }
const key = fc.tuple(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom('x', 'y'))
const step = fc.record({ remove: fc.boolean(), key, value: fc.string() })

test('tables that keep one key in memory hold the same rows as those that keep all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const sides = [openMemoryTables(), openMemoryTables({ keptInMemory: 1 })]
      for (const { remove, key, value } of steps)
        for (const side of sides) {
          const upserts: Cell[][] = remove ? [] : [[...key, value]]
          side.apply([{ table, inserts: [], upserts, deletes: remove ? [key] : [] }])
        }
      const [all, few] = sides
      expect(few?.all(table)).toEqual(all?.all(table))
      const keys = ['1', '2', '3', '4', '5']
      const rows = await Promise.all(sides.map((side) => side.rows.byKey(table, keys)))
      expect(rows[1]?.toSorted()).toEqual(rows[0]?.toSorted())
      for (const side of sides) side.close()
    }),
  )
})
