import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { allProjections } from '../../projections/all.ts'
import { journal } from '../../projections/journal/projection.ts'
import { rebuild } from '../../projections/runner/rebuild.ts'
import { openDistributedPark, type DistributedPark } from '../../services/park/distributed/distributed-park.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { openGatewayClient, type GatewayClient } from '../../services/park/import/remote/gateway-client.ts'
import { gatewayPark } from '../../services/park/import/remote/gateway-park.ts'
import type { ImportResult } from '../../services/park/import/report.ts'
import { differences, ExpectedFigures } from '../import/expected-figures.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { composedPark } from '../support/composed-park.ts'
import { freshDatabase } from '../support/database.ts'
import { kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { LONG } from '../support/long.ts'
import { randomOf } from '../support/random.ts'
import { custodyOf, figuresOf, STREAMS, type Ask } from './figures-of.ts'

const MONTH = fileURLToPath(new URL('../../../shared/data/park-month/', import.meta.url))
const WEEKS = { seed: 5, units: 5, from: '2026-03-02', days: 14 }
const ofMonth = LONG && existsSync(`${MONTH}/expected.json`)
if (LONG && !ofMonth)
  process.stdout.write(
    'the books of park-month are not beside this project (../shared/data/park-month): made-up books take their place\n',
  )

// Without a broker the projections read the store itself; everything else is the same.
const throughKafka = kafkaMissing('what is read through Kafka in a park under fire') === undefined

const SEED = Number(process.env['FIRE_SEED'] ?? 20_251_206)
const KILL_EVERY_MS = 1_000

let bundle: string
let expected: ExpectedFigures
let rows: number
let database: Awaited<ReturnType<typeof freshDatabase>>
let park: DistributedPark
let brokers: Awaited<ReturnType<typeof startTestBrokers>> | undefined
let officials: GatewayClient
let result: ImportResult
const killed: string[] = []
// A machine that starts processes more slowly than they are killed would soon have none: it is given the time to have two thirds of them.
const FEWEST = 2 / 3

/** Kills a process if it serves and enough of the others do. */
function kill(victim: string): boolean {
  const serving = park.supervisor.serving()
  const pid = serving.get(victim)
  if (pid === undefined || serving.size < park.plans.length * FEWEST) return false
  process.kill(pid, 'SIGKILL')
  killed.push(victim)
  return true
}

/** Any process, one a second, for as long as the books last. */
async function killOnAndOn(until: AbortSignal): Promise<void> {
  const random = randomOf(SEED)
  for (;;) {
    await pause(KILL_EVERY_MS, undefined, { signal: until }).catch(() => undefined)
    if (until.aborted) return
    kill(random.pick(park.plans).label)
  }
}

/** Every process once, in any order, each while commands are under way; until it has fallen, further commands wait. */
function killEachOnce(client: GatewayClient): GatewayClient {
  const random = randomOf(SEED)
  const left = park.plans.map(({ label }) => label)
  const every = Math.floor(rows / (2 * left.length))
  let sent = 0
  let fall: Promise<void> = Promise.resolve()
  return {
    ...client,
    async post(...request) {
      if (++sent % every !== 0 || left.length === 0) await fall
      else {
        const [victim = ''] = left.splice(random.below(left.length), 1)
        fall = fall.then(async () => {
          while (!kill(victim)) await pause(20)
        })
      }
      return client.post(...request)
    },
  }
}

beforeAll(async () => {
  bundle = ofMonth ? MONTH : await mkdtemp(join(tmpdir(), 'wufei-fire-'))
  if (!ofMonth) await writeBundle(bundle, WEEKS)
  expected = ExpectedFigures.parse(JSON.parse(readFileSync(join(bundle, 'expected.json'), 'utf8')))
  rows = Object.values(expected.rows).reduce((sum, count) => sum + count, 0)
  database = await freshDatabase()
  if (throughKafka) brokers = await startTestBrokers()
  const feed = brokers === undefined ? { FEED: 'store' } : { FEED: 'kafka', KAFKA_BROKERS: brokers.addresses.join(',') }
  park = await openDistributedPark({
    databaseUrl: database.url,
    environment: { ...process.env, ...feed, NODE_ENV: 'test', LOG_LEVEL: 'fatal', RATE_LIMIT_PER_MINUTE: '10000000' },
  })
  const books = openGatewayClient({ origin: park.origin, clientId: 'demo-admin', clientSecret: 'demo' })
  officials = openGatewayClient({ origin: park.origin, clientId: 'demo-bureau', clientSecret: 'demo' })
  const ceaseFire = new AbortController()
  const fire = LONG ? killOnAndOn(ceaseFire.signal) : Promise.resolve()
  try {
    result = await importFolder(bundle, { park: gatewayPark(LONG ? books : killEachOnce(books)) })
  } finally {
    ceaseFire.abort()
    await fire
    books.close()
  }
  process.stdout.write(
    `${result.rows} rows in ${result.seconds.toFixed(1)} s, seed ${SEED}, ${throughKafka ? 'through Kafka' : 'from the store'}: ${killed.length} processes were killed\n`,
  )
}, 900_000)
afterAll(async () => {
  officials?.close()
  await park?.close()
  await brokers?.stop()
  await database?.drop()
  if (!ofMonth) await rm(bundle, { recursive: true, force: true })
}, 60_000)

const ask: Ask = async <T>(document: string, variables: object = {}) =>
  (await officials.query(document, { ...variables })) as T

async function folded(): Promise<void> {
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    for (;;) {
      const { rows } = await client.query<{ behind: boolean }>(
        'select (select max(position) from es.event) > (select min(position) from rm.checkpoint) as behind',
      )
      if (rows[0]?.behind === false) return
      await pause(50)
    }
  } finally {
    await client.end()
  }
}

