import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type pg from 'pg'
import type { BenchLine, BenchResult } from '../../../test/load/bench-line.ts'
import { commandSender } from './commands.ts'
import { newEvent, OCCURRED_AT, openBenchStore, STORED, storing } from './load.ts'
import { closedLoop, interleaved, median, ratioOf, rounded } from './measure.ts'

const PEER = '@event-driven-io/emmett-postgresql'
const VERSION = '0.42.0'
const TARGET = 5

/** What we use of it. */
interface EmmettStore {
  readonly schema: { migrate(): Promise<unknown> }
  appendToStream(
    stream: string,
    events: readonly { readonly type: string; readonly data: object; readonly metadata: object }[],
    options: { readonly expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' },
  ): Promise<unknown>
  close(): Promise<void>
}

/**
 * The peer is no dependency of ours: this version declares no licence. Whoever runs the line has npm put it, with what it asks for itself,
 * into a cache beside our modules; nothing of it runs while it is installed.
 */
async function openEmmett(databaseUrl: string): Promise<EmmettStore> {
  const dir = join(import.meta.dirname, '../../../node_modules/.cache/wufei', `emmett-postgresql-${VERSION}`)
  const entry = join(dir, 'node_modules', PEER, 'dist/index.js')
  if (!existsSync(entry)) {
    mkdirSync(dir, { recursive: true })
    await promisify(execFile)(
      'npm',
      ['install', '--prefix', dir, '--no-audit', '--no-fund', '--ignore-scripts', `${PEER}@${VERSION}`],
      { timeout: 180_000 },
    )
  }
  const { getPostgreSQLEventStore } = (await import(pathToFileURL(entry).href)) as {
    getPostgreSQLEventStore(url: string): EmmettStore
  }
  const store = getPostgreSQLEventStore(databaseUrl)
  await store.schema.migrate()
  return store
}

/** The same command through it: parsed and decided by the same decider, then its own append to a stream that does not exist yet. */
function emmettSender(store: EmmettStore): () => Promise<void> {
  return async () => {
    const decision = storing.decide({ occurredAt: OCCURRED_AT, data: STORED }, storing.initial, undefined)
    if (!decision.accepted) throw new Error('a command of the bench was refused')
    const { metadata } = newEvent(randomUUID())
    const events = decision.events.map(({ type, occurredAt, data }) => ({
      type,
      data,
      metadata: { ...metadata, occurredAt, schemaVersion: 1 },
    }))
    await store.appendToStream(`lot-${randomUUID()}`, events, { expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' })
  }
}

const line = (open: number): BenchLine => ({
  name: `P2-${open}`,
  title: `durable commands/s through the service API, ${open} open, against the same through emmett-postgresql ${VERSION}`,
  target: `>= ${TARGET}`,
  async run({ quick, databaseUrl }) {
    let emmett: EmmettStore
    try {
      emmett = await openEmmett(databaseUrl)
    } catch (cause) {
      return notRun(cause)
    }
    const bench = await openBenchStore(databaseUrl)
    try {
      const [rounds, milliseconds] = quick ? [3, 1_500] : [6, 2_000]
      const [ours, theirs] = [commandSender(bench.store), emmettSender(emmett)]
      let appended = 0
      const counted = async (): Promise<void> => {
        await theirs()
        appended++
      }
      await closedLoop(open, 500, ours)
      await closedLoop(open, 500, counted)
      const rates = await interleaved(rounds, {
        ours: () => closedLoop(open, milliseconds, ours),
        emmett: () => closedLoop(open, milliseconds, counted),
      })
      await holdsAll(bench.client, appended)
      const ratio = rounded(ratioOf(rates.ours, rates.emmett))
      return {
        ratio,
        target: TARGET,
        passed: ratio >= TARGET,
        figures: {
          'commands/s': Math.round(median(rates.ours)),
          'emmett commands/s': Math.round(median(rates.emmett)),
        },
        notes: 'its pool at its default of 10 sessions; it keeps neither receipts nor leaves',
      }
    } finally {
      await emmett.close()
      await bench.close()
    }
  },
})

/** A rate of appends that are not there would be void. */
async function holdsAll(client: pg.Client, appended: number): Promise<void> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from emt_messages')
  if (rows[0]?.n !== appended) throw new Error(`emmett answered ${appended} appends and holds ${rows[0]?.n} events`)
}

const notRun = (cause: unknown): BenchResult => ({
  ratio: Number.NaN,
  target: TARGET,
  passed: false,
  figures: {},
  notes: `not run: ${PEER}@${VERSION} cannot be installed or loaded here (${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)})`,
})

export const lines: readonly BenchLine[] = [line(64), line(256)]
