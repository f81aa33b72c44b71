import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireActor } from '../../../infra/http/actor.ts'
import type { CommandRoute } from '../../../infra/http/command-route-types.ts'
import { commandDocumentation } from '../../../infra/http/openapi.ts'
import { RequestRefused } from '../../../infra/http/problem.ts'
import { currentTraceparent } from '../../../infra/telemetry/spans.ts'
import { NoCopyAnswers, type Answer, type Forwarder } from './forwarder.ts'

export interface ForwardedCommandsOptions {
  readonly routes: readonly CommandRoute[]
  readonly forwarder: Forwarder
}

/** Headers that belong to one connection and not to the message (RFC 9110 7.6.1), and those that the next connection makes itself. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The doors of the commands where the services run as processes of their own. The gateway asks who sends and passes everything else on,
 * byte for byte in both directions: each service reads, decides and answers as it does when it is asked directly. The documentation is
 * made of the same rows, so that it needs no service to be up.
 */
export async function forwardedCommands(
  app: FastifyInstance,
  { routes, forwarder }: ForwardedCommandsOptions,
): Promise<void> {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('preParsing', async (request) => void requireActor(request))
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      schema: commandDocumentation(route),
      handler: async (request, reply) => passOn(reply, await ask(forwarder, route.tag, request)),
    })
  }
}

async function ask(forwarder: Forwarder, service: string, request: FastifyRequest): Promise<Answer> {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name)))
  const traceparent = currentTraceparent()
  const body = Buffer.isBuffer(request.body) ? request.body : undefined
  try {
    return await forwarder.forward(service, {
      method: request.method,
      path: request.raw.url ?? request.url,
      headers: {
        ...headers,
        ...(traceparent ? { traceparent } : {}),
        'content-length': body?.length ?? 0,
      },
      body,
    })
  } catch (error) {
    if (error instanceof NoCopyAnswers) throw new RequestRefused({ code: 'unavailable' }, error)
    throw error
  }
}

/** Headers that the gateway set for its own answers (of security, of the rate limit) stand; all others are the service's. */
function passOn(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  const own = reply.getHeaders()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OF_THE_CONNECTION.has(name) && own[name] === undefined && name !== 'date')
      reply.header(name, value)
  }
  return reply.code(status).send(body)
}
