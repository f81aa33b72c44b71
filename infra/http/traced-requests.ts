import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openSpan, readTraceparent, traceparentOf, within } from '../telemetry/spans.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Trace that the sender says the request belongs to. */
    traceparent: string | undefined
    span: Span | undefined
  }
}

// Asked every few seconds by machines; a trace of it says nothing.
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics'])

/** Each request is a span in the trace that its sender names. Of its address only the route is kept: paths hold ids of units. */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('traceparent', undefined)
  app.decorateRequest('span', undefined)
  app.addHook('onRequest', (request, _reply, done) => {
    const sent = readTraceparent(request.headers.traceparent)
    request.traceparent = sent && traceparentOf(sent)
    request.span = spanOf(request)
    within(request.span, done)
  })
  // Reading the body went through callbacks of the socket, which know nothing of the span.
  app.addHook('preHandler', (request, _reply, done) => within(request.span, done))
}

/** Ends the span of a request that was answered. */
export function endSpan({ span }: FastifyRequest, status: number): void {
  span?.setAttribute('http.response.status_code', status)
  if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
  span?.end()
}

function spanOf({ method, routeOptions: { url: route = 'unknown' }, traceparent }: FastifyRequest): Span | undefined {
  if (UNTRACED.has(route)) return undefined
  return openSpan(`${method} ${route}`, {
    kind: SpanKind.SERVER,
    from: traceparent,
    attributes: () => ({ 'http.request.method': method, 'http.route': route }),
  })
}
