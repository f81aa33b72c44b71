import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { readConfiguration } from '../../../infra/configuration/configuration.ts'
import { startStandInProcess } from '../../../infra/event-store/stand-in/process.ts'
import { missingForBroker } from '../../../infra/kafka/broker/libraries.ts'
import { ensureDatabase, startCluster } from '../../../infra/postgres/cluster.ts'
import { endPlainly } from '../../../infra/process/start.ts'
import { closeOnSignals } from '../../../infra/process/stop.ts'
import { temporaryFolder } from '../../../infra/process/temporary-folder.ts'
import { boundsFrom } from '../bounds.ts'
import { importFolder } from '../import/import-folder.ts'
import { openGatewayClient } from '../import/remote/gateway-client.ts'
import { gatewayPark } from '../import/remote/gateway-park.ts'
import { openDistributedPark } from './distributed-park.ts'

/**
 * `npm run distributed -- [FOLDER] [--once] [--json] [--stand-in]`: a whole park of many processes on this machine, each in two copies, with a
 * folder of books imported through its gateway; until SIGINT, or with `--once` until the figures are in. The log lies in PostgreSQL, on the
 * EventStoreDB that `EVENTSTORE_URL` names, or on the stand-in for it.
 */
const FOLDED_MS = 120_000
const Figures = z.object({ ledger: z.object({ position: z.string() }) })
const DEMO_BUNDLE = new URL('../demo-bundle/', import.meta.url).pathname
const say = (line: string): void => void (asked.json ? process.stderr : process.stdout).write(`${line}\n`)

endPlainly()
const asked = arguments_()
const config = readConfiguration()
const temporary =
  !process.env['DATA_DIR'] && config.DATABASE_URL === undefined ? temporaryFolder('distributed').path : undefined
const database = await openDatabase()
const standIn = asked.standIn ? await startStandInProcess(database.url) : undefined
const kafka = await openBrokers()

say('starting the processes…')
const park = await openDistributedPark({
  databaseUrl: database.url,
  issuer: config.OIDC_ISSUER,
  host: config.HOST,
  port: config.PORT,
  environment: {
    ...process.env,
    ...(standIn === undefined ? {} : { EVENTSTORE_URL: standIn.url }),
    ...(kafka.brokers === undefined ? {} : { KAFKA_BROKERS: kafka.brokers }),
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    RATE_LIMIT_PER_MINUTE: process.env['RATE_LIMIT_PER_MINUTE'] ?? '1000000',
  },
  onLine: (label, line) => void process.stderr.write(`${label}: ${line}\n`),
})
closeOnSignals(close, (fault) => void process.stderr.write(`${String(fault)}\n`))
for (const { label, url } of park.plans) say(`${label.padEnd(48)} ${url}`)
say(`overview, GraphQL, REST, issuer                  ${park.origin}/  /graphiql  /api/v1/docs  /oidc`)

const client = openGatewayClient({
  origin: park.origin,
  clientId: config.CLIENT_ID,
  clientSecret: config.CLIENT_SECRET,
})
const into = gatewayPark(client, boundsFrom(config))
const result = await importFolder(asked.folder, { park: into })
await folded(String(into.position()))
client.close()
if (asked.json)
  process.stdout.write(`${JSON.stringify({ origin: park.origin, processes: park.plans.length, import: result })}\n`)
else
  say(
    `${result.rows} rows of ${asked.folder}: ${result.accepted} accepted, ${result.unchanged} unchanged, ${result.refused} refused, in ${result.seconds.toFixed(1)} s`,
  )
say(`ready ${park.origin}`)
if (asked.once) {
  await close()
  process.exit(result.refused + result.held > 0 ? 1 : 0)
}

async function openDatabase() {
  if (config.DATABASE_URL !== undefined) return { url: config.DATABASE_URL, stop: () => Promise.resolve() }
  // Each process has sessions of its own to write, to read, to listen and to lead.
  const cluster = await startCluster({
    dir: join(temporary ?? config.DATA_DIR, 'postgres'),
    ...(temporary === undefined ? {} : { temporary }),
    settings: ['max_connections=500'],
  })
  return { url: await ensureDatabase(cluster, 'wufei'), stop: () => cluster.stop() }
}

/** Brokers where the projections read through Kafka: those that are named, or one of our own. */
async function openBrokers(): Promise<{ readonly brokers: string | undefined; stop(): Promise<void> }> {
  if (config.FEED === 'store' || config.KAFKA_BROKERS)
    return { brokers: config.KAFKA_BROKERS?.join(','), stop: () => Promise.resolve() }
  const missing = missingForBroker(config.KAFKA_LIBS)
  if (missing !== undefined) {
    await database.stop()
    process.stderr.write(`FEED=kafka needs a broker: name one by KAFKA_BROKERS, or ${missing}\n`)
    process.exit(2)
  }
  say('starting a broker of Kafka…')
  const { startBrokers } = await import('../../../infra/kafka/broker/brokers.ts')
  const own = await startBrokers(config.KAFKA_LIBS === undefined ? {} : { libraries: config.KAFKA_LIBS })
  return { brokers: own.addresses.join(','), stop: () => own.stop() }
}

/** Waits until the figures hold what was imported. */
async function folded(position: string): Promise<void> {
  const day = '2025-01-01'
  for (const until = performance.now() + FOLDED_MS; ; ) {
    const question = { day, position }
    const answer = await client.query(
      'query ($day: Date!, $position: Position!) { ledger(from: $day, to: $day, minPosition: $position) { position } }',
      question,
    )
    if (Number(Figures.parse(answer).ledger.position) >= Number(position)) return
    if (performance.now() > until) throw new Error(`the figures did not reach position ${position}`)
  }
}

async function close(): Promise<void> {
  await park.close()
  await kafka.stop()
  await standIn?.stop()
  await database.stop()
}

function arguments_(): {
  readonly folder: string
  readonly once: boolean
  readonly json: boolean
  readonly standIn: boolean
} {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'stand-in': { type: 'boolean', default: false },
      },
    })
    const [folder = DEMO_BUNDLE, ...more] = positionals
    if (more.length > 0) throw new Error('name one folder of books')
    return { folder, once: values.once, json: values.json, standIn: values['stand-in'] }
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\nusage: npm run distributed -- [FOLDER] [--once] [--json] [--stand-in]\n`,
    )
    process.exit(2)
  }
}
