import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { postgresMark } from '../../infra/commanding/caretaker-mark.ts'
import { openCaretaker } from '../../infra/commanding/caretaker.ts'
import { unitOf } from '../../infra/commanding/context.ts'
import type { Configuration } from '../../infra/configuration/configuration.ts'
import { buildApp } from '../../infra/http/app.ts'
import { health } from '../../infra/http/health.ts'
import type { AuthenticatedActor } from '../../infra/identity/actor.ts'
import { bearerOf } from '../../infra/identity/bearer.ts'
import { externalIssuer } from '../../infra/identity/external-issuer.ts'
import { openBuiltInIssuer, type BuiltInIssuer } from '../../infra/identity/issuer/issuer.ts'
import type { Issuer } from '../../infra/identity/issuer-port.ts'
import { openVerifier } from '../../infra/identity/verify-token.ts'
import type { Logger } from '../../infra/telemetry/logger.ts'
import { measuredStore } from '../../infra/telemetry/measured-store.ts'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { allProjections as projections } from '../../projections/all.ts'
import { openRunner, type Runner } from '../../projections/runner/runner.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import { graphqlPlugin } from '../gateway/graphql/plugin.ts'
import { projectedReadSide } from '../gateway/graphql/projected-read-side.ts'
import type { ReadSide } from '../gateway/graphql/read-side.ts'
import { oidc } from '../gateway/oidc/mount.ts'
import { pages } from '../gateway/pages/pages.ts'
import { rest } from '../gateway/rest/rest.ts'
import { openImports } from './import/jobs.ts'
import { importRoutes } from './import/routes.ts'
import { openPark, type Park } from './open.ts'
import { policies, watches } from './policies.ts'
import { routes } from './routes.ts'

/** A whole park in one process: its doors are open once `app` listens. */
export interface ComposedPark {
  readonly app: FastifyInstance
  readonly park: Park
  readonly runner: Runner
  readonly readSide: ReadSide
  /** Closes the doors, finishes what is under way, then closes everything behind them. */
  close(): Promise<void>
}

// Sessions for queries; more would only wait for the same two or four cores.
const READERS = 8
const VERSION = '0.1.0'

/** Who looks at the plain page of a park with the built-in issuer: everybody, as an official. Production has neither. */
const demoViewer: AuthenticatedActor = { subject: 'demo-viewer', roles: ['bureau'], competence: WASTE_STREAMS }

/** Puts all services, read models and doors of a park together. `url` is the origin by which the world reaches it. */
export async function composePark(config: Configuration, { url, logger }: { readonly url: string; readonly logger: Logger }): Promise<ComposedPark> {
  const metrics = openMetrics()
  const park = await openPark(config, (store) => measuredStore(store, metrics))
  const { runtime, store, databaseUrl } = park
  const runner = await openRunner({
    store,
    databaseUrl,
    projections,
    onFault: (fault) => logger.error({ err: fault }, 'a projection met a fault and tries again'),
  })
  metrics.watchLag(() => runner.lags())
  const caretaker = openCaretaker(runtime, { policies, watches, mark: postgresMark(park.pool) })
  caretaker.start((error) => logger.error({ err: error }, 'the caretaker could not look after the log and tries again'))

  const reading = new pg.Pool({ connectionString: databaseUrl, max: READERS, options: '-c search_path=rm' })
  reading.on('error', (fault) => logger.warn({ err: fault }, 'an idle session of the read side ended'))
  const readSide = projectedReadSide({ database: reading, store, runner })

  const { issuer, builtIn } = await openIssuer(config, park, url)
  const verify = openVerifier({ issuer: issuer.url, audience: config.OIDC_AUDIENCE, keys: issuer.keys })
  const app = await buildApp({
    logger,
    metrics,
    authenticate: ({ headers }) => bearerOf(headers.authorization, verify),
    limits: { bodyBytes: config.BODY_LIMIT_BYTES, rate: { max: config.RATE_LIMIT_PER_MINUTE, windowMs: 60_000 } },
  })
  await app.register(health, { metrics, checks: { store: () => store.head(), projections: () => runner.position() } })
  if (builtIn) await app.register(oidc, { issuer: builtIn })
  await app.register(graphqlPlugin, {
    readSide,
    limits: { cost: config.GRAPHQL_MAX_COST, depth: config.GRAPHQL_MAX_DEPTH, aliases: config.GRAPHQL_MAX_ALIASES, tokens: config.GRAPHQL_MAX_TOKENS },
    onFault: (fault) => logger.error({ err: fault }, 'a query met a fault'),
  })
  const imports = openImports(runtime, (fault) => logger.error({ err: fault }, 'an import broke off'))
  await app.register(rest, {
    routes,
    runtime,
    version: VERSION,
    openIdConnectUrl: `${issuer.url}/.well-known/openid-configuration`,
    more: (api) => importRoutes(api, { imports, limitBytes: config.IMPORT_LIMIT_BYTES }),
  })
  await app.register(pages, { readSide, viewer: builtIn ? demoViewer : undefined })

  return {
    app,
    park,
    runner,
    readSide,
    async close() {
      await app.close()
      await imports.idle()
      builtIn?.close()
      await caretaker.stop()
      await runner.stop()
      await reading.end()
      await park.close()
    },
  }
}

async function openIssuer(config: Configuration, { pool, runtime }: Park, url: string): Promise<{ issuer: Issuer; builtIn?: BuiltInIssuer }> {
  if (config.OIDC_ISSUER !== undefined) return { issuer: externalIssuer(config.OIDC_ISSUER) }
  const builtIn = await openBuiltInIssuer({
    pool,
    url: `${url}/oidc`,
    audience: config.OIDC_AUDIENCE,
    // A unit that was registered a moment ago may sign in now: its own stream is asked, not a read model.
    findUnit: async (code) => {
      const unit = await unitOf(runtime, code)
      return unit.exists ? { roles: unit.roles } : undefined
    },
    pages: { clientId: 'wufei-pages', redirectUris: [`${url}/`, `${url}/graphiql`] },
    environment: config.NODE_ENV,
  })
  return { issuer: builtIn, builtIn }
}
