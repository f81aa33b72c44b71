import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLogger } from '../telemetry/logger.ts'
import { openMetrics } from '../telemetry/metrics.ts'
import { buildApp } from './app.ts'

/** A server with a request under way on a connection that its client keeps open, and told to leave just now. */
async function leaving() {
  const app = await buildApp({
    logger: openLogger('silent'),
    metrics: openMetrics(),
    authenticate: () => Promise.resolve(undefined),
  })
  let arrived = (): void => undefined
  const atWork = new Promise<void>((resolve) => (arrived = resolve))
  let finish = (): void => undefined
  const work = new Promise<void>((resolve) => (finish = resolve))
  app.get('/slow', async () => {
    arrived()
    await work
    return 'slow'
  })
  app.get('/stream', (_request, reply) => {
    reply.hijack()
    reply.raw.write('begun')
    arrived()
    void work.then(() => reply.raw.end())
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  let heard = ''
  socket.on('data', (text) => (heard += String(text)))
  const ask = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: park.test\r\n\r\n`)
  return {
    ask,
    heard: () => heard,
    async leave() {
      await atWork
      const closed = Promise.all([once(socket, 'close'), app.close()])
      await pause(20)
      return { finish, closed }
    },
  }
}

test.each(['/slow', '/stream'])(
  'what is under way at %s is finished, and its connection ends with it',
  { timeout: 5_000 },
  async (path) => {
    const { ask, heard, leave } = await leaving()
    ask(path)
    const { finish, closed } = await leave()
    finish()
    await closed
    expect(heard()).toMatch(/^HTTP\/1.1 200/)
    if (path === '/slow') expect(heard()).toMatch(/^connection: close$/im)
  },
)
