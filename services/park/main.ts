import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigurationError, readConfiguration, type Configuration } from '../../infra/configuration/configuration.ts'
import { DEMO_SECRET, officials } from '../../infra/identity/issuer/accounts.ts'
import { freePort } from '../../infra/postgres/cluster.ts'
import { startFailed } from '../../infra/process/start.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openTracing } from '../../infra/telemetry/tracing.ts'
import { composePark } from './compose.ts'
import { importFolder } from './import/import-folder.ts'

/** `npm start`, and `npm run demo` with `--demo`: the whole park in one process, until SIGINT or SIGTERM. */
const DEMO_BUNDLE = new URL('demo-bundle/', import.meta.url).pathname
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const { demo, config } = read()
const temporary = demo && process.env['DATA_DIR'] === undefined ? mkdtempSync(join(tmpdir(), 'wufei-demo-')) : undefined
const settings: Configuration = {
  ...config,
  ...(temporary === undefined ? {} : { DATA_DIR: temporary }),
  PORT: config.PORT === 0 ? await freePort() : config.PORT,
}
const origin = settings.PUBLIC_URL?.replace(/\/$/, '') ?? `http://${settings.HOST}:${settings.PORT}`
const logger = openLogger(settings.LOG_LEVEL, process.stderr)
const tracing = await openTracing(settings, logger)

const { app, park, runner, close } = await composePark(settings, { url: origin, logger }).catch(startFailed(logger))
if (demo) {
  const { rows, refused } = await importFolder(DEMO_BUNDLE, { runtime: park.runtime })
  await runner.waitFor(await park.store.head(), 120_000)
  say(`${rows} rows of an invented park are in it, ${refused} were refused`)
}
await app.listen({ host: settings.HOST, port: settings.PORT }).catch(startFailed(logger))

say(`园区总览 overview        ${origin}/`)
say(`GraphQL (GraphiQL)       ${origin}/graphiql`)
say(`REST, OpenAPI            ${origin}/api/v1/docs`)
if (settings.OIDC_ISSUER === undefined) {
  say(`issuer of tokens         ${origin}/oidc  (built in, with demo accounts; refused in production)`)
  say(`demo programs            demo-bureau, demo-admin, unit-<统一社会信用代码>; secret: ${DEMO_SECRET}`)
  say(`demo people              ${officials.map(({ id }) => id).join(', ')}, and clerk, driver or keeper of any unit`)
}
say(`ready ${origin}`)

let closing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return
    closing = true
    void close()
      .then(() => tracing.stop())
      .then(
        () => {
          if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
          process.exit(0)
        },
        (error: unknown) => {
          logger.error({ err: error }, 'the park did not stop cleanly')
          process.exit(1)
        },
      )
  })
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
