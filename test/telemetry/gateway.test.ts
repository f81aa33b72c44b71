import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { commandRoutes } from '../../infra/http/command-route.ts'
import { buildApp } from '../../infra/http/app.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { forwardedCommands } from '../../services/gateway/forwarding/forwarded-commands.ts'
import { openForwarder } from '../../services/gateway/forwarding/forwarder.ts'
import { routes } from '../../services/registry/routes.ts'
import { ADMIN, testRuntime } from '../support/runtime.ts'
import { openCollector, traceTo } from './collector.ts'

const apps: FastifyInstance[] = []
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())))

async function door(): Promise<FastifyInstance> {
  const app = await buildApp({
    logger: openLogger('silent'),
    metrics: openMetrics(),
    authenticate: () => Promise.resolve(ADMIN),
  })
  apps.push(app)
  return app
}

test('the service behind a gateway works in the trace of the gateway, and the gateway in that of whoever sent', async () => {
  const collector = await openCollector()
  const tracing = await traceTo(collector.url)
  const service = await door()
  await service.register((api) => commandRoutes(api, { routes, runtime: testRuntime() }), { prefix: '/api/v1' })
  await service.listen({ host: '127.0.0.1', port: 0 })
  const forwarder = openForwarder({
    copies: { registry: [`http://127.0.0.1:${(service.server.address() as AddressInfo).port}`] },
  })
  const gateway = await door()
  await gateway.register((api) => forwardedCommands(api, { routes, forwarder }), { prefix: '/api/v1' })
  const answer = await gateway.inject({
    method: 'POST',
    url: '/api/v1/units',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
    payload: {
      unit: '91350100M000100Y43',
      name: '单位',
      roles: ['producer'],
      inside: true,
      occurredAt: '2025-12-04T09:00:00+08:00',
    },
  })
  expect(answer.statusCode, answer.body).toBe(201)
  forwarder.close()
  await Promise.all(apps.splice(0).map((app) => app.close()))
  await tracing.stop()
  await collector.close()

  const requests = collector.spans().filter(({ name }) => name === 'POST /api/v1/units')
  const first = requests.find(({ parentSpanId }) => parentSpanId === '00f067aa0ba902b7')
  expect(requests.map(({ traceId }) => traceId)).toEqual(requests.map(() => '4bf92f3577b34da6a3ce929d0e0e4736'))
  expect(requests.find((request) => request !== first)?.parentSpanId).toBe(first?.spanId)
})
