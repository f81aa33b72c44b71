import { buildApp } from '../../../infra/http/app.ts'
import { health } from '../../../infra/http/health.ts'
import { openMetrics } from '../../../infra/telemetry/metrics.ts'
import { allProjections } from '../../../projections/all.ts'
import { openPartitionedRunner } from '../../../projections/runner/partitioned.ts'
import { countParked } from '../../../projections/runner/parked-events.ts'
import { openRunner, type Runner } from '../../../projections/runner/runner.ts'
import { checkFeed, openKafkaFeeds } from '../feed.ts'
import { feedFault, foldingCheck, reportParked } from '../folding/report.ts'
import { openPark } from '../open.ts'
import type { ParkProcess, ProcessOptions } from './process.ts'

/**
 * Folds a group of projections (all of them without a name) into their rows. Of the copies of a group one folds and the others stand by;
 * groups that have no projection in common fold side by side. Through Kafka, with a consumer group, copies share what is folded by stream.
 */
export async function openProjections(
  group: readonly string[],
  { config, logger }: ProcessOptions,
): Promise<ParkProcess> {
  checkFeed(config)
  const metrics = openMetrics()
  const { store, pool, databaseUrl, close } = await openPark(config, { metrics, policies: [] })
  const feeds = openKafkaFeeds({ config, store, databaseUrl, onFault: feedFault(logger) })
  const onFault = (fault: unknown) => logger.error({ err: fault }, 'a projection met a fault and tries again')
  const onParked = reportParked(logger)
  const asked = allProjections.filter(({ name }) => group.length === 0 || group.includes(name))
  const shared = feeds && config.KAFKA_GROUP !== undefined ? asked.filter(({ byStream }) => byStream) : []
  const led = asked.filter((projection) => !shared.includes(projection))

  const runners: Runner[] = []
  if (led.length > 0)
    runners.push(await openRunner({ store, databaseUrl, projections: led, feed: feeds?.feed, onFault, onParked }))
  if (feeds && shared.length > 0) {
    // Members of a group fold the same, so what is folded is part of its name.
    const follow = feeds.follow([config.KAFKA_GROUP, ...shared.map(({ name }) => name)].join('.'))
    runners.push(
      await openPartitionedRunner({
        store,
        databaseUrl,
        projections: shared,
        topics: feeds.topics,
        follow,
        onFault,
        onParked,
      }),
    )
  }
  const folding = foldingCheck(runners, logger)
  metrics.watchLag(async () => (await Promise.all(runners.map((runner) => runner.lags()))).flat())
  if (feeds) metrics.watchFeed(() => feeds.counts)
  metrics.watchLeader('projections', () => runners.some((runner) => runner.leads()))
  const app = await buildApp({ logger, metrics, authenticate: () => Promise.resolve(undefined) })
  await app.register(health, {
    metrics,
    checks: { store: () => store.head(), projections: folding },
    parked: () => countParked(pool),
  })

  return {
    app,
    async close() {
      await app.close()
      await Promise.all(runners.map((runner) => runner.stop()))
      await feeds?.close()
      await close()
    },
  }
}
