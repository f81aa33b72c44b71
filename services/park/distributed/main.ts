import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import {
  type Configuration,
  ConfigurationError,
  readConfiguration,
} from '../../../infra/configuration/configuration.ts'
import { startStandInProcess } from '../../../infra/event-store/stand-in/process.ts'
import { missingForBroker } from '../../../infra/kafka/broker/libraries.ts'
import { ensureDatabase, startCluster } from '../../../infra/postgres/cluster.ts'
import { atEnd } from '../../../infra/process/at-end.ts'
import { runCommand, WrongUse } from '../../../infra/process/command.ts'
import { reasonOf } from '../../../infra/process/reason.ts'
import { temporaryFolder } from '../../../infra/process/temporary-folder.ts'
import { boundsFrom } from '../bounds.ts'
import { importFolder, NoBooks } from '../import/import-folder.ts'
import { type GatewayClient, openGatewayClient } from '../import/remote/gateway-client.ts'
import { gatewayPark } from '../import/remote/gateway-park.ts'
import type { ImportResult } from '../import/report.ts'
import { openDistributedPark } from './distributed-park.ts'

/**
 * `npm run distributed -- [FOLDER] [--once] [--json] [--stand-in]`: a whole park of many processes on this machine, each in two copies, with a
 * folder of books imported through its gateway; until SIGINT, or with `--once` until the figures are in. The log lies in PostgreSQL, on the
 * EventStoreDB that `EVENTSTORE_URL` names, or on the stand-in for it.
 */
const FOLDED_MS = 120_000
const Figures = z.object({ ledger: z.object({ position: z.string() }) })
const DEMO_BUNDLE = new URL('../demo-bundle/', import.meta.url).pathname

await runCommand(async ({ answer, untilStopped }) => {
  const asked = arguments_()
  const say = (line: string): void => void (asked.json ? process.stderr : process.stdout).write(`${line}\n`)
  const config = readConfiguration()
  const database = await openDatabase(config)
  const standIn = asked.standIn ? await startStandInProcess(database.url) : undefined
  if (standIn) atEnd(standIn.stop)
  const brokers = await openBrokers(config, say)

  say('starting the processes…')
  const park = await openDistributedPark({
    databaseUrl: database.url,
    issuer: config.OIDC_ISSUER,
    host: config.HOST,
    port: config.PORT,
    environment: {
      ...process.env,
      ...(standIn === undefined ? {} : { EVENTSTORE_URL: standIn.url }),
      ...(brokers === undefined ? {} : { KAFKA_BROKERS: brokers }),
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
      RATE_LIMIT_PER_MINUTE: process.env['RATE_LIMIT_PER_MINUTE'] ?? '1000000',
    },
    onLine: (label, line) => void process.stderr.write(`${label}: ${line}\n`),
  })
  for (const { label, url } of park.plans) say(`${label.padEnd(48)} ${url}`)
  say(`overview, GraphQL, REST, issuer                  ${park.origin}/  /graphiql  /api/v1/docs  /oidc`)

  const result = await importThrough(park.origin, asked.folder, config)
  const { rows, accepted, unchanged, refused, held, seconds } = result
  answer(
    { origin: park.origin, processes: park.plans.length, import: result },
    `${rows} rows of ${asked.folder}: ${accepted} accepted, ${unchanged} unchanged, ${refused} refused, in ${seconds.toFixed(1)} s\n`,
  )
  say(`ready ${park.origin}`)
  if (asked.once) return refused + held > 0 ? 1 : 0
  await untilStopped()
  return 0
})

/** The books go in and the figures hold them. @throws WrongUse where the folder holds no books */
async function importThrough(origin: string, folder: string, config: Configuration): Promise<ImportResult> {
  const client = openGatewayClient({ origin, clientId: config.CLIENT_ID, clientSecret: config.CLIENT_SECRET })
  try {
    const into = gatewayPark(client, boundsFrom(config))
    const result = await importFolder(folder, { park: into })
    await folded(client, String(await into.position()))
    return result
  } catch (fault) {
    throw fault instanceof NoBooks ? new WrongUse(fault.message) : fault
  } finally {
    client.close()
  }
}

async function openDatabase(config: Configuration): Promise<{ readonly url: string }> {
  if (config.DATABASE_URL !== undefined) return { url: config.DATABASE_URL }
  const temporary = process.env['DATA_DIR'] ? undefined : temporaryFolder('distributed').path
  // Each process has sessions of its own to write, to read, to listen and to lead.
  const cluster = await startCluster({
    dir: join(temporary ?? config.DATA_DIR, 'postgres'),
    ...(temporary === undefined ? {} : { temporary }),
    settings: ['max_connections=500'],
  })
  return { url: await ensureDatabase(cluster, 'wufei') }
}

/** Brokers where the projections read through Kafka: those that are named, or one of our own. */
async function openBrokers(config: Configuration, say: (line: string) => void): Promise<string | undefined> {
  if (config.FEED === 'store' || config.KAFKA_BROKERS) return config.KAFKA_BROKERS?.join(',')
  const missing = missingForBroker(config.KAFKA_LIBS)
  if (missing !== undefined)
    throw new ConfigurationError([`KAFKA_BROKERS: FEED=kafka needs a broker: name one, or ${missing}`])
  say('starting a broker of Kafka…')
  const { startBrokers } = await import('../../../infra/kafka/broker/brokers.ts')
  const own = await startBrokers(config.KAFKA_LIBS === undefined ? {} : { libraries: config.KAFKA_LIBS })
  atEnd(own.stop)
  return own.addresses.join(',')
}

/** Waits until the figures hold what was imported. */
async function folded(client: GatewayClient, position: string): Promise<void> {
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
    throw new WrongUse(`${reasonOf(error)}\nusage: npm run distributed -- [FOLDER] [--once] [--json] [--stand-in]`)
  }
}
