import { buildApp } from '../../../infra/http/app.ts'
import { health } from '../../../infra/http/health.ts'
import { openMetrics } from '../../../infra/telemetry/metrics.ts'
import { allProjections } from '../../../projections/all.ts'
import { openRunner } from '../../../projections/runner/runner.ts'
import { openFeed } from '../feed.ts'
import { openPark } from '../open.ts'
import type { ParkProcess, ProcessOptions } from './process.ts'

export const projectionNames = allProjections.map(({ name }) => name)

/**
 * Folds a group of projections (all of them without a name) into their rows. Of the copies of a group one folds and the others stand by;
 * groups that have no projection in common fold side by side.
 */
export async function openProjections(group: readonly string[], { config, logger }: ProcessOptions): Promise<ParkProcess> {
  const metrics = openMetrics()
  const { store, databaseUrl, close } = await openPark(config, { metrics, policies: [] })
  const { feed, close: closeFeed } = openFeed(config, store, logger)
  const runner = await openRunner({
    store,
    feed,
    databaseUrl,
    projections: allProjections.filter(({ name }) => group.length === 0 || group.includes(name)),
    onFault: (fault) => logger.error({ err: fault }, 'a projection met a fault and tries again'),
  })
  runner.done.catch((fault: unknown) => logger.fatal({ err: fault }, 'the rows are of another log: run a rebuild'))
  metrics.watchLag(() => runner.lags())
  metrics.watchLeader('projections', () => runner.leads())
  const app = await buildApp({ logger, metrics, authenticate: () => Promise.resolve(undefined) })
  await app.register(health, { metrics, checks: { store: () => store.head(), projections: () => runner.position() } })

  return {
    app,
    async close() {
      await app.close()
      await runner.stop()
      await closeFeed()
      await close()
    },
  }
}
