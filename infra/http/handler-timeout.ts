import type { FastifyInstance, FastifyReply } from 'fastify'
import { RequestRefused } from './problem.ts'

/** How often it is looked for handlers that take too long, milliseconds; none is ended later than this after its time. */
const LOOK_MS = 1_000

/**
 * Answers 503 where a handler has not begun to answer in `handlerMs`. What has begun, such as a stream of events, has limits of its own and is left
 * alone. One timer looks at all requests: fastify's own `handlerTimeout` makes an abort controller, a timer and, with each answer, an error for
 * every request, which was a tenth of what a command cost.
 */
export function endSlowHandlers(app: FastifyInstance, handlerMs: number): void {
  // In the order in which they came.
  const open = new Map<FastifyReply, number>()
  const look = (): void => {
    const due = performance.now() - handlerMs
    for (const [reply, began] of open) {
      if (began > due) return
      open.delete(reply)
      if (!reply.sent && !reply.raw.headersSent && !reply.raw.destroyed)
        void reply.send(new RequestRefused({ code: 'unavailable' }, new Error(`no answer in ${handlerMs} ms`)))
    }
  }
  const timer = setInterval(look, Math.min(LOOK_MS, handlerMs))
  timer.unref()
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    done()
  })
  app.addHook('onRequest', (_request, reply, done) => {
    open.set(reply, performance.now())
    done()
  })
  app.addHook('onResponse', (_request, reply, done) => {
    open.delete(reply)
    done()
  })
}
