import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import pg from 'pg'
import { openBorder } from '../borders/harness.ts'
import { manyProcesses, type ManyProcesses } from './many-processes.ts'

const unit = '91320594PRDUCERAA7'
const registration = {
  unit,
  name: '例一',
  roles: ['producer'],
  inside: true,
  address: '示例路1号',
  occurredAt: '2025-01-02T08:00:00+08:00',
}
const facility = (code: string) => ({
  unit,
  facility: code,
  name: code,
  kind: 'warehouse',
  occurredAt: '2025-01-02T09:00:00+08:00',
})
const lot = (batch: string) => ({
  unit,
  waste: { stream: 'hazardous', code: '900-404-06' },
  name: '废清洗溶剂',
  grams: 54_000,
  batch,
  occurredAt: '2025-12-04T08:00:00+08:00',
})

let park: ManyProcesses
let admin: string
let clerk: string
let database: pg.Client

beforeAll(async () => {
  park = await manyProcesses()
  database = new pg.Client(park.databaseUrl)
  await database.connect()
  admin = await park.token('demo-admin')
  expect((await park.post(admin, '/units', registration)).status).toBe(201)
  clerk = await park.token(`unit-${unit}`)
}, 120_000)
afterAll(async () => {
  await database.end()
  await park.close()
})

const head = async (): Promise<number> =>
  Number(
    (await database.query<{ head: string }>('select coalesce(max(position), 0) as head from es.event')).rows[0]?.head,
  )

/** Sends to one copy of a service, past the gateway. */
const direct = (
  url: string,
  path: string,
  token: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body: JSON.stringify(body),
  })

describe('a command through the gateway', () => {
  test('is answered as by the service itself, byte for byte, whichever copy decides', async () => {
    const headers = { 'idempotency-key': randomUUID(), 'accept-language': 'en' }
    const body = lot('HWCS20251204001')
    const first = await park.post(clerk, '/lots', body, headers)
    const said = await first.text()
    expect(first.status).toBe(201)
    const before = await head()
    for (const { url } of park.services.generation) {
      const again = await direct(url, '/lots', clerk, body, headers)
      expect([again.status, await again.text(), again.headers.get('idempotency-replayed')]).toEqual([201, said, 'true'])
      for (const name of ['content-type', 'etag', 'cache-control', 'wufei-events'])
        expect(again.headers.get(name), name).toBe(first.headers.get(name))
    }
    expect(await head()).toBe(before)
  })

  test('is refused in the words of the service, in the language that was asked for', async () => {
    for (const [path, body] of [
      ['/lots', {}],
      ['/lots', { ...lot('HWCS20251204002'), unit: '91350100M000100Y43' }],
      ['/units', { ...registration, unit: '91350100M000100Y44' }],
    ] as const) {
      const headers = { 'accept-language': 'en', 'idempotency-key': randomUUID() }
      const [through, straight] = [
        await park.post(clerk, path, body, headers),
        await direct(
          park.services[path === '/lots' ? 'generation' : 'registry'][0]?.url ?? '',
          path,
          clerk,
          body,
          headers,
        ),
      ]
      expect(through.status).toBeGreaterThanOrEqual(400)
      expect([through.status, await through.text(), through.headers.get('content-language')]).toEqual([
        straight.status,
        await straight.text(),
        straight.headers.get('content-language'),
      ])
    }
  })

  test('carries the revision that its sender knows', async () => {
    const { id } = (await (await park.post(clerk, '/lots', lot('HWCS20251204003'))).json()) as { id: string }
    const command = { occurredAt: '2025-12-04T10:00:00+08:00', category: 'HW06', hazards: ['T', 'I'] }
    const late = await park.post(clerk, `/lots/${id}/classification`, command, { 'if-match': '"7"' })
    expect([late.status, late.headers.get('etag')]).toEqual([409, '"1"'])
    expect((await park.post(clerk, `/lots/${id}/classification`, command, { 'if-match': '"1"' })).status).toBe(200)
  })

  test('whose body is no JSON, or too large, or whose sender nobody knows, is told so', async () => {
    expect((await park.post(clerk, '/lots', '{"unit":')).status).toBe(400)
    expect((await park.post(clerk, '/lots', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await park.post(clerk, '/lots', `{"name":"${'x'.repeat(300_000)}"}`)).status).toBe(413)
    const stranger = await park.post('no-token', '/lots', lot('HWCS20251204004'))
    expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ])
  })

  test('is seen by who asks for its position, though another process folds', async () => {
    const { id, position } = (await (await park.post(clerk, '/lots', lot('HWCS20251204005'))).json()) as {
      id: string
      position: string
    }
    const bureau = await park.token('demo-bureau')
    const found = await park.query<{ lot: { id: string } | null }>(
      bureau,
      'query ($id: ID!, $position: Position!) { lot(id: $id, minPosition: $position) { id } }',
      { id, position },
    )
    expect(found.lot).toEqual({ id })
  })
})

