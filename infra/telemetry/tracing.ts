import { diag, DiagLogLevel, trace } from '@opentelemetry/api'
import type { Configuration } from '../configuration/configuration.ts'
import type { Logger } from './logger.ts'
import { MAX_LINKS, traceWith } from './spans.ts'

export interface Tracing {
  /** Sends what is still here, then traces no more. A collector that is gone holds this up for `FLUSH_MS` at most. */
  stop(): Promise<void>
}

type Settings = Pick<
  Configuration,
  'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_SERVICE_NAME' | 'OTEL_TRACES_SAMPLER_ARG'
>

const FLUSH_MS = 2_000
const VERSION = '0.1.0'

/**
 * Traces this process by OpenTelemetry and sends the spans to a collector (OTLP over HTTP, JSON). Off, and not even loaded, without an endpoint.
 * A trace is kept or not by its id alone, so all processes that have the same ratio decide alike, and no caller can make us keep all of theirs.
 */
export async function openTracing(config: Settings, logger: Logger): Promise<Tracing> {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: headers = {},
    OTEL_SERVICE_NAME: service,
    OTEL_TRACES_SAMPLER_ARG: ratio,
  } = config
  if (endpoint === undefined) return { stop: () => Promise.resolve() }
  const [
    { BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler, TraceIdRatioBasedSampler },
    { OTLPTraceExporter },
    { resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])

  // What the SDK has to say is about its own business: a collector that does not answer.
  const say = (message: string): void => logger.warn({ telemetry: message }, 'traces')
  diag.setLogger(
    { error: say, warn: say, info: say, debug: say, verbose: say },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )

  const byId = new TraceIdRatioBasedSampler(ratio)
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers,
    timeoutMillis: FLUSH_MS,
  })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'wufei',
      'service.version': VERSION,
    }),
    sampler: new ParentBasedSampler({ root: byId, remoteParentSampled: byId }),
    spanLimits: { linkCountLimit: MAX_LINKS },
    spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: FLUSH_MS })],
  })
  provider.register()
  traceWith(trace.getTracer('wufei', VERSION))
  return {
    async stop() {
      traceWith(undefined)
      await provider
        .shutdown()
        .catch((fault: unknown) => logger.warn({ err: fault }, 'the last traces could not be sent'))
      trace.disable()
      diag.disable()
    },
  }
}
