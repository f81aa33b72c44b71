import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { Cell, Table } from '../projection.ts'
import { pastOf } from '../../test/support/past.ts'
import { openMemoryTables, type MemoryTables } from '../runner/memory-tables.ts'
import { KIND_CODES, stageOf, kindNamed } from './kinds.ts'
import { journalWith } from './projection.ts'
import { wildHistory } from './random-history.ts'
import { balanceTable, dayTable, entryTable, shortageTable } from './tables.ts'

const LEVELS = [2, 4, 6]
const projection = journalWith(LEVELS)

/** Folds a history into memory, or keeps only so many rows of each table there; a new folding after each of `splits` is a crash. */
async function folded(
  history: readonly RecordedEvent[],
  pageSize: number,
  splits: readonly number[] = [],
  keptInMemory = Infinity,
): Promise<MemoryTables> {
  const tables = openMemoryTables({ keptInMemory })
  const past = pastOf(history)
  let folding = projection.open()
  let at = 0
  while (at < history.length) {
    const next = Math.min(at + pageSize, ...splits.filter((split) => split > at), history.length)
    tables.apply(await folding.fold(history.slice(at, next), tables.rows, past))
    if (splits.includes(next)) folding = projection.open()
    at = next
  }
  return tables
}

const columnsOf = (table: Table) => {
  const names = Object.keys(table.columns)
  return (row: readonly Cell[], name: string): Cell => row[names.indexOf(name)] ?? null
}
const entry = columnsOf(entryTable)
const entriesOf = (tables: MemoryTables) => tables.all(entryTable).toSorted((a, b) => Number(a[0]) - Number(b[0]))
const account = (row: readonly Cell[], side: 'from' | 'to') => {
  const kind = kindNamed(Number(entry(row, `${side}_kind`)))
  return {
    kind,
    key: `${entry(row, `lot_${side}`)}@${kind}|${entry(row, `${side}_holder`) ?? ''}|${entry(row, `${side}_place`) ?? ''}|${entry(row, `${side}_document`) ?? ''}`,
  }
}

describe('the journal stands any history', () => {
  test('no account is ever below zero, every treatment closes, and the stock is what the entries sum to', async () => {
    await fc.assert(
      fc.asyncProperty(wildHistory(80), async (history) => {
        const tables = await folded(history, 1_000)
        const below: string[] = []
        const held = new Map<string, number>()
        const byName = new Map<string, number>()
        for (const row of entriesOf(tables)) {
          const grams = Number(entry(row, 'grams'))
          if (grams <= 0) below.push(`entry ${entry(row, 'entry_no')}`)
          for (const [side, signed] of [
            ['from', -grams],
            ['to', grams],
          ] as const) {
            const { kind, key } = account(row, side)
            if (!stageOf(kind) && kind !== 'process') continue
            // Under one name too: what was classified anew left its old name.
            const name = `${key}/${entry(row, 'stream')}/${entry(row, 'code')}`
            held.set(key, (held.get(key) ?? 0) + signed)
            if (kind !== 'process') byName.set(name, (byName.get(name) ?? 0) + signed)
            if ((held.get(key) ?? 0) < 0) below.push(key)
            if ((byName.get(name) ?? 0) < 0) below.push(name)
          }
        }
        expect(below).toEqual([])
        const stock = new Map(tables.all(balanceTable).map((row) => [`${row[0]}@${row[1]}`, Number(row[8])]))
        expect(new Map([...held].filter(([, grams]) => grams !== 0).toSorted())).toEqual(new Map([...stock].toSorted()))
        expect([...stock.keys()].filter((key) => key.includes('@process'))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('any page size, any crash between pages and rows that left memory give the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        wildHistory(60),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
        fc.constantFrom(1, 5, Infinity),
        async (history, pageSize, splits, keptInMemory) => {
          const whole = await folded(history, 1_000)
          const paged = await folded(history, pageSize, splits, keptInMemory)
          for (const table of projection.tables) expect(paged.all(table), table.name).toEqual(whole.all(table))
          paged.close()
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a block of the cube holds the sums of its entries, at every level', async () => {
    await fc.assert(
      fc.asyncProperty(wildHistory(80), async (history) => {
        const tables = await folded(history, 7)
        const entries = entriesOf(tables)
        for (const row of tables.all(dayTable)) {
          const [block, day, stream, from, to, method, inside, prior, derived, grams] = row
          const [level, index] = [Math.floor(Number(block) / 2 ** 40), Number(block) % 2 ** 40]
          const size = 2 ** (LEVELS[level] ?? 0)
          const sum = entries.slice(index * size, (index + 1) * size).reduce((total, one) => {
            const alike =
              entry(one, 'business_day') === day &&
              entry(one, 'stream') === stream &&
              entry(one, 'from_kind') === from &&
              entry(one, 'to_kind') === to &&
              entry(one, 'method') === method &&
              entry(one, 'inside') === inside &&
              entry(one, 'derived') === derived &&
              String(entry(one, 'origin_day')).slice(0, 4) < String(entry(one, 'business_day')).slice(0, 4) === prior
            return alike ? total + Number(entry(one, 'grams')) : total
          }, 0)
          expect(grams).toBe(sum)
        }
      }),
      { numRuns: 20 },
    )
  })
})

test('what a move finds missing is named', async () => {
  const history = fc.sample(wildHistory(200), { numRuns: 30, seed: 7 }).find((one) => one.length > 50)
  const tables = await folded(history ?? [], 10)
  expect(tables.all(shortageTable).length).toBeGreaterThan(0)
  expect(tables.all(entryTable).some((row) => entry(row, 'from_kind') === KIND_CODES.variance)).toBe(true)
})
