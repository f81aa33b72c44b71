import type { FastifyInstance } from 'fastify'
import { openLedCaretaker } from '../../infra/commanding/led-caretaker.ts'
import type { Configuration } from '../../infra/configuration/configuration.ts'
import { commandRoutes } from '../../infra/http/command-route.ts'
import type { Logger } from '../../infra/telemetry/logger.ts'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { allProjections as projections } from '../../projections/all.ts'
import type { Runner } from '../../projections/runner/runner.ts'
import { projectedReadSide } from '../gateway/graphql/projected-read-side.ts'
import type { ReadSide } from '../gateway/graphql/read-side.ts'
import { parkDeadlines } from './deadlines.ts'
import { openDoors } from './doors.ts'
import { checkFeed } from './feed.ts'
import { feedFault, foldingCheck, reportParked } from './folding/report.ts'
import { openFoldingThread } from './folding/thread.ts'
import { FIGURES_MS } from './import/figures.ts'
import { openImports } from './import/jobs.ts'
import { localPark } from './import/local-park.ts'
import { openPark, type Park, type ParkOptions } from './open.ts'
import { policies, processes, routes } from './process/parts.ts'
import { readingPool } from './reading-pool.ts'
import { PARK_CARE, settlePark } from './settle.ts'

/** A whole park in one process: its doors are open once `app` listens. */
export interface ComposedPark {
  readonly app: FastifyInstance
  readonly park: Park
  readonly runner: Runner
  readonly readSide: ReadSide
  /** Closes the doors, finishes what is under way, then closes everything behind them. */
  close(): Promise<void>
}

/** Puts all services, read models and doors of a park together. `url` is the origin by which the world reaches it. */
export async function composePark(
  config: Configuration,
  { url, logger, ...own }: { readonly url: string; readonly logger: Logger } & Pick<ParkOptions, 'temporary' | 'lease'>,
): Promise<ComposedPark> {
  checkFeed(config)
  const metrics = openMetrics()
  const park = await openPark(config, { metrics, ...own })
  const { runtime, store, databaseUrl, pool } = park
  const runner = await openFoldingThread({
    config,
    databaseUrl,
    store,
    names: projections.map(({ name }) => name),
    onFault: (fault, of) =>
      of === 'feed'
        ? feedFault(logger)(fault)
        : logger.error({ err: fault }, 'a projection met a fault and tries again'),
    onParked: reportParked(logger),
  })
  const folding = foldingCheck([runner], logger)
  metrics.watchLag(() => runner.lags())
  if (config.FEED === 'kafka') metrics.watchFeed(() => runner.counts)
  metrics.watchLeader('projections', () => runner.leads())
  const caretaker = openLedCaretaker(runtime, {
    service: PARK_CARE,
    databaseUrl,
    pool,
    policies,
    deadlines: parkDeadlines(runtime, pool, processes),
    onFault: (fault) => logger.error({ err: fault }, 'the caretaker could not look after the log and tries again'),
  })
  metrics.watchLeader('caretaker', () => caretaker.leads())

  const reading = readingPool(databaseUrl, logger)
  const readSide = projectedReadSide({ ids: runtime.ids, database: reading, store, runner })
  const doors = await openDoors({
    config,
    url,
    logger,
    metrics,
    park,
    readSide,
    checks: { store: () => store.head(), projections: folding },
    commands: (api) => commandRoutes(api, { routes, runtime }),
    imports: openImports(
      ({ dryRun }) => localPark(runtime, dryRun, () => settlePark(park)),
      async (position) => ((await runner.waitFor(position, FIGURES_MS)) ? 'shown' : 'behind'),
      (fault) => logger.error({ err: fault }, 'an import broke off'),
    ),
  })

  return {
    app: doors.app,
    park,
    runner,
    readSide,
    async close() {
      await doors.close()
      await caretaker.stop()
      await runner.stop()
      await reading.end()
      await park.close()
    },
  }
}
