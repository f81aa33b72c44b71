import { randomUUID } from 'node:crypto'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Runtime } from '../../infra/commanding/execute.ts'
import { buildApp, type AppLimits } from '../../infra/http/app.ts'
import { commandRoutes } from '../../infra/http/command-route.ts'
import type { CommandRoute } from '../../infra/http/command-route-types.ts'
import { health } from '../../infra/http/health.ts'
import { bearerOf } from '../../infra/identity/bearer.ts'
import { openVerifier } from '../../infra/identity/verify-token.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openMetrics, type Metrics } from '../../infra/telemetry/metrics.ts'
import { measuredStore } from '../../infra/telemetry/measured-store.ts'
import { present } from '../../schemas/values/present.ts'
import { rest } from '../../services/gateway/rest/rest.ts'
import { parkRoutes, parkRuntime } from './park.ts'

export interface Claims {
  readonly sub?: string
  readonly unit?: string
  readonly roles?: readonly string[]
  readonly competence?: readonly string[]
  /** Seconds from now. */
  readonly expires?: number
}

export interface Border {
  readonly app: FastifyInstance
  readonly runtime: Runtime
  readonly routes: readonly CommandRoute[]
  readonly metrics: Metrics
  readonly logged: readonly string[]
  /** An access token of the test's own issuer. */
  token(claims: Claims): Promise<string>
  /** Sends a request as this bearer. */
  send(token: string | undefined, request: InjectOptions): Promise<LightMyRequestResponse>
  /** Sends a command, under a key of its own unless `headers` say otherwise: `undefined` for none. */
  post(
    token: string | undefined,
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export const ISSUER = 'https://issuer.test'
export const AUDIENCE = 'wufei'

/** The whole HTTP border over the park's services and the model store, with an issuer that signs whatever a test wants to claim. */
export async function openBorder(
  options: {
    readonly routes?: readonly CommandRoute[]
    readonly runtime?: Runtime
    readonly limits?: Partial<AppLimits>
  } = {},
): Promise<Border> {
  const routes = options.routes ?? parkRoutes
  const metrics = openMetrics()
  const plain = options.runtime ?? parkRuntime()
  const runtime: Runtime = { ...plain, store: measuredStore(plain.store, metrics) }
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const verify = openVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }),
  })
  const logged: string[] = []
  const logger = openLogger('info', { write: (line: string) => void logged.push(line) })
  const app = await buildApp({
    logger,
    metrics,
    authenticate: ({ headers }) => bearerOf(headers.authorization, verify),
    limits: { rate: { max: 1_000_000, windowMs: 60_000 }, ...options.limits },
  })
  await app.register(health, { metrics, checks: { store: () => runtime.store.head() } })
  await app.register(rest, {
    topics: { prefix: 'border' },
    commands: (api) => commandRoutes(api, { routes, runtime }),
    feed: runtime,
    version: 'test',
    openIdConnectUrl: `${ISSUER}/.well-known/openid-configuration`,
  })
  await app.ready()

  const send: Border['send'] = (token, request) =>
    app.inject({
      ...request,
      headers: { ...request.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    })
  return {
    app,
    runtime,
    routes,
    metrics,
    logged,
    send,
    token: ({ sub = 'someone', expires = 600, ...claims }) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
        .setSubject(sub)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.floor(Date.now() / 1_000) + expires)
        .sign(privateKey),
    post: (token, path, body, headers = {}) =>
      send(token, {
        method: 'POST',
        url: `/api/v1${path}`,
        headers: present({ 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers }),
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
    close: () => app.close(),
  }
}
