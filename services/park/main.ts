import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigurationError, readConfiguration, type Configuration } from '../../infra/configuration/configuration.ts'
import { DEMO_SECRET, officials } from '../../infra/identity/issuer/accounts.ts'
import { end } from '../../infra/process/at-end.ts'
import { type Holder, holderOf, takeLease } from '../../infra/process/lease.ts'
import { askPort, listenFault, PortTaken } from '../../infra/process/port.ts'
import { startFailed } from '../../infra/process/start.ts'
import { closeOnSignals } from '../../infra/process/stop.ts'
import { temporaryFolder } from '../../infra/process/temporary-folder.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openTracing } from '../../infra/telemetry/tracing.ts'
import { composePark } from './compose.ts'
import { importFolder } from './import/import-folder.ts'

/** `npm start`, and `npm run demo` with `--demo`: the whole park in one process, until SIGINT or SIGTERM. */
const DEMO_BUNDLE = new URL('demo-bundle/', import.meta.url).pathname
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const { demo, config } = read()
const logger = openLogger(config.LOG_LEVEL, process.stderr)
// What may refuse this start is asked before anything is made that would have to be undone.
const ownFolder = config.DATABASE_URL === undefined && !(demo && !process.env['DATA_DIR'])
const lease = join(config.DATA_DIR, 'park.json')
if (ownFolder) await refuseSecond(holderOf(lease))
const PORT = await askPort(config.HOST, config.PORT).catch(refused)
const origin = config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://${config.HOST}:${PORT}`
if (ownFolder) await refuseSecond(takeLease(lease, origin))

let stop: () => Promise<void> = async () => undefined
const stopped = (fault: unknown): void => logger.error({ err: fault }, 'the park did not stop cleanly')
closeOnSignals(() => stop(), stopped)

const temporary = demo && !process.env['DATA_DIR'] ? temporaryFolder('demo') : undefined
const settings: Configuration = { ...config, PORT, DATA_DIR: temporary?.path ?? config.DATA_DIR }
const tracing = await openTracing(settings, logger)
const { app, park, runner, close } = await composePark(settings, {
  url: origin,
  logger,
  ...(temporary === undefined ? {} : { temporary: temporary.path }),
  ...(ownFolder ? { lease: resolve(lease) } : {}),
}).catch(startFailed(logger))
stop = () => close().then(() => tracing.stop())
park.lost.then((said) => startFailed(logger)(new Error(said)), stopped)
if (demo) {
  const { rows, refused } = await importFolder(DEMO_BUNDLE, { runtime: park.runtime }).catch(startFailed(logger))
  await runner.waitFor(await park.store.head(), 120_000)
  say(`${rows} rows of an invented park are in it, ${refused} were refused`)
}
await app
  .listen({ host: settings.HOST, port: settings.PORT })
  .catch((fault: unknown) => refused(listenFault(fault, config.HOST, PORT)))

say(`园区总览 overview        ${origin}/`)
say(`GraphQL (GraphiQL)       ${origin}/graphiql`)
say(`REST, OpenAPI            ${origin}/api/v1/docs`)
if (settings.OIDC_ISSUER === undefined) {
  say(`issuer of tokens         ${origin}/oidc  (built in, with demo accounts; refused in production)`)
  say(`demo programs            demo-bureau, demo-admin, unit-<统一社会信用代码>; secret: ${DEMO_SECRET}`)
  say(`demo people              ${officials.map(({ id }) => id).join(', ')}, and clerk, driver or keeper of any unit`)
}
say(`ready ${origin}`)

/** One line for the person who starts it, no line of a log: nothing has been started yet that a log would tell of. */
function refused(fault: unknown): Promise<never> {
  if (!(fault instanceof PortTaken)) return startFailed(logger)(fault)
  process.stderr.write(`${fault.message}\n`)
  return end(1)
}

async function refuseSecond(holder: Holder | undefined): Promise<void> {
  if (holder === undefined) return
  process.stderr.write(
    `a park runs on ${resolve(config.DATA_DIR)} already: process ${holder.pid}, since ${holder.since}, at ${holder.url}. Use that one, end it, or name another DATA_DIR\n`,
  )
  await end(1)
}

function read(): { readonly demo: boolean; readonly config: Configuration } {
  try {
    const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } })
    return { demo: values.demo, config: readConfiguration() }
  } catch (error) {
    process.stderr.write(
      `${error instanceof ConfigurationError || error instanceof TypeError ? error.message : String(error)}\n`,
    )
    process.exit(2)
  }
}
