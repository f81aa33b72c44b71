import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { unitToday } from '../../infra/commanding/context.ts'
import type { Configuration } from '../../infra/configuration/configuration.ts'
import { buildApp } from '../../infra/http/app.ts'
import { health, type HealthOptions } from '../../infra/http/health.ts'
import type { AuthenticatedActor } from '../../infra/identity/actor.ts'
import { bearerOf } from '../../infra/identity/bearer.ts'
import { externalIssuer } from '../../infra/identity/external-issuer.ts'
import { openBuiltInIssuer, type BuiltInIssuer } from '../../infra/identity/issuer/issuer.ts'
import type { Issuer } from '../../infra/identity/issuer-port.ts'
import { openVerifier } from '../../infra/identity/verify-token.ts'
import type { Logger } from '../../infra/telemetry/logger.ts'
import type { Metrics } from '../../infra/telemetry/metrics.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import { graphqlPlugin } from '../gateway/graphql/plugin.ts'
import type { ReadSide } from '../gateway/graphql/read-side.ts'
import { oidc } from '../gateway/oidc/mount.ts'
import { pages } from '../gateway/pages/pages.ts'
import { findings } from '../gateway/rest/findings.ts'
import { holds } from '../gateway/rest/holds.ts'
import { personLooks } from '../gateway/rest/person-looks.ts'
import { rest } from '../gateway/rest/rest.ts'
import type { Imports } from './import/jobs.ts'
import { importRoutes } from './import/routes.ts'
import type { Park } from './open.ts'

export interface DoorsOptions {
  readonly config: Configuration
  /** Origin by which the world reaches these doors. */
  readonly url: string
  readonly logger: Logger
  readonly metrics: Metrics
  readonly park: Park
  readonly readSide: ReadSide
  readonly checks: HealthOptions['checks']
  /** The doors of the commands: decided in this process, or by services behind it. */
  readonly commands: FastifyPluginAsync
  readonly imports: Imports
}

export interface Doors {
  readonly app: FastifyInstance
  /** Takes no more requests and finishes those under way. */
  close(): Promise<void>
}

const VERSION = '0.1.0'

/** Who looks at the plain page of a park with the built-in issuer: everybody, as an official. Production has neither. */
const demoViewer: AuthenticatedActor = { subject: 'demo-viewer', roles: ['bureau'], competence: WASTE_STREAMS }

/** Every door of the park to the world, the same whether the services live in this process or behind it. */
export async function openDoors({
  config,
  url,
  logger,
  metrics,
  park,
  readSide,
  checks,
  commands,
  imports,
}: DoorsOptions): Promise<Doors> {
  const { issuer, builtIn } = await openIssuer(config, park, url)
  const verify = openVerifier({
    issuer: issuer.url,
    audience: config.OIDC_AUDIENCE,
    keys: issuer.keys,
    // What the built-in issuer says is no matter of configuration.
    ...(builtIn ? { sessionStands: builtIn.sessionStands } : { type: config.OIDC_TOKEN_TYPE }),
  })
  const app = await buildApp({
    logger,
    metrics,
    authenticate: ({ headers }) => bearerOf(headers.authorization, verify),
    limits: { bodyBytes: config.BODY_LIMIT_BYTES, rate: { max: config.RATE_LIMIT_PER_MINUTE, windowMs: 60_000 } },
  })
  await app.register(health, { metrics, checks, parked: () => readSide.countParkedEvents() })
  if (builtIn) await app.register(oidc, { issuer: builtIn })
  await app.register(graphqlPlugin, {
    readSide,
    reveal: (sealed, look) => park.people.reveal(sealed, look),
    limits: {
      cost: config.GRAPHQL_MAX_COST,
      depth: config.GRAPHQL_MAX_DEPTH,
      aliases: config.GRAPHQL_MAX_ALIASES,
      tokens: config.GRAPHQL_MAX_TOKENS,
    },
    onFault: (fault) => logger.error({ err: fault }, 'a query met a fault'),
  })
  await app.register(rest, {
    commands,
    feed: park.runtime,
    topics: { prefix: config.KAFKA_TOPIC_PREFIX, partitions: config.KAFKA_PARTITIONS },
    version: VERSION,
    openIdConnectUrl: `${issuer.url}/.well-known/openid-configuration`,
    more: async (api) => {
      await importRoutes(api, { imports, runtime: park.runtime, limitBytes: config.IMPORT_LIMIT_BYTES })
      await personLooks(api, { readSide, people: park.people })
      await findings(api, { readSide })
      await holds(api, { readSide })
    },
  })
  await app.register(pages, {
    readSide,
    viewer: builtIn ? demoViewer : undefined,
    ...(builtIn ? { signOut: builtIn.signOutUrl } : {}),
  })

  return {
    app,
    async close() {
      await app.close()
      await imports.idle()
      builtIn?.close()
    },
  }
}

async function openIssuer(
  config: Configuration,
  { pool, runtime }: Park,
  url: string,
): Promise<{ issuer: Issuer; builtIn?: BuiltInIssuer }> {
  if (config.OIDC_ISSUER !== undefined) return { issuer: externalIssuer(config.OIDC_ISSUER) }
  const builtIn = await openBuiltInIssuer({
    pool,
    url: `${url}/oidc`,
    audience: config.OIDC_AUDIENCE,
    // A unit that was registered a moment ago may sign in now: its own stream is asked, not a read model.
    findUnit: async (code) => {
      const unit = await unitToday(runtime, code)
      return unit.exists ? { roles: unit.roles } : undefined
    },
    pages: { clientId: 'wufei-pages', redirectUris: [`${url}/`, `${url}/graphiql`], signedOutUris: [`${url}/`] },
    environment: config.NODE_ENV,
  })
  return { issuer: builtIn, builtIn }
}
