import { unitToday } from '../../../infra/commanding/context.ts'
import { ConfigurationError } from '../../../infra/configuration/configuration.ts'
import { openMetrics } from '../../../infra/telemetry/metrics.ts'
import { allProjections as projections } from '../../../projections/all.ts'
import { openFollower } from '../../../projections/runner/follower.ts'
import { forwardedCommands } from '../../gateway/forwarding/forwarded-commands.ts'
import { jsonMessage, openForwarder } from '../../gateway/forwarding/forwarder.ts'
import { projectedReadSide } from '../../gateway/graphql/projected-read-side.ts'
import { openDoors } from '../doors.ts'
import { figuresIn } from '../import/figures.ts'
import { openImports, type ParkFor } from '../import/jobs.ts'
import { localPark, lotOfLabel } from '../import/local-park.ts'
import { recordedCommands } from '../import/recorded.ts'
import { remotePark } from '../import/remote/remote-park.ts'
import { commandSender } from '../import/remote/send-command.ts'
import { openPark } from '../open.ts'
import { readingPool } from '../reading-pool.ts'
import { routes } from './parts.ts'
import { SERVICE_NAMES, copiesVariable } from '../../../infra/configuration/services.ts'
import type { ParkProcess, ProcessOptions } from './process.ts'

/** The doors alone: reading from the rows that other processes fold, commands passed on to the services' copies. */
export async function openGateway({ config, url, logger }: ProcessOptions): Promise<ParkProcess> {
  const copies = Object.fromEntries(SERVICE_NAMES.map((name) => [name, config[copiesVariable(name)] ?? []]))
  const missing = SERVICE_NAMES.filter((name) => copies[name]?.length === 0)
  if (missing.length > 0)
    throw new ConfigurationError(
      missing.map((name) => `${copiesVariable(name)}: the gateway must know where its services are`),
    )

  const metrics = openMetrics()
  const park = await openPark(config, { metrics })
  const { store, runtime, databaseUrl } = park
  const reading = readingPool(databaseUrl, logger)
  const follower = openFollower({ pool: reading, projections })
  const forwarder = openForwarder({ copies })
  // Imports are carried out by the services, in the name of whoever sends the books; only a trial run needs nobody.
  const parkFor: ParkFor = ({ dryRun, authorization }) =>
    dryRun
      ? localPark(runtime, dryRun)
      : remotePark(
          commandSender(routes, ({ tag }, path, body, headers) =>
            forwarder.forward(tag, jsonMessage(path, body, { ...headers, authorization })),
          ),
          {
            holdsAnything: async () => (await store.head()) > 0,
            recorded: (keys) => recordedCommands(runtime, keys),
            shown: () => store.head(),
            unit: (code) => unitToday(runtime, code),
            lotOfLabel: (label) => lotOfLabel(runtime.states, label),
          },
          runtime.bounds,
        )
  const doors = await openDoors({
    config,
    url,
    logger,
    metrics,
    park,
    readSide: projectedReadSide({ ids: runtime.ids, database: reading, store, runner: follower }),
    checks: { store: () => store.head(), projections: () => follower.position() },
    commands: (api) => forwardedCommands(api, { routes, forwarder }),
    imports: openImports(parkFor, figuresIn(park.pool), (fault) => logger.error({ err: fault }, 'an import broke off')),
  })

  return {
    app: doors.app,
    async close() {
      await doors.close()
      forwarder.close()
      await reading.end()
      await park.close()
    },
  }
}
