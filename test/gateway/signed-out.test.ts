import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../infra/http/app.ts'
import type { AuthenticatedActor } from '../../infra/identity/actor.ts'
import { TokenRefused } from '../../infra/identity/verify-token.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { eventFeed } from '../../services/gateway/feed/feed.ts'
import { graphqlPlugin } from '../../services/gateway/graphql/plugin.ts'
import { openDoor, type Door } from './door.ts'
import { tellPark } from './park.ts'

const reader: AuthenticatedActor = { subject: 'bookkeeper', roles: ['admin'] }

let door: Door
let app: Door['app']
let origin: string
let signedIn = true
beforeAll(async () => {
  door = await openDoor(tellPark)
  app = await buildApp({
    logger: openLogger('silent'),
    metrics: openMetrics(),
    authenticate: () => (signedIn ? Promise.resolve(reader) : Promise.reject(new TokenRefused('token-expired'))),
  })
  await app.register(eventFeed, { prefix: '/api/v1', store: door.store })
  await app.register(graphqlPlugin, { readSide: door.readSide })
  origin = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  await door.close()
})

test.each([
  ['the feed', '/api/v1/events?after=0', undefined],
  ['a subscription', '/graphql', JSON.stringify({ query: 'subscription { ledgerChanged(after: "0") { position } }' })],
])('%s that is open ends when its reader signs out', { timeout: 60_000 }, async (_, path, body) => {
  signedIn = true
  const answer = await fetch(`${origin}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: { accept: 'text/event-stream', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/event-stream/),
  ])
  const parts = answer.body?.getReader()
  expect((await parts?.read())?.done).toBe(false)
  signedIn = false
  const until = Date.now() + 40_000
  let ended = false
  while (!ended && Date.now() < until) ended = (await parts?.read())?.done ?? true
  expect(ended).toBe(true)
})
