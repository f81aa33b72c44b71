import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventStore, RecordedEvent } from '../../../infra/event-store/port.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import { minus, plus, type Total } from '../../../schemas/values/total.ts'
import { STAGES, WASTE_STREAMS } from '../../../schemas/values/waste.ts'
import { freshDatabase } from '../../../test/support/database.ts'
import { pastOf } from '../../../test/support/past.ts'
import { journalWith } from '../projection.ts'
import { wildHistory } from '../random-history.ts'
import { applyChanges, rowsIn } from '../../runner/statements.ts'
import { prepareTables } from '../../runner/prepare.ts'
import { inTransaction } from '../../runner/transaction.ts'
import { kindNamed, streamNamed } from '../kinds.ts'
import { countCellPostings, readCellPostings } from './cell-postings.ts'
import { readCustody } from './custody.ts'
import { readFlows, type Flow } from './flows.ts'
import { readLedger } from './ledger.ts'
import { readMassBalance } from './mass-balance.ts'
import { knownAt, type Reading } from './reading.ts'
import { countRateEvents, readRateEvents, readRecyclingRate } from './recycling-rate.ts'
import { readStock } from './stock.ts'

// Blocks of 4, 16 and 64 entries, so that a short history fills blocks of every level.
const LEVELS = [2, 4, 6]
const projection = journalWith(LEVELS)
const [history = []] = fc.sample(wildHistory(160), { numRuns: 40, seed: 11 }).filter((one) => one.length > 120)
const PERIODS = [
  { from: '2025-11-10', to: '2025-12-05' },
  { from: '2025-12-01', to: '2025-12-31' },
  { from: '2024-12-01', to: '2026-03-31' },
]
const UNIT = '913205942CL12TH3BX'
const SCOPES = [
  {},
  { insideParkOnly: true },
  { unit: UNIT },
  { site: 'TS001' },
  { wasteCode: '900-404-06' },
  { unit: UNIT, insideParkOnly: true },
]

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
const pools: pg.Pool[] = []

/** Folds a history into a schema of its own and answers how to ask it. */
async function foldedInto(schema: string, events: readonly RecordedEvent[]): Promise<Reading> {
  await prepareTables(pool, schema, [projection], { epoch: async () => 'one' } as EventStore)
  const folding = projection.open()
  for (let at = 0; at < events.length; at += 13) {
    await inTransaction(pool, async (client) =>
      applyChanges(
        client,
        schema,
        await folding.fold(events.slice(at, at + 13), rowsIn(client, schema), pastOf(events)),
      ),
    )
  }
  await pool.query(`update ${schema}.checkpoint set position = $1`, [events.length])
  const database_ = openPool({ connectionString: database.url, options: `-c search_path=${schema}`, max: 2 })
  pools.push(database_)
  return { database: database_, levels: LEVELS, positionAt: async () => 0 }
}

let whole: Reading
beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url })
  whole = await foldedInto('whole', history)
})
afterAll(async () => {
  await Promise.all(pools.map((one) => one.end()))
  await pool.end()
  await database.drop()
})

describe('as known at an earlier position', () => {
  test.each([1, 17, 59, 101, history.length])(
    'at position %i everything reads as if nothing had come after it',
    async (position) => {
      const then = await foldedInto(`prefix_${position}`, history.slice(0, position))
      const asOf = { position }
      for (const period of PERIODS) {
        for (const scope of SCOPES) {
          expect(await readLedger(whole, { ...period, scope, asOf })).toEqual(
            await readLedger(then, { ...period, scope }),
          )
          expect(await readMassBalance(whole, { ...period, scope, stream: 'hazardous', asOf })).toEqual(
            await readMassBalance(then, { ...period, scope, stream: 'hazardous' }),
          )
          expect(await readRecyclingRate(whole, { ...period, scope, stream: 'hazardous', asOf })).toEqual(
            await readRecyclingRate(then, { ...period, scope, stream: 'hazardous' }),
          )
        }
      }
      for (const scope of SCOPES)
        expect(await readStock(whole, { scope, asOf })).toEqual(await readStock(then, { scope }))
      for (const lot of ['L0', 'L3'])
        expect(await readCustody(whole, { lots: [lot], asOf })).toEqual(await readCustody(then, { lots: [lot] }))
    },
    30_000,
  )
})

interface EntrySum {
  readonly business_day: string
  readonly stream: number
  readonly from_kind: number
  readonly to_kind: number
  readonly method: string
  readonly prior: boolean
  readonly derived: boolean
  readonly grams: number
  readonly entry_no: number
}

