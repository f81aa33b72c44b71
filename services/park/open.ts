import { join } from 'node:path'
import type pg from 'pg'
import { systemClock } from '../../infra/commanding/clock.ts'
import type { Runtime } from '../../infra/commanding/execute.ts'
import { reactor, type Policy } from '../../infra/commanding/policies.ts'
import { openStates } from '../../infra/commanding/states.ts'
import type { Configuration } from '../../infra/configuration/configuration.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { openIds } from '../../infra/ids/ids.ts'
import { idsMigrations, parkKey } from '../../infra/ids/park-key.ts'
import { everSealed } from '../../infra/personal-data/ever-sealed.ts'
import { openPeople, type PeopleRegister } from '../../infra/personal-data/people.ts'
import { useCasesOf } from '../../infra/http/use-cases.ts'
import { ensureDatabase, startCluster } from '../../infra/postgres/cluster.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { inSession, openPool } from '../../infra/postgres/sessions.ts'
import { measuredStore } from '../../infra/telemetry/measured-store.ts'
import type { Metrics } from '../../infra/telemetry/metrics.ts'
import { openEventPlaces } from '../../projections/event-places/queries.ts'
import { cityOf } from '../../schemas/values/division.ts'
import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import { boundsFrom, type BoundsConfiguration } from './bounds.ts'
import { policies as allPolicies, routes } from './process/parts.ts'
import { openStore, type StoreConfiguration } from './store.ts'

/** A park without doors: its database, its log and what a command needs to run. */
export interface Park {
  readonly databaseUrl: string
  readonly pool: pg.Pool
  readonly store: EventStore
  readonly runtime: Runtime
  readonly people: PeopleRegister
  /** Settled with one line once the embedded PostgreSQL is gone although this process uses it; never where the server is somebody else's. */
  readonly lost: Promise<string>
  close(): Promise<void>
}

const MIGRATIONS = [
  { part: 'personal-data', directory: new URL('../../infra/personal-data/', import.meta.url) },
  { part: 'commanding', directory: new URL('../../infra/commanding/', import.meta.url) },
  { part: 'identity', directory: new URL('../../infra/identity/', import.meta.url) },
  idsMigrations,
]

const DATABASE = 'wufei'

export interface ParkOptions {
  /** Where appends, their batches and refusals are counted. */
  readonly metrics?: Metrics
  /** What follows in the request from the commands that this process takes; of all services without it. */
  readonly policies?: readonly Policy[]
  /** A folder that goes with the embedded server. */
  readonly temporary?: string
  /** The lease by which this process holds `DATA_DIR`; its file goes with the process. */
  readonly lease?: string
}

/**
 * Opens the park of a configuration: the database that `DATABASE_URL` names, or the embedded one in `DATA_DIR`, which is started where
 * it does not run yet.
 */
export async function openPark(
  config: Pick<Configuration, 'DATABASE_URL' | 'DATA_DIR' | 'CONTEXT_MAX_AGE_MS'> &
    StoreConfiguration &
    Partial<Pick<Configuration, 'PARK_DIVISION'>> &
    Partial<BoundsConfiguration>,
  { metrics, policies = allPolicies, ...own }: ParkOptions = {},
): Promise<Park> {
  const { url: databaseUrl, lost, stop } = await database(config, own)
  const pool = openPool({ connectionString: databaseUrl, max: 8 })
  await inSession(databaseUrl, async (client) => {
    for (const migrations of MIGRATIONS) await migrate(client, migrations)
  })
  const opened = await openStore(config, databaseUrl, metrics)
  const store = metrics ? measuredStore(opened, metrics) : opened

  const people = openPeople(pool, () => everSealed(store))
  const reactions = reactor(policies)
  const runtime: Runtime = {
    store,
    states: openStates(store),
    clock: systemClock,
    ids: openIds(await parkKey(pool, opened)),
    people,
    catalogues: builtinCatalogues,
    bounds: boundsFrom(config),
    contextMaxAge: config.CONTEXT_MAX_AGE_MS,
    ...(config.PARK_DIVISION === undefined ? {} : { city: cityOf(config.PARK_DIVISION) }),
    streamsOf: openEventPlaces(pool, store),
    react: (events, envelope) => reactions.run(runtime, events, envelope),
    useCases: useCasesOf(routes),
    ...(metrics ? { refused: metrics.refused } : {}),
  }
  return {
    databaseUrl,
    pool,
    store,
    runtime,
    people,
    lost,
    async close() {
      await store.close()
      await pool.end()
      await stop()
    },
  }
}

async function database(
  { DATABASE_URL, DATA_DIR }: Pick<Configuration, 'DATABASE_URL' | 'DATA_DIR'>,
  own: Pick<ParkOptions, 'temporary' | 'lease'>,
): Promise<{ url: string; lost: Promise<string>; stop(): Promise<void> }> {
  if (DATABASE_URL !== undefined)
    return { url: DATABASE_URL, lost: new Promise(() => undefined), stop: () => Promise.resolve() }
  const cluster = await startCluster({ dir: join(DATA_DIR, 'postgres'), ...own })
  return { url: await ensureDatabase(cluster, DATABASE), lost: cluster.lost, stop: () => cluster.stop() }
}
