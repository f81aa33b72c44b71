import { openLedCaretaker } from '../../../infra/commanding/led-caretaker.ts'
import { ConfigurationError } from '../../../infra/configuration/configuration.ts'
import { buildApp } from '../../../infra/http/app.ts'
import { commandRoutes } from '../../../infra/http/command-route.ts'
import { health } from '../../../infra/http/health.ts'
import { bearerOf } from '../../../infra/identity/bearer.ts'
import { externalIssuer } from '../../../infra/identity/external-issuer.ts'
import { openVerifier } from '../../../infra/identity/verify-token.ts'
import { openMetrics } from '../../../infra/telemetry/metrics.ts'
import { parkDeadlines } from '../deadlines.ts'
import { openPark } from '../open.ts'
import { type ServiceName } from '../../../infra/configuration/services.ts'
import { policies as allPolicies, serviceParts } from './parts.ts'
import type { ParkProcess, ProcessOptions } from './process.ts'

/**
 * One service alone: its own commands with its own policies over the common log. What it must know of other services' things it reads
 * from their streams; it never asks another service. Several copies may run: each takes commands, one of them is the caretaker.
 */
export async function openService(name: ServiceName, { config, logger }: ProcessOptions): Promise<ParkProcess> {
  if (config.OIDC_ISSUER === undefined)
    throw new ConfigurationError([
      'OIDC_ISSUER: a service verifies the tokens of an issuer; where the gateway is the issuer, that is its origin and /oidc',
    ])
  const { routes, policies, processes = [], performsHeld } = serviceParts[name]
  const metrics = openMetrics()
  const { runtime, store, pool, databaseUrl, close } = await openPark(config, {
    metrics,
    policies: performsHeld ? allPolicies : policies,
  })
  const caretaker = openLedCaretaker(runtime, {
    service: name,
    databaseUrl,
    pool,
    policies,
    deadlines: parkDeadlines(runtime, pool, processes),
    onFault: (fault) => logger.error({ err: fault }, 'the caretaker could not look after the log and tries again'),
  })
  metrics.watchLeader('caretaker', () => caretaker.leads())
  const issuer = externalIssuer(config.OIDC_ISSUER)
  const verify = openVerifier({
    issuer: issuer.url,
    audience: config.OIDC_AUDIENCE,
    keys: issuer.keys,
    type: config.OIDC_TOKEN_TYPE,
  })
  const app = await buildApp({
    logger,
    metrics,
    authenticate: ({ headers }) => bearerOf(headers.authorization, verify),
    // Requests are counted where they come in from the world, by the gateway.
    limits: { bodyBytes: config.BODY_LIMIT_BYTES, rate: { max: Number.MAX_SAFE_INTEGER, windowMs: 60_000 } },
  })
  await app.register(health, { metrics, checks: { store: () => store.head() } })
  await app.register((api) => commandRoutes(api, { routes, runtime }), { prefix: '/api/v1' })

  return {
    app,
    async close() {
      await app.close()
      await caretaker.stop()
      await close()
    },
  }
}
