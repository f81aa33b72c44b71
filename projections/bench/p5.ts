import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { median, rounded } from '../../infra/event-store/bench/measure.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import type { BenchLine } from '../../test/load/bench-line.ts'
import { prepareTables } from '../runner/prepare.ts'
import { rebuild } from '../runner/rebuild.ts'
import { allProjections } from '../all.ts'
import { loadSyntheticEvents } from './load-events.ts'

const TARGET = 0.22

/** Rows of a table as COPY takes them. */
async function exported(client: pg.Client, table: string): Promise<Buffer> {
  return buffer(client.query(copyTo(`copy rm.${table} to stdout`)))
}

/** Seconds to COPY the same rows into tables without any index: what nobody who writes them can be faster than. */
async function copySeconds(client: pg.Client, tables: ReadonlyMap<string, Buffer>): Promise<number> {
  await client.query('drop schema if exists bare cascade; create schema bare')
  for (const table of tables.keys()) await client.query(`create table bare.${table} (like rm.${table})`)
  const began = performance.now()
  for (const [table, rows] of tables)
    await pipeline(Readable.from([rows]), client.query(copyFrom(`copy bare.${table} from stdin`)))
  return (performance.now() - began) / 1_000
}

async function measure(databaseUrl: string, events: number, rounds: number) {
  await loadSyntheticEvents(databaseUrl, events)
  const store = await openPostgresStore({ url: databaseUrl })
  const pool = openPool({ connectionString: databaseUrl, max: 24 })
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await prepareTables(pool, 'rm', allProjections, store)
    await rebuild({ pool, store, projections: allProjections, compare: false })
    const tables = new Map<string, Buffer>()
    for (const { name } of allProjections.flatMap((projection) => projection.tables))
      tables.set(name, await exported(client, name))
    const [copies, rebuilds]: [number[], number[]] = [[], []]
    let rows = 0
    for (let round = 0; round < rounds; round++) {
      copies.push(await copySeconds(client, tables))
      const reports = await rebuild({ pool, store, projections: allProjections })
      if (reports.some(({ equal }) => !equal))
        throw new Error(`a rebuild differs from what it rebuilt: ${JSON.stringify(reports)}`)
      rebuilds.push(reports[0]?.seconds ?? Number.NaN)
      rows = reports.reduce((sum, report) => sum + report.rows, 0)
    }
    return { rows, copy: median(copies), rebuilt: median(rebuilds) }
  } finally {
    await client.end()
    await pool.end()
    await store.close()
  }
}

export const lines: readonly BenchLine[] = [
  {
    name: 'P5',
    title: 'rebuild of all read models, with parity check and swap, against COPY of the same rows',
    target: `>= ${TARGET}`,
    async run({ quick, databaseUrl, events: asked }) {
      const events = asked ?? (quick ? 50_000 : 400_000)
      const { rows, copy, rebuilt } = await measure(databaseUrl, events, quick ? 1 : 3)
      const ratio = rounded(copy / rebuilt)
      return {
        ratio,
        target: TARGET,
        passed: ratio >= TARGET,
        figures: {
          events,
          rows,
          'COPY s': rounded(copy),
          'rebuild s': rounded(rebuilt),
          'events/s': Math.round(events / rebuilt),
          'rows/s': Math.round(rows / rebuilt),
        },
      }
    },
  },
]
