import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBorder, type Border } from './harness.ts'
import { parkRuntime } from './park.ts'

const ours = '91350100M000100Y43'
const theirs = '914403001922038216'
const occurredAt = '2025-12-04T09:00:00+08:00'
const unit = (code: string, roles: readonly string[]) => ({ unit: code, name: '单位', roles, inside: true, occurredAt })

let border: Border
let admin: string
let clerk: string
let stranger: string

beforeAll(async () => {
  border = await openBorder({ runtime: parkRuntime('2026-01-05T00:00:00.000Z') })
  admin = await border.token({ sub: 'demo-admin', roles: ['admin'] })
  clerk = await border.token({ sub: 'unit', unit: ours, roles: ['producer'] })
  stranger = await border.token({ sub: 'other', unit: theirs, roles: ['producer'] })
  expect((await border.post(admin, '/units', unit(ours, ['producer']))).statusCode).toBe(201)
  expect((await border.post(admin, '/units', unit(theirs, ['producer', 'carrier', 'recycler']))).statusCode).toBe(201)
})
afterAll(() => border.close())

// Each lot of this test has a batch code of its own.
let serial = 0
const lot = (more: object = {}) => ({
  unit: ours,
  waste: { stream: 'hazardous', code: '900-404-06' },
  name: '废有机溶剂',
  grams: 54_000,
  batch: `HWCS20251204${String(++serial).padStart(3, '0')}`,
  facility: 'MF0001',
  occurredAt,
  ...more,
})

describe('a command that is done', () => {
  test('answers what it made, at which revision and position, and what may be done next', async () => {
    const answer = await border.post(clerk, '/lots', lot())
    expect(answer.statusCode).toBe(201)
    const body = answer.json()
    expect(body).toMatchObject({ revision: 1, position: expect.stringMatching(/^\d+$/), findings: expect.any(Array) })
    expect(answer.headers.etag).toBe('"1"')
    expect(body.availableActions).toContainEqual({ action: 'classification', allowed: true })
    const classified = await border.post(
      clerk,
      `/lots/${body.id}/classification`,
      { occurredAt: '2025-12-04T10:00:00+08:00', category: 'HW06', hazards: ['T', 'I'] },
      { 'if-match': '"1"' },
    )
    expect([classified.statusCode, classified.json().revision]).toEqual([200, 2])
  })

  test('is the same command when it comes again: same answer, marked, and nothing more in the log', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const body = lot()
    const first = await border.post(clerk, '/lots', body, key)
    const head = await border.runtime.store.head()
    // The order of keys and the white space are not what was asked.
    const again = await border.post(
      clerk,
      '/lots',
      JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), undefined, 2),
      key,
    )
    expect([again.statusCode, again.body, again.headers['idempotency-replayed']]).toEqual([
      first.statusCode,
      first.body,
      'true',
    ])
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    expect(await border.runtime.store.head()).toBe(head)
  })

  test('has spent its key: another body or another door is refused with 422', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const body = lot()
    await border.post(clerk, '/lots', body, key)
    const head = await border.runtime.store.head()
    const { facility: _, occurredAt: __, ...opening } = lot({ store: 'TS001', bornOn: '2025-12-01' })
    const record = {
      unit: ours,
      waste: { stream: 'industrial', code: '900-003-S17' },
      grams: 10_000,
      record: 'CS20260104001',
      occurredAt,
    }
    for (const answer of [
      await border.post(clerk, '/lots', { ...body, grams: 1 }, key),
      await border.post(clerk, '/lots', lot(), key),
      await border.post(clerk, '/lots/opening', opening, key),
      // Claims its record's number before it appends: a spent key must not leave that claim behind.
      await border.post(clerk, '/lots/pool', record, key),
    ]) {
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'idempotency-key-reused'])
    }
    expect(await border.runtime.store.head()).toBe(head)
    expect((await border.post(clerk, '/lots/pool', record)).statusCode).toBe(201)
  })

  test('has a key of its sender alone: the same one is another key in the hands of another unit', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const receiver = await border.token({ sub: 'other', unit: theirs, roles: ['producer'] })
    const mine = await border.post(clerk, '/lots', lot(), key)
    const others = await border.post(receiver, '/lots', lot({ unit: theirs }), key)
    expect([mine.statusCode, others.statusCode]).toEqual([201, 201])
    expect(others.json().id).not.toBe(mine.json().id)
  })

  test('is not done without a key: sent three times it would be three', async () => {
    const head = await border.runtime.store.head()
    for (let sent = 0; sent < 3; sent++) {
      const answer = await border.post(clerk, '/lots', lot(), { 'idempotency-key': undefined })
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'idempotency-key-missing'])
    }
    expect(await border.runtime.store.head()).toBe(head)
  })
})