describe('copies of a service know what the others did', () => {
  test('that a count agrees with the books is decided on the books as they are, not as this copy remembers them', async () => {
    const day = (hour: number) => `2025-12-05T${hour}:15:00+08:00`
    const done = async (answer: Response | Promise<Response>) => {
      const { status, headers } = await answer
      expect(status).toBeLessThan(300)
      return headers.get('wufei-events')
    }
    await done(park.post(admin, '/facilities', facility('TS009')))
    const { id } = (await (await park.post(clerk, '/lots', lot('HWCS20251204007'))).json()) as { id: string }
    await done(
      park.post(clerk, `/lots/${id}/classification`, {
        category: 'HW06',
        hazards: ['T', 'I', 'R'],
        form: 'L',
        occurredAt: day(10),
      }),
    )
    await done(park.post(clerk, `/lots/${id}/label`, { occurredAt: day(11) }))

    const [one, two] = park.services.collection.map(({ url }) => url) as [string, string]
    await done(
      direct(one, `/lots/${id}/storage-in`, clerk, {
        store: 'TS009',
        grams: 54_000,
        batch: 'HWRK20251205901',
        occurredAt: day(12),
      }),
    )
    const count = (url: string, counted: number, hour: number) =>
      done(
        direct(url, `/lots/${id}/stock-take`, clerk, {
          at: { at: 'collection', holder: unit, place: 'TS009' },
          counted,
          note: '盘点',
          occurredAt: day(hour),
        }),
      )
    expect(await count(two, 50_000, 13)).toBe('1')
    // The first copy still remembers the 54 kg that it stored.
    expect(await count(one, 54_000, 14)).toBe('1')
    expect(await count(two, 54_000, 15)).toBe('0')
  })
})

describe('where a command comes from', () => {
  const provenanceOf = async (position: string) =>
    (
      await database.query<{ provenance: string }>(
        `select body::json->'metadata'->>'provenance' as provenance from es.event where position = $1`,
        [position],
      )
    ).rows[0]?.provenance

  test('may be a book, where the book-keeper of the park says so', async () => {
    const answer = await park.post(admin, '/facilities', facility('TS001'), { 'wufei-provenance': 'book' })
    expect(answer.status).toBe(201)
    expect(await provenanceOf(((await answer.json()) as { position: string }).position)).toBe('book')
    const live = await park.post(admin, '/facilities', facility('TS002'))
    expect(await provenanceOf(((await live.json()) as { position: string }).position)).toBe('live')
  })

  test('is nobody else’s to say, and nothing but live or book', async () => {
    const before = await head()
    const official = await park.token('demo-bureau')
    for (const token of [clerk, official]) {
      const answer = await park.post(token, '/lots', lot('HWCS20251204006'), { 'wufei-provenance': 'book' })
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'forbidden'])
    }
    for (const said of ['policy', 'Book', '']) {
      const answer = await park.post(admin, '/lots', lot('HWCS20251204006'), { 'wufei-provenance': said })
      expect([answer.status, ((await answer.json()) as { code: string }).code], said).toEqual([400, 'malformed'])
    }
    expect(await head()).toBe(before)
  })
})

describe('the gateway', () => {
  test('documents the commands as the park in one process does', async () => {
    const border = await openBorder()
    const alone = (await border.send(undefined, { method: 'GET', url: '/api/v1/openapi.json' })).json<{
      paths: Record<string, unknown>
      components: { schemas: Record<string, unknown> }
    }>()
    const gateway = (await (await fetch(`${park.origin}/api/v1/openapi.json`)).json()) as typeof alone
    await border.close()
    for (const path of Object.keys(alone.paths)) expect(gateway.paths[path], path).toEqual(alone.paths[path])
    // Routes that read are the gateway's, and with them some shapes of answers.
    for (const [name, schema] of Object.entries(alone.components.schemas))
      expect(gateway.components.schemas[name], name).toEqual(schema)
  })

  test('and every service says whether it lives and can serve', async () => {
    for (const url of [
      park.origin,
      ...Object.values(park.services).flatMap((copies) => copies.map((copy) => copy.url)),
    ]) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('wufei_http_request_seconds')
    }
  })
})

test('of the caretakers of a service’s copies one leads', async () => {
  await vi.waitFor(
    async () => {
      const { rows } = await database.query<{ service: string }>(
        'select service from commanding.caretaker order by service',
      )
      expect(rows.map(({ service }) => service)).toEqual(Object.keys(park.services).sort())
    },
    { timeout: 10_000 },
  )
  const { rows } = await database.query<{ held: string }>(
    'select count(*) as held from pg_locks where locktype = $1 and classid = 80 and granted',
    ['advisory'],
  )
  expect(Number(rows[0]?.held)).toBe(Object.keys(park.services).length)
})

test('a copy that is stopped finishes what it was asked, and the others go on', { timeout: 30_000 }, async () => {
  const [leaving] = park.services.generation
  const asked = Array.from({ length: 20 }, (_, i) =>
    park.post(clerk, '/lots', lot(`HWCS202512051${String(i).padStart(2, '0')}`)),
  )
  const closing = leaving?.close()
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(201)
  await closing
  const after = await Promise.all(
    Array.from({ length: 6 }, (_, i) => park.post(clerk, '/lots', lot(`HWCS202512052${String(i).padStart(2, '0')}`))),
  )
  expect(after.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201))
})