describe('a park of many processes, all of which are killed, one after another, while books are imported', () => {
  test('takes every row, once', () => {
    if (LONG) expect(killed.length).toBeGreaterThan(park.plans.length)
    else expect(new Set(killed)).toEqual(new Set(park.plans.map(({ label }) => label)))
    expect(result.problems.filter(({ severity }) => severity !== 'WARN')).toEqual([])
    expect(result).toMatchObject({ accepted: result.rows, unchanged: 0, refused: 0, held: 0 })
    expect(result.rows).toBe(rows)
  })

  test('has the figures that follow from the books, to the gram', { timeout: 180_000 }, async () => {
    await folded()
    const figures = await figuresOf(ask, expected.period)
    for (const stream of STREAMS)
      expect(differences(expected, stream, figures[stream] as (typeof figures)[string])).toEqual([])
  })

  test('has the figures, the custody and as many events as a park in one process', { timeout: 300_000 }, async () => {
    const single = await composedPark({ secretOf: database.url })
    try {
      await importFolder(bundle, { runtime: single.park.runtime })
      await single.runner.waitFor(await single.park.store.head(), 120_000)
      const bureau = await single.token('demo-bureau')
      const askSingle: Ask = (document, variables) => single.query(bureau, document, variables)
      expect(await figuresOf(ask, expected.period)).toEqual(await figuresOf(askSingle, expected.period))
      const [many, one] = [await custodyOf(ask), await custodyOf(askSingle)]
      expect(many.size).toBeGreaterThan(0)
      expect(many).toEqual(one)
      const client = new pg.Client(database.url)
      await client.connect()
      const { rows: counted } = await client.query<{ events: string }>('select count(*) as events from es.event')
      await client.end()
      expect(Number(counted[0]?.events)).toBe(await single.park.store.head())
    } finally {
      await single.close()
    }
  })

  test('has rows that a rebuild makes again just so', { timeout: 120_000 }, async () => {
    await folded()
    const store = await openPostgresStore({ url: database.url })
    const pool = openPool({ connectionString: database.url })
    try {
      const rebuilt = await rebuild({ pool, store, projections: allProjections, swap: false })
      expect(rebuilt.filter(({ equal }) => !equal)).toEqual([])
      expect(rebuilt.map(({ name }) => name)).toEqual(allProjections.map(({ name }) => name))
      expect(rebuilt.find(({ name }) => name === journal.name)?.rows).toBeGreaterThan(result.rows)
    } finally {
      await pool.end()
      await store.close()
    }
  })
})