describe('a command that is not done', () => {
  test('says why in both languages, by which rule and where, and writes nothing', async () => {
    const head = await border.runtime.store.head()
    const answer = await border.post(admin, '/units', unit('91350100M000100Y44', ['producer']))
    expect(answer.statusCode).toBe(422)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.json()).toMatchObject({
      status: 422,
      code: 'rule-broken',
      rule: 'R01',
      errors: [
        {
          pointer: '/unit',
          rule: 'R01',
          zh: expect.stringMatching(/\p{Script=Han}/u),
          en: expect.not.stringMatching(/\p{Script=Han}/u),
        },
      ],
    })
    expect(await border.runtime.store.head()).toBe(head)
  })

  test('speaks the language that was asked for', async () => {
    const ask = (language: string) => border.post(clerk, '/lots', {}, { 'accept-language': language })
    expect((await ask('en-GB,en;q=0.9')).json().title).toBe('The request is malformed')
    expect((await ask('zh-CN,en;q=0.5')).json().title).toBe('请求格式不正确')
    expect((await ask('fr')).headers['content-language']).toBe('zh-CN')
  })

  test('names every field that is wrong', async () => {
    const answer = await border.post(clerk, '/lots', lot({ grams: 0, facility: 'x', unknown: 1 }))
    expect(answer.statusCode).toBe(400)
    expect(
      answer
        .json()
        .errors.map(({ pointer }: { pointer: string }) => pointer)
        .sort(),
    ).toEqual(['/facility', '/grams', '/unknown'])
  })

  test('a race tells those who have a part in it where the thing stands, and nobody else that it exists', async () => {
    const { id } = (await border.post(clerk, '/lots', lot())).json()
    const classify = (token: string) =>
      border.post(
        token,
        `/lots/${id}/classification`,
        { occurredAt: '2025-12-04T10:00:00+08:00' },
        { 'if-match': '"7"' },
      )
    const own = await classify(clerk)
    expect([own.statusCode, own.json()]).toMatchObject([
      409,
      { code: 'revision-conflict', current: { revision: 1, availableActions: expect.any(Array) } },
    ])
    const foreign = await classify(stranger)
    const absent = await border.post(
      stranger,
      `/lots/${randomUUID()}/classification`,
      { occurredAt: '2025-12-04T10:00:00+08:00' },
      { 'if-match': '"7"' },
    )
    expect([foreign.statusCode, absent.statusCode]).toEqual([404, 404])
  })
})

