import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import { writeBundle } from '../../../test/support/bundle/generate.ts'
import type { ImportResult } from '../import/report.ts'

const TARGET = 0.15
const ROOT = new URL('../../..', import.meta.url)
const COLUMNS = 'position, stream, revision, id, type, schema_version, occurred_at, recorded_at, body, leaf'

/** Events per second of COPY of the log's own rows into a table with the same columns, checks and indexes; the best of a few turns. */
async function copyRate(client: pg.Client, turns: number): Promise<number> {
  const chunks: Buffer[] = []
  for await (const chunk of client.query(copyTo(`copy es.event (${COLUMNS}) to stdout`))) chunks.push(chunk as Buffer)
  let best = 0
  for (let turn = 0; turn < turns; turn++) {
    await client.query('drop table if exists public.copied; create table public.copied (like es.event including all)')
    const began = performance.now()
    const writing = client.query(copyFrom(`copy public.copied (${COLUMNS}) from stdin`))
    await pipeline(Readable.from(chunks), writing)
    best = Math.max(best, ((writing.rowCount ?? 0) / (performance.now() - began)) * 1_000)
  }
  await client.query('drop table public.copied')
  return best
}

/** Imports as everybody does: by the command, in a process of its own with the flags that package.json gives it. */
async function importBooks(folder: string, databaseUrl: string): Promise<ImportResult> {
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'import', '--', folder, '--json'], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: databaseUrl, APPEND_BATCH: '1024', CONTEXT_MAX_AGE_MS: '1000' },
    maxBuffer: Number.POSITIVE_INFINITY,
    shell: process.platform === 'win32',
  })
  return JSON.parse(stdout) as ImportResult
}

/** Import of invented books with all rules on, into a park of its own. */
const importing: BenchLine = {
  name: 'P13',
  title: 'import: events/s with all rules on, against COPY of the same event rows into the same table with its indexes',
  target: `>= ${TARGET}`,
  async run({ quick, databaseUrl }) {
    const folder = await mkdtemp(join(tmpdir(), 'wufei-p13-'))
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    try {
      await writeBundle(folder, { seed: 13, units: quick ? 24 : 120, from: '2026-03-01', days: 31 })
      const { rows, refused, held, events, seconds } = await importBooks(folder, databaseUrl)
      if (refused + held > 0) throw new Error(`${refused + held} rows of the bench's own books were not accepted`)
      const copied = await copyRate(client, 3)
      const ratio = Number((events / seconds / copied).toFixed(3))
      return {
        ratio,
        target: TARGET,
        passed: ratio >= TARGET,
        figures: {
          'events/s': Math.round(events / seconds),
          'rows/s': Math.round(rows / seconds),
          events,
          rows,
          'COPY events/s': Math.round(copied),
        },
      }
    } finally {
      await client.end()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

export const lines: readonly BenchLine[] = [importing]
