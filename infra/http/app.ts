import rateLimit from '@fastify/rate-limit'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { renderRefusal } from '../../schemas/texts/render.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { within } from '../telemetry/spans.ts'
import { identifyActors, type Authenticate } from './actor.ts'
import { endConnectionsOnClose } from './closing.ts'
import { answerError } from './faults.ts'
import { endSlowHandlers } from './handler-timeout.ts'
import { RequestRefused } from './problem.ts'
import { requestLogger } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'
import { parseStrictJson } from './strict-json.ts'
import { endSpan, traceRequests } from './traced-requests.ts'
import { answerUnknownRoutes } from './unknown-routes.ts'

export interface AppLimits {
  /** Bytes of a body; imports have a limit of their own. */
  readonly bodyBytes: number
  /** Milliseconds that a request may take to arrive, and its handler to answer. */
  readonly requestMs: number
  readonly handlerMs: number
  /** Requests of one actor, or of one address that does not say who it is, in a window. */
  readonly rate: { readonly max: number; readonly windowMs: number }
}

export const defaultLimits: AppLimits = {
  bodyBytes: 256 * 1024,
  requestMs: 30_000,
  handlerMs: 60_000,
  rate: { max: 30_000, windowMs: 10_000 },
}

export interface AppOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly authenticate: Authenticate
  readonly limits?: Partial<AppLimits>
  /** Whether `X-Forwarded-*` of the proxy in front is believed. */
  readonly trustProxy?: boolean
}

// A path parameter is an id; the longest one is a lot's (64 characters), and percent-encoding triples what it has to.
const MAX_PARAM_LENGTH = 256

/**
 * The application that every door hangs on: strict bodies, identity, limits, security headers, problems, logs and metrics. Doors are
 * registered as plugins on what comes back.
 */
export async function buildApp({
  logger,
  metrics,
  authenticate,
  limits: own = {},
  trustProxy = false,
}: AppOptions): Promise<FastifyInstance> {
  const limits = { ...defaultLimits, ...own }
  const loggerInstance: FastifyBaseLogger = logger
  const app: FastifyInstance = fastify({
    loggerInstance,
    childLoggerFactory: requestLogger(logger),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    requestIdHeader: false,
    // What comes by a connection that is open still is answered, with word that the connection ends: nobody is refused because we are about to leave.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  })
  app.setErrorHandler(answerError)
  answerUnknownRoutes(app, MAX_PARAM_LENGTH)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseStrictJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })

  endConnectionsOnClose(app)
  endSlowHandlers(app, limits.handlerMs)
  traceRequests(app)
  // No id holds NUL, and no column takes one.
  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (url.includes('%00'))
      return done(
        new RequestRefused({
          code: 'malformed',
          errors: [renderRefusal({ code: 'url-malformed', pointer: '', facts: {} })],
        }),
      )
    done()
  })
  await securityHeaders(app)
  identifyActors(app, authenticate)
  // Added to each route behind the hook above, so that its key is who is asking and not what they claim to be.
  await app.register(rateLimit, {
    max: limits.rate.max,
    timeWindow: limits.rate.windowMs,
    keyGenerator: ({ actor, ip }) => (actor ? `actor ${actor.subject}` : `address ${ip}`),
    errorResponseBuilder: (_request, { ttl }) =>
      new RequestRefused({ code: 'too-many-requests', headers: { 'retry-after': String(Math.ceil(ttl / 1_000)) } }),
  })

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    const { statusCode: status, elapsedTime: ms } = reply
    metrics.request(request.method, route, status, ms / 1_000)
    if (logger.isLevelEnabled('info')) {
      const { id: reqId, method, actor } = request
      const line = { reqId, method, route, status, ms: Math.round(ms), subject: actor?.subject, unit: actor?.unit }
      within(request.span, () => logger.info(line, 'request'))
    }
    endSpan(request, status)
    done()
  })
  return app
}