describe('a request that is no command', () => {
  test.each([
    ['no body', '', 400],
    ['a list', '[]', 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['the same key twice', `{"grams":1,"grams":2}`, 400],
    ['a prototype', '{"__proto__":{}}', 400],
    ['a bomb of brackets', '['.repeat(100_000), 400],
    ['1e400', '{"grams":1e400}', 400],
    ['NUL', '{"name":"\\u0000"}', 400],
    ['a lone surrogate', '{"name":"\\ud800"}', 400],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['too large', JSON.stringify({ name: 'x'.repeat(300_000) }), 413],
  ])('%s', async (_, body, status) => {
    const answer = await border.post(clerk, '/lots', body)
    expect([answer.statusCode, answer.json().status, answer.headers['content-type']]).toEqual([
      status,
      status,
      'application/problem+json; charset=utf-8',
    ])
  })

  test.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-seq',
    '',
    'garbage;;;',
  ])('a body of type %j', async (type) => {
    const answer = await border.post(clerk, '/lots', lot(), { 'content-type': type })
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'unsupported-media-type'])
  })

  test.each([
    ['idempotency-key', '1'],
    ['idempotency-key', `${randomUUID()},${randomUUID()}`],
    ['if-match', 'x'],
    ['if-match', '"-1"'],
    ['if-match', '"1", "2"'],
    ['if-match', '9'.repeat(30)],
  ])('%s: %s', async (header, value) => {
    const answer = await border.post(clerk, '/lots', lot(), { [header]: value })
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'malformed'])
  })

  test.each(['/api/v1/nothing', '/nothing', '/api/v2/lots', '/api/v1/lots/x/y/z'])('%s is nowhere', async (url) => {
    const answer = await border.send(clerk, {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload: '{}',
    })
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found'])
  })

  test.each(['GET', 'PUT', 'PATCH', 'DELETE'] as const)('%s is no way to ask for a lot', async (method) => {
    const answer = await border.send(clerk, { method, url: '/api/v1/lots' })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'OPTIONS, POST'])
  })

  test.each([
    ['NUL', '%00'],
    ['no UTF-8', '%ff'],
    ['a surrogate', '%ed%a0%80'],
    ['half an escape', '%'],
    ['a way up', '..%2f..%2f'],
    ['a very long one', 'x'.repeat(1_000)],
    ['SQL', "'; drop table x; --"],
  ])('an id that is %s', async (_, id) => {
    const answer = await border.post(clerk, `/lots/${id}/label`, { occurredAt })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.json()).toMatchObject({ code: expect.any(String), errors: expect.any(Array) })
  })

  test('without a token, with a bad one, with one that ran out', async () => {
    const expired = await border.token({ unit: ours, roles: ['producer'], expires: -120 })
    const answers = [
      await border.post(undefined, '/lots', lot()),
      await border.post('nonsense', '/lots', lot()),
      await border.post(expired, '/lots', lot()),
      await border.send(undefined, {
        method: 'POST',
        url: '/api/v1/lots',
        headers: { authorization: 'Basic eDp5', 'content-type': 'application/json' },
        payload: '{}',
      }),
    ]
    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual([
      [401, 'unauthenticated'],
      [401, 'token-invalid'],
      [401, 'token-expired'],
      [401, 'unauthenticated'],
    ])
    for (const answer of answers) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /)
  })
})

test('a flood of one actor is held back, and another is not', async () => {
  const limited = await openBorder({ limits: { rate: { max: 5, windowMs: 60_000 } } })
  const [one, two] = [await limited.token({ sub: 'one' }), await limited.token({ sub: 'two' })]
  const ask = (token: string) => limited.send(token, { method: 'GET', url: '/api/v1/events' })
  const statuses = []
  for (let i = 0; i < 7; i++) statuses.push((await ask(one)).statusCode)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
  const answer = await ask(one)
  expect([answer.json().code, Number(answer.headers['retry-after']) > 0]).toEqual(['too-many-requests', true])
  expect((await ask(two)).statusCode).toBe(200)
  await limited.close()
})

test('every answer carries the security headers, also a problem', async () => {
  for (const url of ['/healthz', '/api/v1/nothing', '/api/v1/events']) {
    const { headers } = await border.send(undefined, { method: 'GET', url })
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe-inline')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'permissions-policy': expect.stringContaining('camera'),
    })
    expect(headers['x-powered-by']).toBeUndefined()
  }
})

test('logs and metrics name no person and no token', async () => {
  await border.post(clerk, '/lots', lot({ handler: { name: '王建国', phone: '13900001111' } }))
  await border.post(clerk, '/lots', lot({ handler: { name: '王建国', phone: 13900001111 } }))
  const metrics = (await border.send(undefined, { method: 'GET', url: '/metrics' })).body
  for (const text of [border.logged.join('\n'), metrics]) {
    expect(text).not.toMatch(/王建国|13900001111/)
    expect(text).not.toContain(clerk.slice(-20))
  }
  expect(metrics).toMatch(/wufei_http_request_seconds_count\{method="POST",route="\/api\/v1\/lots",status="201"\} \d+/)
  expect(metrics).toMatch(/wufei_append_seconds_count\{outcome="appended"\} \d+/)
})
