import type { FastifyInstance } from 'fastify'

const SWEEP_MS = 50

/**
 * Once the process is to leave, each connection ends with the answer that is under way on it. Kept alive, as it would be otherwise, it would hold up
 * the end until it had been idle for a minute; and answers that began before, such as a stream of events, could not say so any more.
 */
export function endConnectionsOnClose(app: FastifyInstance): void {
  let sweeping: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    sweeping = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
  })
  app.addHook('onClose', async () => clearInterval(sweeping))
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (sweeping) reply.header('connection', 'close')
    done()
  })
}
