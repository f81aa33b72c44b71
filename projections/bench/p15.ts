import type pg from 'pg'
import { quantile, rounded } from '../../infra/event-store/bench/measure.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import type { BenchLine } from '../../test/load/bench-line.ts'
import { secondDatabase } from '../../test/load/second-database.ts'
import { readLedger } from '../journal/queries/ledger.ts'
import { fillDatabase } from './fill-database.ts'

/** p50 in milliseconds by entries of the journal, which the made-up log has four of for three events; a p99 may be so many times its p50. */
const SIZES = [
  { events: 12_000, entries: 15_000, limitMs: 7 },
  { events: 750_000, entries: 1_000_000, limitMs: 8 },
] as const
const LARGEST_MS = 9
const SPREAD = 3

/** The peer of the ledger: plain SQL sums of the same entries by group, before the period and within it, as known at a position. */
const BARE = `select business_day < $1::date as opening, stream, from_kind, to_kind, sum(grams), count(*)
  from rm.journal_entry where position <= $3::bigint and business_day <= $2::date group by 1, 2, 3, 4`

interface Measured {
  readonly entries: number
  readonly p50: number
  readonly p99: number
  readonly bare: number
}

/** 25 cells of the middle month, as known at a position a tenth before the end, and the bare sums of them, in turns. */
async function measure(databaseUrl: string, events: number, rounds: number): Promise<Measured> {
  await fillDatabase(databaseUrl, events)
  const store = await openPostgresStore({ url: databaseUrl })
  const pool = openPool({ connectionString: databaseUrl, max: 2, options: '-c search_path=rm' })
  try {
    const [{ entries, from, to } = { entries: 0, from: '', to: '' }] = (
      await pool.query<{ entries: number; from: string; to: string }>(
        `select count(*)::int as entries, date_trunc('month', percentile_disc(0.5) within group (order by business_day))::date::text as from,
          (date_trunc('month', percentile_disc(0.5) within group (order by business_day)) + interval '1 month - 1 day')::date::text as to
        from journal_entry`,
      )
    ).rows
    const reading = { database: pool, positionAt: (moment: string) => store.positionAt(moment) }
    const head = await store.head()
    const [own, bare]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds + WARM_UP; round++) {
      // Each is of another position, so nothing that was summed before helps.
      const position = Math.floor(head * 0.9) - round
      const tookOwn = await timed(() => readLedger(reading, { from, to, asOf: { position } }))
      const tookBare = round % BARE_EVERY === 0 ? await timed(() => bareSums(pool, [from, to, position])) : undefined
      if (round < WARM_UP) continue
      own.push(tookOwn)
      if (tookBare !== undefined) bare.push(tookBare)
    }
    return { entries, p50: quantile(own, 0.5), p99: quantile(own, 0.99), bare: quantile(bare, 0.5) }
  } finally {
    await pool.end()
    await store.close()
  }
}

const WARM_UP = 40
// At a million entries the bare sums take a hundred times as long.
const BARE_EVERY = 20

const bareSums = (pool: pg.Pool, values: readonly unknown[]): Promise<unknown> =>
  pool.query({ name: 'bare sums', text: BARE, values: [...values] })

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const line: BenchLine = {
  name: 'P15',
  title:
    '25 cells of a month as known earlier, p50 and p99 in ms, beside bare SQL sums over the same entries; the worst p50 against its limit',
  target: `p50 <= ${SIZES.map(({ limitMs }) => limitMs).join(', ')} ms (${LARGEST_MS} ms where EVENTS gives more), p99 <= ${SPREAD} x p50`,
  async run({ quick, databaseUrl, events }) {
    const sizes =
      events === undefined
        ? SIZES.map((size, i) => (quick && i > 0 ? { ...size, events: size.events / 4 } : size))
        : [{ events, limitMs: LARGEST_MS }]
    const judged = []
    for (const [i, size] of sizes.entries()) {
      const url = i === 0 ? databaseUrl : await secondDatabase(databaseUrl, `size_${i}`)
      judged.push({ ...size, measured: await measure(url, size.events, quick ? 200 : 1_000) })
    }
    const ratio = rounded(Math.max(...judged.map(({ measured, limitMs }) => measured.p50 / limitMs)))
    const spread = Math.max(...judged.map(({ measured: { p50, p99 } }) => p99 / p50))
    return {
      ratio,
      target: 1,
      passed: ratio <= 1 && spread <= SPREAD,
      figures: Object.fromEntries(
        judged.map(({ measured: { entries, p50, p99, bare } }) => [
          `${entries} entries`,
          `p50 ${rounded(p50)}, p99 ${rounded(p99)}, bare sums p50 ${rounded(bare)}`,
        ]),
      ),
    }
  },
}

export const lines: readonly BenchLine[] = [line]
