import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { openLogger } from '../telemetry/logger.ts'
import { openMetrics } from '../telemetry/metrics.ts'
import { buildApp } from './app.ts'

let app: FastifyInstance
let logged: string[]

async function anApp(): Promise<FastifyInstance> {
  logged = []
  app = await buildApp({
    logger: openLogger('warn', { write: (line: string) => void logged.push(line) }),
    metrics: openMetrics(),
    authenticate: () => Promise.resolve(undefined),
    limits: { handlerMs: 50 },
  })
  return app
}
afterEach(() => app.close())

test('a handler that does not answer in time is answered for with 503, and says no more', async () => {
  await anApp()
  app.get('/slow', async () => {
    await pause(300)
    return 'late'
  })
  const answer = await app.inject({ url: '/slow', headers: { accept: 'application/json' } })
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ code: 'unavailable' })
  expect(answer.headers['retry-after']).toBe('1')
  await pause(350)
  expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('a request could not be served now')
})

test('an answer that has begun goes on beyond that time', async () => {
  await anApp()
  app.get('/stream', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200).write('begun')
    void pause(300).then(() => reply.raw.end(' and ended'))
  })
  expect((await app.inject('/stream')).body).toBe('begun and ended')
})

test('each answer has the security headers, and a page may have a policy of its own', async () => {
  await anApp()
  app.get('/', () => 'plain')
  app.get('/own', (_request, reply) => reply.header('content-security-policy', "default-src 'none'").send('own'))
  const { headers } = await app.inject('/')
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'SAMEORIGIN',
    'permissions-policy': expect.stringContaining('camera=(self)') as string,
    'content-security-policy': expect.stringContaining("default-src 'self'") as string,
  })
  expect((await app.inject('/own')).headers['content-security-policy']).toBe("default-src 'none'")
})
