import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPool } from '../../infra/postgres/sessions.ts'
import { journal } from '../../projections/journal/projection.ts'
import { readLedger } from '../../projections/journal/queries/ledger.ts'
import { readMassBalance } from '../../projections/journal/queries/mass-balance.ts'
import { readRecyclingRate } from '../../projections/journal/queries/recycling-rate.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { freshDatabase } from '../support/database.ts'
import { testRuntime } from '../support/runtime.ts'
import { totalsOf } from './arithmetic.ts'
import { readTables } from './tables.ts'

// Each in a year of its own: a list that was in force then, a leap day, the turn of a year on both sides, a short and a long month.
type Month = readonly [from: string, days: number, seed: number]
const MONTHS: readonly Month[] = [
  ['2024-02-01', 29, 1],
  ['2025-01-01', 31, 2],
  ['2025-12-01', 31, 3],
  ['2026-02-20', 9, 4],
  ['2026-10-31', 1, 5],
]

/** `BUNDLE_SEEDS=200`: so many others instead, for a long run. */
const others = (count: number): readonly Month[] =>
  Array.from({ length: count }, (_, seed) => {
    const [year, month, day] = [2024 + (seed % 3), String((seed % 10) + 1).padStart(2, '0'), (seed % 7) + 1]
    return [`${year}-${month}-0${day}`, 3 + (seed % 20), seed + 100]
  })
const asked = process.env['BUNDLE_SEEDS']

test.each([...(asked === undefined ? MONTHS : others(Number(asked)))])(
  'the books of a park from %s, %i days, seed %i: all taken, every cell, total and rate right to the gram',
  { timeout: 120_000 },
  async (from, days, seed) => {
    const folder = await mkdtemp(join(tmpdir(), 'wufei-months-'))
    const database = await freshDatabase()
    const runtime = testRuntime({ now: '2026-11-22T00:00:00.000Z' })
    const expected = await writeBundle(folder, { seed, units: 2 + (seed % 5), from, days })
    const result = await importFolder(folder, { runtime })
    expect(result.problems.filter(({ rule }) => rule !== 'R106')).toEqual([])
    expect(result).toMatchObject({ accepted: result.rows, refused: 0, held: 0 })

    const runner = await openRunner({ store: runtime.store, databaseUrl: database.url, projections: [journal] })
    const pool = openPool({ connectionString: database.url, options: '-c search_path=rm' })
    try {
      expect(await runner.waitFor(await runtime.store.head(), 60_000)).toBe(true)
      const reading = { database: pool, positionAt: runtime.store.positionAt }
      const { cells, trialBalance } = await readLedger(reading, expected.period)
      expect(trialBalance).toBe(0)
      const found: Record<string, Record<string, object>> = {}
      for (const { stage, stream, ...figures } of cells) (found[stream] ??= {})[stage] = figures
      expect(found).toEqual(expected.cells_g)
      const added = totalsOf(await readTables(folder), () => true)
      for (const stream of WASTE_STREAMS) {
        const balance = await readMassBalance(reading, { ...expected.period, stream })
        expect(
          Object.fromEntries(
            Object.keys(added[stream]).map((measure) => [measure, balance[measure as keyof typeof balance]]),
          ),
          stream,
        ).toEqual(added[stream])
        expect(Object.fromEntries(balance.byMethod.map(({ method, grams }) => [method, grams])), stream).toEqual(
          expected.by_method_g[stream] ?? {},
        )
        expect(balance).toMatchObject({
          balanced: true,
          producerStockEnd: expected.totals_g[stream].producer_stock_end,
          facilityStockEnd: expected.totals_g[stream].facility_stock_end,
          residueStockEnd: expected.totals_g[stream].residue_stock_end,
        })
        for (const insideParkOnly of [false, true]) {
          const { numerator, denominator, percent } = await readRecyclingRate(reading, {
            ...expected.period,
            stream,
            scope: { insideParkOnly },
          })
          const wanted = expected.rates[insideParkOnly ? `${stream}_park` : stream]
          expect(
            { numerator_g: numerator, denominator_g: denominator, percent: percent === null ? null : Number(percent) },
            stream,
          ).toEqual(wanted)
        }
      }
    } finally {
      await pool.end()
      await runner.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    }
  },
)