test('out of the cube comes what the entries sum to, whatever days a period begins and ends on, as known at any entry', async () => {
  const { rows: entries } = await pool.query<EntrySum>(`
    select business_day::text, stream, from_kind, to_kind, method, extract(year from origin_day) < extract(year from business_day) as prior, derived,
      grams::float8, entry_no::float8
    from whole.journal_entry order by entry_no`)
  const keyOf = ({ opening, stream, from, to, method, prior, derived }: Omit<Flow, 'grams' | 'entries'>) =>
    [opening, stream, from, to, method, prior, derived].join()
  const dayAt = (n: number) => new Date(Date.UTC(2025, 9, 20 + n)).toISOString().slice(0, 10)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(120),
      fc.nat(120),
      fc.nat(entries.length),
      fc.boolean(),
      async (start, days, entryNo, periodOnly) => {
        const [from, to] = [dayAt(start), dayAt(start + days)]
        const sums = new Map<string, [number, number]>()
        for (const { business_day, stream, from_kind, to_kind, grams, entry_no, ...detail } of entries) {
          if (entry_no > entryNo || business_day > to || (periodOnly && business_day < from)) continue
          const sides = { from: kindNamed(from_kind), to: kindNamed(to_kind), fromCounts: true, toCounts: true }
          const key = keyOf({ opening: business_day < from, stream: streamNamed(stream), ...sides, ...detail })
          const [mass, count] = sums.get(key) ?? [0, 0]
          sums.set(key, [mass + grams, count + 1])
        }
        const flows = await readFlows(whole, {
          from,
          to,
          known: { position: 0, entryNo },
          scope: {},
          periodOnly,
          detailed: true,
        })
        expect(new Map(flows.map((flow) => [keyOf(flow), [flow.grams, flow.entries]]))).toEqual(sums)
      },
    ),
    { numRuns: 200 },
  )
}, 60_000)

describe('a ledger', () => {
  test.each(SCOPES)(
    'of %j closes in every cell, ends below zero in none, and its postings sum to it',
    async (scope) => {
      for (const period of PERIODS) {
        const { cells, trialBalance } = await readLedger(whole, { ...period, scope })
        expect(trialBalance).toBe(0)
        expect(cells).toHaveLength(25)
        for (const cell of cells) {
          expect(plus(minus(plus(cell.opening, cell.in), cell.out), cell.adjusted)).toBe(cell.closing)
          // Chance has no order of days, so only when all of them have passed must nothing be missing.
          if (period === PERIODS.at(-1)) expect(cell.closing, JSON.stringify(cell)).toBeGreaterThanOrEqual(0)
        }
      }
      const [period = PERIODS[0]] = PERIODS
      const known = await knownAt(whole)
      for (const stage of STAGES) {
        const question = { ...(period ?? { from: '', to: '' }), stage, stream: WASTE_STREAMS[1], known, scope }
        const postings = []
        for (let after: { businessDay: string; entryNo: number } | undefined; ; ) {
          const page = await readCellPostings(whole, { ...question, first: 7, ...(after ? { after } : {}) })
          postings.push(...page)
          const last = page.at(-1)
          if (!last) break
          after = { businessDay: last.businessDay, entryNo: last.entryNo }
        }
        expect(postings.length).toBe(await countCellPostings(whole, question))
        const cell = (await readLedger(whole, { ...(period ?? { from: '', to: '' }), scope })).cells.find(
          (one) => one.stage === stage && one.stream === 'hazardous',
        )
        const moved = plus(cell?.in ?? 0, cell?.out ?? 0)
        const ordinary = postings.filter(({ from, to }) => from.kind !== 'variance' && to.kind !== 'variance')
        expect(ordinary.reduce((sum, { grams }) => sum + grams, 0)).toBe(moved)
      }
    },
    30_000,
  )

  test('a reader sees what concerns their units, and no more than the whole', async () => {
    const [period = { from: '', to: '' }] = PERIODS.slice(2)
    const all = await readLedger(whole, period)
    const seen = await readLedger(whole, { ...period, visible: { units: [UNIT] } })
    expect(seen.cells.some(({ in: came }) => came > 0)).toBe(true)
    for (const [i, cell] of seen.cells.entries())
      expect(cell.in).toBeLessThanOrEqual(plus(all.cells[i]?.in ?? 0, all.cells[i]?.out ?? 0))
    const streams = await readLedger(whole, { ...period, visible: { streams: ['industrial'] } })
    expect(streams.cells.filter(({ stream, in: came }) => stream !== 'industrial' && came > 0)).toEqual([])
  })
})

test('the events behind a rate sum to its numerator and denominator, page by page', async () => {
  const [, , period = { from: '', to: '' }] = PERIODS
  for (const scope of SCOPES) {
    const rate = await readRecyclingRate(whole, { ...period, scope, stream: 'hazardous' })
    const question = { ...period, scope, stream: 'hazardous' as const, known: await knownAt(whole) }
    const events = []
    for (let after = 0; ; ) {
      const page = await readRateEvents(whole, { ...question, after, first: 5 })
      events.push(...page)
      const last = page.at(-1)
      if (!last) break
      after = last.position
    }
    expect(events.length).toBe(await countRateEvents(whole, question))
    expect(events.reduce<Total>((sum, { numerator }) => plus(sum, numerator), 0)).toBe(rate.numerator)
    expect(events.reduce<Total>((sum, { denominator }) => plus(sum, denominator), 0)).toBe(rate.denominator)
  }
})

test('the custody of every lot of a wild history balances, in every direction and depth', async () => {
  for (const lot of ['L0', 'L1', 'L2', 'L3', 'L4']) {
    for (const direction of ['upstream', 'downstream', 'both'] as const) {
      for (const depth of [0, 1, 10])
        expect(await readCustody(whole, { lots: [lot], direction, depth })).toMatchObject({
          balanced: true,
          truncated: false,
        })
    }
  }
  expect(await readCustody(whole, { lots: ['L0'], maxEdges: 9 })).toMatchObject({ balanced: true, truncated: true })
})
