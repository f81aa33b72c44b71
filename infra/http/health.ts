import type { FastifyInstance } from 'fastify'
import { inTime } from '../process/in-time.ts'
import { reasonOf } from '../process/reason.ts'
import type { Metrics } from '../telemetry/metrics.ts'

export interface HealthOptions {
  readonly metrics: Metrics
  /** What must work before the park takes requests, by name; each rejects where it does not. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>
  /** How many events are in no figure because they could not be folded; more than none is `degraded`, and still ready. */
  readonly parked?: () => Promise<number>
}

const CHECK_MS = 2_000

/** `/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: what it does. For the machine that runs it; no identity asked. */
export async function health(app: FastifyInstance, { metrics, checks, parked }: HealthOptions): Promise<void> {
  const open = { config: { rateLimit: false as const } }
  app.get('/healthz', open, () => ({ status: 'ok' }))
  app.get('/readyz', open, async (request, reply) => {
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await inTime(check(), CHECK_MS)
          return [name, 'ok'] as const
        } catch (error) {
          request.log.warn({ reason: reasonOf(error), check: name }, 'not ready')
          return [name, 'failed'] as const
        }
      }),
    )
    const ready = states.every(([, state]) => state === 'ok')
    // What cannot be counted is no reason to take a process that serves out of service.
    const aside = parked ? await inTime(parked(), CHECK_MS).catch(() => undefined) : undefined
    const status = !ready ? 'not-ready' : aside ? 'degraded' : 'ready'
    return reply
      .code(ready ? 200 : 503)
      .send({ status, checks: Object.fromEntries(states), ...(aside === undefined ? {} : { parked: aside }) })
  })
  app.get('/metrics', open, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
}
