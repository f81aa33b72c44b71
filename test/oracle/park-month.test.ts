import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { journal } from '../../projections/journal/projection.ts'
import { readCustody } from '../../projections/journal/queries/custody.ts'
import { readLedger } from '../../projections/journal/queries/ledger.ts'
import { readMassBalance } from '../../projections/journal/queries/mass-balance.ts'
import type { Reading } from '../../projections/journal/queries/reading.ts'
import { readRecyclingRate } from '../../projections/journal/queries/recycling-rate.ts'
import { openRunner, type Runner } from '../../projections/runner/runner.ts'
import { minus, type Total } from '../../schemas/values/total.ts'
import { WASTE_STREAMS, type WasteStream } from '../../schemas/values/waste.ts'
import { freshDatabase } from '../support/database.ts'
import { eventsOfBooks, parkMonthFolder } from './park-month.ts'

type Cells = Record<string, Record<string, Record<'opening' | 'in' | 'out' | 'adjusted' | 'closing', number>>>
interface Expected {
  readonly period: { readonly from: string; readonly to: string }
  readonly cells_g: Cells
  readonly totals_g: Record<string, Record<string, number>>
  readonly by_method_g: Record<string, Record<string, number>>
  readonly rates: Record<
    string,
    { readonly numerator_g: number; readonly denominator_g: number; readonly percent: number }
  >
}

const folder = parkMonthFolder()
if (!folder) console.log('skipped: the books of park-month are not beside this project')

describe.skipIf(!folder)('the journal against the totals of a month of books', () => {
  const expected: Expected = folder
    ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
    : { period: { from: '', to: '' }, cells_g: {}, totals_g: {}, by_method_g: {}, rates: {} }
  const { period } = expected
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let runner: Runner
  let pool: pg.Pool
  let reading: Reading

  beforeAll(async () => {
    const store = openMemoryStore()
    for (const { stream, event } of eventsOfBooks(folder ?? '')) {
      const commandId = randomUUID()
      await store.append({
        stream,
        expected: 'any',
        commandId,
        events: [
          {
            ...event,
            schemaVersion: 1,
            metadata: { commandId, actor: { subject: 'books', roles: ['admin'] }, provenance: 'book' },
          },
        ],
      })
    }
    database = await freshDatabase()
    runner = await openRunner({ store, databaseUrl: database.url, projections: [journal] })
    if (!(await runner.waitFor(await store.head(), 30_000)))
      throw new Error(`the journal did not come: ${JSON.stringify(await runner.parked())}`)
    pool = openPool({ connectionString: database.url, options: '-c search_path=rm' })
    reading = { database: pool, positionAt: store.positionAt }
  }, 60_000)
  afterAll(async () => {
    await pool?.end()
    await runner?.stop()
    await database?.drop()
  })

  test('nothing was parked and nothing found short', async () => {
    expect(await runner.parked()).toEqual([])
    const { rows } = await pool.query('select * from journal_shortage')
    expect(rows).toEqual([])
  })

  test('all 25 cells are right to the gram and the trial balance is zero', async () => {
    const { cells, trialBalance } = await readLedger(reading, period)
    const found: Record<string, Record<string, object>> = {}
    for (const { stage, stream, ...figures } of cells) (found[stream] ??= {})[stage] = figures
    expect(found).toEqual(expected.cells_g)
    expect(trialBalance).toBe(0)
  })

  test.each(WASTE_STREAMS)('every total of %s is right to the gram', async (stream: WasteStream) => {
    const balance = await readMassBalance(reading, { ...period, stream })
    const inside = await readMassBalance(reading, { ...period, stream, scope: { insideParkOnly: true } })
    const found: Record<string, Total> = {
      opening_stock: balance.openingStock,
      generated: balance.generated,
      residue_generated: balance.residueGenerated,
      stored_in: balance.storedIn,
      shipped: balance.shipped,
      storage_out: balance.shipped,
      accepted: balance.accepted,
      refused: balance.refused,
      variance: balance.variance,
      treated: balance.treated,
      product: balance.product,
      residue: balance.residue,
      loss: balance.loss,
      landfilled: balance.landfilled,
      recovered: balance.recovered,
      recovered_prior_year: balance.recoveredPriorYear,
      disposed: balance.disposed,
      producer_stock_end: balance.producerStockEnd,
      facility_stock_end: balance.facilityStockEnd,
      residue_stock_end: balance.residueStockEnd,
      generated_inside: inside.generated,
      recovered_inside: inside.recovered,
      recovered_inside_prior_year: inside.recoveredPriorYear,
      recovered_outside: minus(balance.recovered, inside.recovered),
    }
    const totals = expected.totals_g[stream] ?? {}
    expect(Object.fromEntries(Object.keys(totals).map((word) => [word, found[word]]))).toEqual(totals)
    expect(Object.fromEntries(balance.byMethod.map(({ method, grams }) => [method, grams]))).toEqual(
      expected.by_method_g[stream],
    )
    expect(balance.balanced).toBe(true)
  })

  test.each(WASTE_STREAMS)(
    'the rate of %s, of all books and of the park, is right to two decimals',
    async (stream: WasteStream) => {
      for (const insideParkOnly of [false, true]) {
        const rate = await readRecyclingRate(reading, { ...period, stream, scope: { insideParkOnly } })
        const wanted = expected.rates[insideParkOnly ? `${stream}_park` : stream]
        expect({ numerator_g: rate.numerator, denominator_g: rate.denominator, percent: Number(rate.percent) }).toEqual(
          {
            numerator_g: wanted?.numerator_g,
            denominator_g: wanted?.denominator_g,
            percent: wanted?.percent,
          },
        )
      }
    },
  )

  test('the custody of every lot balances, to the stock', async () => {
    const { rows } = await pool.query<{ lot: string }>('select lot from journal_lot order by lot')
    for (const { lot } of rows.filter((_, i) => i % 25 === 0)) {
      const graph = await readCustody(reading, { lots: [lot] })
      expect(graph, lot).toMatchObject({ balanced: true, truncated: false })
      expect(graph.edges.length).toBeGreaterThan(0)
    }
  })
})
