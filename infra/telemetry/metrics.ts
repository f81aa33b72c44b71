import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** How far a projection is behind the log. */
export interface Lag {
  readonly projection: string
  readonly events: number
  readonly seconds: number
  /** Events that could not be folded and were parked. */
  readonly parked?: number
}

/** What the park tells about itself, in the text format of Prometheus. Labels are few and never name a unit or a person. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  request(method: string, route: string, status: number, seconds: number): void
  append(outcome: string, seconds: number): void
  /** Asked each time the metrics are read. */
  watchLag(read: () => Promise<readonly Lag[]> | readonly Lag[]): void
}

const MILLISECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function openMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'wufei_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: MILLISECONDS,
    registers,
  })
  const appends = new Histogram({
    name: 'wufei_append_seconds',
    help: 'Time until the store had taken a command',
    labelNames: ['outcome'],
    buckets: MILLISECONDS,
    registers,
  })
  const events = new Gauge({ name: 'wufei_projection_lag_events', help: 'Events that a projection has yet to fold', labelNames: ['projection'], registers })
  const seconds = new Gauge({
    name: 'wufei_projection_lag_seconds',
    help: 'Age of the oldest event that a projection has yet to fold',
    labelNames: ['projection'],
    registers,
  })
  const parked = new Gauge({ name: 'wufei_projection_parked_events', help: 'Events that a projection could not fold', labelNames: ['projection'], registers })
  const failures = new Counter({ name: 'wufei_lag_unknown_total', help: 'Times that the lag could not be read', registers })
  const readers: (() => Promise<readonly Lag[]> | readonly Lag[])[] = []

  async function readLags(): Promise<void> {
    for (const read of readers) {
      try {
        for (const lag of await read()) {
          events.set({ projection: lag.projection }, lag.events)
          seconds.set({ projection: lag.projection }, lag.seconds)
          parked.set({ projection: lag.projection }, lag.parked ?? 0)
        }
      } catch {
        // Metrics are most wanted when something is broken: the rest of them must still be readable.
        failures.inc()
      }
    }
  }

  return {
    contentType: registry.contentType,
    async text() {
      await readLags()
      return registry.metrics()
    },
    request: (method, route, status, duration) => requests.observe({ method, route, status: String(status) }, duration),
    append: (outcome, duration) => appends.observe({ outcome }, duration),
    watchLag: (read) => void readers.push(read),
  }
}
