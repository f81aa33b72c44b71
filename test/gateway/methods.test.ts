import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composedPark, type TestPark } from '../support/composed-park.ts'

let park: TestPark
let token: string
beforeAll(async () => {
  park = await composedPark()
  token = await park.token('demo-admin')
})
afterAll(() => park.close())

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
const ask = (method: Method, url: string, headers: Record<string, string> = {}) =>
  park.app.inject({ method, url, headers: { authorization: `Bearer ${token}`, ...headers } })

/** One path of every door, with what it takes. */
const PATHS: readonly (readonly [string, string])[] = [
  ['/healthz', 'GET, HEAD, OPTIONS'],
  ['/metrics', 'GET, HEAD, OPTIONS'],
  ['/', 'GET, HEAD, OPTIONS'],
  ['/cells/collection/hazardous?month=2025-12', 'GET, HEAD, OPTIONS'],
  ['/graphiql', 'GET, HEAD, OPTIONS'],
  ['/graphql', 'GET, HEAD, OPTIONS, POST'],
  ['/oidc/token', 'GET, HEAD, OPTIONS, POST'],
  ['/oidc/sign-in/x', 'GET, HEAD, OPTIONS, POST'],
  ['/api/v1/openapi.json', 'GET, HEAD, OPTIONS'],
  ['/api/v1/asyncapi.json', 'GET, HEAD, OPTIONS'],
  ['/api/v1/problems/not-found', 'GET, HEAD, OPTIONS'],
  ['/api/v1/events?after=0', 'GET, HEAD, OPTIONS'],
  ['/api/v1/imports', 'OPTIONS, POST'],
  ['/api/v1/imports/0198c0de-0000-7000-8000-000000000101', 'GET, HEAD, OPTIONS'],
  ['/api/v1/lots', 'OPTIONS, POST'],
  ['/api/v1/lots/any/label', 'OPTIONS, POST'],
  ['/api/v1/manifests/0198c0de-0000-7000-8000-000000000101/legs/1/handover', 'OPTIONS, POST'],
]

describe.each(PATHS)('at %s', (url, allow) => {
  test.each(['DELETE', 'PATCH', 'PUT'] as const)('%s is 405 and says what is allowed', async (method) => {
    const answer = await ask(method, url, { 'accept-language': 'en' })
    expect([answer.statusCode, answer.headers.allow, answer.headers['content-type']]).toEqual([
      405,
      allow,
      'application/problem+json; charset=utf-8',
    ])
    expect(answer.json()).toMatchObject({
      status: 405,
      code: 'method-not-allowed',
      title: expect.stringContaining(method),
    })
  })

  test('what is not among them is 405 too, and OPTIONS answers them', async () => {
    for (const method of ['GET', 'POST'] as const)
      if (!allow.includes(method)) expect((await ask(method, url)).statusCode, method).toBe(405)
    const answer = await ask('OPTIONS', url)
    // The issuer's library answers for its own paths, and knows no OPTIONS without an origin.
    expect(answer.statusCode).toBe(url.startsWith('/oidc') ? 404 : 204)
    if (answer.statusCode === 204) expect([answer.headers.allow, answer.body]).toEqual([allow, ''])
  })
})

test('HEAD answers what GET does, without its body, also where GET would stream', async () => {
  for (const url of ['/healthz', '/', '/api/v1/openapi.json', '/api/v1/events']) {
    const [head, get] = [await ask('HEAD', url, { accept: 'text/event-stream' }), await ask('GET', url)]
    expect([head.statusCode, head.body], url).toEqual([200, ''])
    expect(head.headers['content-type'], url).toBe(get.headers['content-type'])
  }
})

test('a path that nothing answers stays 404, by whichever method, and so does a file that is not there', async () => {
  for (const url of ['/nothing', '/api/v1/nothing', '/api/v1/lots/any', '/api/v1/docs/nothing.js'])
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'] as const)
      expect((await ask(method, url)).statusCode, `${method} ${url}`).toBe(404)
  expect((await ask('GET', '/graphiql/nothing.js')).statusCode).toBe(404)
})

test.each(['/api/v1/lots', '/api/v1/imports', '/graphql'])(
  'a body of another type at %s is 415, with the type that is taken',
  async (url) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const answer = await park.app.inject({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        payload: 'a=1',
      })
      expect([answer.statusCode, answer.json().code, answer.headers.accept], type).toEqual([
        415,
        'unsupported-media-type',
        'application/json',
      ])
    }
  },
)
