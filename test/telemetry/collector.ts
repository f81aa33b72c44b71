import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { openLogger, type Logger } from '../../infra/telemetry/logger.ts'
import { openTracing, type Tracing } from '../../infra/telemetry/tracing.ts'

/** A span as OTLP writes it in JSON (opentelemetry-proto 1.x, ids in hex), as far as the tests look. */
export interface ExportedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly status: { readonly code?: number; readonly message?: string }
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly events: readonly object[]
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: object
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[]
  }[]
}

export interface Collector {
  readonly url: string
  /** Bodies as they came. */
  readonly exports: readonly Export[]
  readonly headers: readonly Readonly<Record<string, unknown>>[]
  spans(): readonly ExportedSpan[]
  close(): Promise<void>
}

/** A receiver of OTLP over HTTP on a port of its own. */
export async function openCollector(): Promise<Collector> {
  const exports: Export[] = []
  const headers: Readonly<Record<string, unknown>>[] = []
  const server = createServer((request, response) => {
    if (
      request.method !== 'POST' ||
      request.url !== '/v1/traces' ||
      request.headers['content-type'] !== 'application/json'
    ) {
      response.writeHead(404).end()
      return
    }
    void json(request).then((body) => {
      exports.push(body as Export)
      headers.push(request.headers)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    headers,
    spans: () =>
      exports.flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

/** Tracing as a process starts it, to this address. */
export const traceTo = (
  endpoint: string,
  environment: Readonly<Record<string, string>> = {},
  logger: Logger = openLogger('silent'),
): Promise<Tracing> => openTracing(readConfiguration({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...environment }), logger)
