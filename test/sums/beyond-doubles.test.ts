import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { NewEvent } from '../../infra/event-store/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { journalWith } from '../../projections/journal/projection.ts'
import { readCustody } from '../../projections/journal/queries/custody.ts'
import { readLedger } from '../../projections/journal/queries/ledger.ts'
import { readMassBalance } from '../../projections/journal/queries/mass-balance.ts'
import type { Reading } from '../../projections/journal/queries/reading.ts'
import { readRecyclingRate } from '../../projections/journal/queries/recycling-rate.ts'
import { readStock } from '../../projections/journal/queries/stock.ts'
import { lotsProjection } from '../../projections/lots/projection.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { recoveryMethods } from '../../schemas/catalogues/methods.ts'
import { poolId } from '../../schemas/values/identifiers.ts'
import { freshDatabase } from '../support/database.ts'

const UNIT = '913205942CL12TH3BX'
const CODE = '900-003-S17'
const waste = { stream: 'industrial', code: CODE } as const
const line = { at: 'generation', holder: UNIT, place: 'MF0001' } as const
const received = { at: 'disposal', holder: UNIT, place: 'TS001' } as const
const [RECOVERY = ''] = recoveryMethods()
const period = { from: '2025-12-01', to: '2025-12-31' }
// Blocks of a few entries, so that sums of blocks are read, too.
const LEVELS = [3, 5, 7]

const event = (type: string, data: object, occurredAt = '2025-12-04T09:00:00+08:00'): NewEvent => ({
  type,
  occurredAt,
  data,
  schemaVersion: 1,
  metadata: { commandId: randomUUID(), actor: { subject: 's', roles: [] }, provenance: 'book' },
})
const generated = (grams: number, pool = true): NewEvent =>
  event('LotGenerated', { waste, origin: { unit: UNIT, inside: true }, to: line, grams, pool, name: '废塑料' })
const moved = (grams: number): NewEvent =>
  event('LotReturned', { waste, from: line, to: received, grams, manifest: randomUUID(), line: 1 })
const treated = (grams: number): NewEvent =>
  event('LotTreated', {
    waste,
    from: received,
    grams,
    manifest: randomUUID(),
    line: 1,
    treatment: 'T',
    method: RECOVERY,
    product: grams,
    loss: 0,
    landfilled: 0,
    residues: [],
  })

/** Folds these events by the runner into tables of PostgreSQL and reads from there. */
async function withFigures(
  streams: Readonly<Record<string, readonly NewEvent[]>>,
  read: (reading: Reading, lots: (id: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const store = openMemoryStore({ now: () => '2026-01-05T00:00:00.000Z' })
  for (const [stream, events] of Object.entries(streams)) {
    for (let at = 0; at < events.length; at += 500)
      await store.append({ stream, expected: at, commandId: randomUUID(), events: events.slice(at, at + 500) })
  }
  const database = await freshDatabase()
  const runner = await openRunner({
    store,
    databaseUrl: database.url,
    projections: [journalWith(LEVELS), lotsProjection],
  })
  const pool = openPool({ connectionString: database.url, options: '-c search_path=rm' })
  try {
    expect(await runner.waitFor(await store.head(), 60_000)).toBe(true)
    expect(await runner.parked()).toEqual([])
    await read({ database: pool, levels: LEVELS, positionAt: store.positionAt }, async (id) => {
      const { rows } = await pool.query<{ grams: string }>('select grams::text from lot where id = $1', [id])
      return rows[0]?.grams ?? ''
    })
  } finally {
    await pool.end()
    await runner.stop()
    await database.drop()
  }
}

describe('sums beyond 2^53 are right to the gram', () => {
  // 2^53 - 1 and odd neighbours: sums of doubles would come out even.
  const MAX = Number.MAX_SAFE_INTEGER
  const masses = [MAX, 1, 1, MAX - 2, 3, 50_000_000_001]
  const sum = masses.reduce((total, grams) => total + BigInt(grams), 0n)
  const pool = poolId(UNIT, CODE)

  test('of one pool that a log from before the bound holds: ledger, stock, balance, rate, custody', async () => {
    await withFigures(
      { [`lot-${pool}`]: [...masses.map((grams) => generated(grams)), ...masses.map(moved), treated(MAX), treated(4)] },
      async (reading) => {
        const { cells, trialBalance } = await readLedger(reading, period)
        expect(trialBalance).toBe(0)
        const cell = (stage: string) => cells.find((one) => one.stage === stage && one.stream === 'industrial')
        expect(cell('generation')).toMatchObject({ in: sum, out: sum, closing: 0 })
        expect(cell('disposal')).toMatchObject({ in: sum, out: BigInt(MAX) + 4n, closing: sum - BigInt(MAX) - 4n })
        const stock = await readStock(reading, {})
        expect(stock.map(({ grams }) => BigInt(grams))).toEqual([sum - BigInt(MAX) - 4n])
        const balance = await readMassBalance(reading, { ...period, stream: 'industrial' })
        expect(balance).toMatchObject({ generated: sum, treated: BigInt(MAX) + 4n, product: BigInt(MAX) + 4n, loss: 0 })
        const rate = await readRecyclingRate(reading, { ...period, stream: 'industrial' })
        expect(rate).toMatchObject({ numerator: BigInt(MAX) + 4n, denominator: sum, percent: '50.00' })
        expect(rate.value).toBeCloseTo(0.5, 5)
        const custody = await readCustody(reading, { lots: [pool] })
        expect(custody.balanced).toBe(true)
        // Of a part of the park it is summed from the journal itself.
        const own = await readLedger(reading, { ...period, scope: { unit: UNIT } })
        expect(own.cells.find((one) => one.stage === 'generation' && one.stream === 'industrial')?.in).toBe(sum)
      },
    )
  })

  test('of many lots, each of the largest mass a number holds', async () => {
    const lots = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`lot-L${at}`, [generated(MAX - at, false)]] as const),
    )
    const all = Array.from({ length: 40 }, (_, at) => BigInt(MAX - at)).reduce((total, grams) => total + grams, 0n)
    await withFigures(lots, async (reading, lotGrams) => {
      expect((await readStock(reading, {})).map(({ grams }) => grams)).toEqual([all])
      const { cells, trialBalance } = await readLedger(reading, period)
      expect(trialBalance).toBe(0)
      expect(cells.find(({ stage, stream }) => stage === 'generation' && stream === 'industrial')?.in).toBe(all)
      expect(await lotGrams('L0')).toBe(String(MAX))
      // As it was known when half of it had been recorded.
      const half = await readLedger(reading, { ...period, asOf: { position: 20 } })
      expect(half.cells.find(({ stage, stream }) => stage === 'generation' && stream === 'industrial')?.in).toBe(
        Array.from({ length: 20 }, (_, at) => BigInt(MAX - at)).reduce((total, grams) => total + grams, 0n),
      )
    })
  })
})
