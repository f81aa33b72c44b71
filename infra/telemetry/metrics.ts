import { inTime } from '../process/in-time.ts'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Refusal } from '../../schemas/decision.ts'
import type { Behind } from '../event-store/behind.ts'
import type { FeedCounts } from '../feed/counts.ts'

/** How far a projection is behind the log. */
export interface Lag extends Behind {
  readonly projection: string
  /** Events that could not be folded and were parked. */
  readonly parked?: number
}

/** What one process of several at a time does. */
export type Leadership = 'projections' | 'caretaker' | 'relay'

/** What the park tells about itself, in the text format of Prometheus. Labels are few and never name a unit or a person. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  request(method: string, route: string, status: number, seconds: number): void
  append(outcome: string, seconds: number): void
  /** Requests that one commit of the event store carried. */
  batch(requests: number): void
  /** What senders were refused, by code and rule of law; which unit asked is nobody's business here. */
  refused(refusals: readonly Refusal[]): void
  /** Asked each time the metrics are read. */
  watchLag(read: () => Promise<readonly Lag[]> | readonly Lag[]): void
  watchRelay(read: () => Promise<Behind> | Behind): void
  /** What became of what a feed over Kafka was told. */
  watchFeed(read: () => FeedCounts): void
  /** Whether this process is the one that does it now. */
  watchLeader(what: Leadership, leads: () => boolean): void
}

const READ_MS = 2_000
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024]
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
  const batches = new Histogram({
    name: 'wufei_append_batch_requests',
    help: 'Requests that one commit carried',
    buckets: BATCHES,
    registers,
  })
  const refusals = new Counter({
    name: 'wufei_refusals_total',
    help: 'Refusals that senders were answered with',
    labelNames: ['code', 'rule'],
    registers,
  })
  const leaders = new Gauge({
    name: 'wufei_leader',
    help: '1 where this process is the one that does it',
    labelNames: ['of'],
    registers,
  })
  const events = new Gauge({
    name: 'wufei_projection_lag_events',
    help: 'Events that a projection has yet to fold, counted to 1,000',
    labelNames: ['projection'],
    registers,
  })
  const seconds = new Gauge({
    name: 'wufei_projection_lag_seconds',
    help: 'Age of the oldest event that a projection has yet to fold',
    labelNames: ['projection'],
    registers,
  })
  const parked = new Gauge({
    name: 'wufei_projection_parked_events',
    help: 'Events that a projection could not fold',
    labelNames: ['projection'],
    registers,
  })
  const fed = new Gauge({
    name: 'wufei_feed_records',
    help: 'Records and events that the feed over Kafka met since this process began, by what became of them',
    labelNames: ['outcome'],
    registers,
  })
  const failures = new Counter({
    name: 'wufei_lag_unknown_total',
    help: 'Times that a lag could not be read',
    registers,
  })
  const readers: (() => Promise<void>)[] = []

  /** Metrics are most wanted when something is broken: what fails or hangs must not keep the rest of them. */
  const readLags = (): Promise<unknown> =>
    Promise.all(readers.map((read) => inTime(read(), READ_MS).catch(() => failures.inc())))

  return {
    contentType: registry.contentType,
    async text() {
      await readLags()
      return registry.metrics()
    },
    request: (method, route, status, duration) => requests.observe({ method, route, status: String(status) }, duration),
    append: (outcome, duration) => appends.observe({ outcome }, duration),
    batch: (carried) => batches.observe(carried),
    refused(all) {
      for (const { code, rule = '' } of all) refusals.inc({ code, rule })
    },
    watchLag(read) {
      readers.push(async () => {
        for (const lag of await read()) {
          events.set({ projection: lag.projection }, lag.events)
          seconds.set({ projection: lag.projection }, lag.seconds)
          parked.set({ projection: lag.projection }, lag.parked ?? 0)
        }
      })
    },
    watchRelay(read) {
      // Made here, because a gauge without labels is 0 from the beginning, and a process that relays nothing has no lag to tell.
      const relayEvents = new Gauge({
        name: 'wufei_relay_lag_events',
        help: 'Events that the relay has yet to publish, counted to 1,000',
        registers,
      })
      const relaySeconds = new Gauge({
        name: 'wufei_relay_lag_seconds',
        help: 'Age of the oldest event that the relay has yet to publish',
        registers,
      })
      readers.push(async () => {
        const lag = await read()
        relayEvents.set(lag.events)
        relaySeconds.set(lag.seconds)
      })
    },
    watchFeed: (read) =>
      void readers.push(async () => {
        for (const [outcome, count] of Object.entries(read())) fed.set({ outcome }, Number(count))
      }),
    watchLeader: (what, leads) => void readers.push(async () => leaders.set({ of: what }, leads() ? 1 : 0)),
  }
}
