import { parseArgs } from 'node:util'
import { ConfigurationError, readConfiguration } from '../../../infra/configuration/configuration.ts'
import { askPort } from '../../../infra/process/port.ts'
import { reasonOf } from '../../../infra/process/reason.ts'
import { startFailed } from '../../../infra/process/start.ts'
import { closeOnSignals } from '../../../infra/process/stop.ts'
import { openLogger } from '../../../infra/telemetry/logger.ts'
import { openTracing } from '../../../infra/telemetry/tracing.ts'
import { SERVICE_NAMES, type ServiceName } from '../../../infra/configuration/services.ts'
import type { ParkProcess, ProcessOptions } from './process.ts'

/** `npm run service -- NAME [GROUP…]`: one process of a distributed park, configured by its environment alone, until SIGINT or SIGTERM. */
const OTHERS = ['gateway', 'relay', 'projections'] as const
// Their code is loaded only where they run.
const PROJECTIONS: readonly string[] = [
  'journal',
  'lots',
  'manifests',
  'registry',
  'findings',
  'cases',
  'corrections',
  'holds',
  'event-places',
  'processes',
]
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const [name = '', ...group] = named()
const open = opener(name, group)
const config = configuration()
const logger = openLogger(config.LOG_LEVEL, process.stderr).child({ process: [name, ...group].join(' ') })
const port = await askPort(config.HOST, config.PORT).catch(startFailed(logger))
const url = config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://${config.HOST}:${port}`
const tracing = await openTracing(config, logger)

// A process that a supervisor started does not outlive it.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
const running = await open({ config, url, logger }).catch(startFailed(logger))
closeOnSignals(
  () => running.close().then(() => tracing.stop()),
  (fault) => logger.error({ err: fault }, 'the process did not stop cleanly'),
)
await running.app.listen({ host: config.HOST, port }).catch(startFailed(logger))
say(`ready http://${config.HOST}:${port}`)

function named(): readonly string[] {
  try {
    return parseArgs({ allowPositionals: true }).positionals
  } catch (error) {
    return usage(reasonOf(error))
  }
}

/** Only what a process needs is loaded into it. */
function opener(asked: string, groups: readonly string[]): (options: ProcessOptions) => Promise<ParkProcess> {
  if (asked === 'projections') {
    const strange = groups.filter((projection) => !PROJECTIONS.includes(projection))
    if (strange.length > 0) return usage(`no projection is called ${strange.join(', ')}`)
  }
  if (asked === 'projections')
    return async (options) => (await import('./projections.ts')).openProjections(groups, options)
  if (groups.length > 0) return usage(`${asked} takes no groups`)
  if (asked === 'gateway') return async (options) => (await import('./gateway.ts')).openGateway(options)
  if (asked === 'relay') return async (options) => (await import('./relay.ts')).openRelayProcess(options)
  if (isService(asked)) return async (options) => (await import('./service.ts')).openService(asked, options)
  return usage(asked === '' ? 'name a process' : `no process is called ${asked}`)
}

function isService(asked: string): asked is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(asked)
}

function configuration() {
  try {
    const read = readConfiguration()
    if (read.DATABASE_URL === undefined)
      throw new ConfigurationError(['DATABASE_URL: processes of one park share a database, so it must be named'])
    return read
  } catch (error) {
    return usage(reasonOf(error))
  }
}

function usage(problem: string): never {
  process.stderr.write(
    `${problem}\nusage: npm run service -- NAME; names: ${[...SERVICE_NAMES, ...OTHERS].join(' ')}; projections may be followed by some of ${PROJECTIONS.join(' ')}\n`,
  )
  process.exit(2)
}
