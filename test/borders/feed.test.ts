import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toIntegration } from '../../schemas/integration/cloud-event.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { cloudEvent } from '../../services/gateway/feed/cloud-event.ts'
import { openBorder, type Border, type Claims } from './harness.ts'
import { parkRuntime } from './park.ts'

const ours = '91350100M000100Y43'
const theirs = '914403001922038216'
const occurredAt = '2025-12-04T09:00:00+08:00'

interface Event {
  readonly type: string
  readonly subject: string
  readonly position: string
  readonly data: Readonly<Record<string, unknown>>
}

let border: Border
const lots: Record<string, string> = {}
const as = (claims: Claims) => border.token(claims)
const unitToken = (unit: string) => as({ sub: `unit-${unit}`, unit, roles: ['producer'] })
const official = (...competence: string[]) => as({ sub: 'official', roles: ['bureau'], competence })
const admin = () => as({ sub: 'demo-admin', roles: ['admin'] })

const feed = async (token: string, query = '') => border.send(token, { method: 'GET', url: `/api/v1/events${query}` })
const eventsOf = async (token: string, query = ''): Promise<readonly Event[]> => (await feed(token, query)).json()

async function generate(unit: string, stream: string, code: string, batch: string): Promise<string> {
  const answer = await border.post(await admin(), '/lots', {
    unit,
    waste: { stream, code },
    grams: 54_000,
    batch,
    facility: 'MF0001',
    occurredAt,
    handler: { name: '王建国', phone: '13900001111' },
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().id
}

beforeAll(async () => {
  border = await openBorder({ runtime: parkRuntime('2026-01-05T00:00:00.000Z') })
  for (const unit of [ours, theirs])
    expect(
      (
        await border.post(await admin(), '/units', {
          unit,
          name: '单位',
          roles: ['producer'],
          inside: true,
          occurredAt,
        })
      ).statusCode,
    ).toBe(201)
  lots.ours = await generate(ours, 'hazardous', '900-404-06', 'HWCS20251204001')
  lots.theirs = await generate(theirs, 'hazardous', '900-404-06', 'HWCS20251204001')
  const label = await border.post(await admin(), `/lots/${lots.ours}/label`, { occurredAt })
  expect(label.statusCode, label.body).toBe(200)
})
afterAll(() => border.close())

/** A log of its own, whose lot goes on with something that only a later system knows. */
async function logOfALaterSystem() {
  const own = await openBorder({ runtime: parkRuntime('2026-01-05T00:00:00.000Z') })
  const admin = await own.token({ sub: 'demo-admin', roles: ['admin'] })
  const post = (path: string, body: object) => own.post(admin, path, body)
  const registered = { name: '单位', roles: ['producer'], inside: true, occurredAt }
  expect((await post('/units', { ...registered, unit: ours })).statusCode).toBe(201)
  const generated = await post('/lots', {
    unit: ours,
    waste: { stream: 'hazardous', code: '900-404-06' },
    grams: 54_000,
    batch: 'HWCS20251204001',
    facility: 'MF0001',
    occurredAt,
  })
  const { store } = own.runtime
  const before = await store.head()
  const [known] = (await store.readStream(`lot-${generated.json().id}`)) as [RecordedEvent]
  const append = async (change: object) => {
    const commandId = randomUUID()
    const { occurredAt: at, data, metadata, schemaVersion, type } = known
    const event = { occurredAt: at, data, metadata: { ...metadata, commandId }, schemaVersion, type, ...change }
    await store.append({ stream: known.stream, expected: 'any', commandId, events: [event] })
    return store.head()
  }
  const get = async (token: string, query: string, accept = 'application/json') =>
    own.send(token, { method: 'GET', url: `/api/v1/events${query}`, headers: { accept, 'accept-language': 'en' } })
  const unit = await own.token({ sub: `unit-${ours}`, unit: ours, roles: ['producer'] })
  return { own, admin, unit, before, append, get }
}

describe.each([
  ['of a type that only a later system knows', { type: 'LotFrobnicated' }],
  ['in a version that only a later system knows', { schemaVersion: 99 }],
])('an event %s', (_, change) => {
  let log: Awaited<ReturnType<typeof logOfALaterSystem>>
  let later: number
  beforeAll(async () => {
    log = await logOfALaterSystem()
    later = await log.append(change)
    await log.append({})
  })
  afterAll(() => log.own.close())

  test('ends the page before it, and is then 503 with a code and a time to come again, whatever comes after it', async () => {
    const page = await log.get(log.admin, '?after=0')
    expect([page.statusCode, page.headers['wufei-position']]).toEqual([200, String(log.before)])
    expect(page.json<Event[]>().at(-1)?.position).toBe(String(log.before))
    const stopped = await log.get(log.admin, `?after=${log.before}&wait=5`)
    expect([stopped.statusCode, stopped.headers['retry-after']]).toEqual([503, '60'])
    expect(stopped.headers['content-type']).toContain('application/problem+json')
    expect(stopped.json()).toMatchObject({
      code: 'event-of-later-system',
      title: expect.stringContaining(`position ${later} `),
    })
    expect(stopped.headers['wufei-position']).toBe(String(log.before))
  })

  test('stops a unit too, which cannot know whether it is for it', async () => {
    for (let after = 0; ; ) {
      const answer = await log.get(log.unit, `?after=${after}`)
      if (answer.statusCode === 503) {
        expect(answer.json()).toMatchObject({ code: 'event-of-later-system' })
        break
      }
      expect(answer.statusCode).toBe(200)
      const reached = Number(answer.headers['wufei-position'])
      expect(reached).toBeGreaterThan(after)
      expect(reached).toBeLessThan(later)
      after = reached
    }
  })

  test('ends an open feed after what goes before it, with the time to come again, which is answered with 503', async () => {
    const open = await log.get(log.admin, '?after=0', 'text/event-stream')
    expect(open.statusCode).toBe(200)
    expect(open.body).toContain(`id: ${log.before}\n`)
    expect(open.body).not.toContain(`id: ${later}\n`)
    expect(open.body.endsWith('retry: 60000\n\n')).toBe(true)
    const again = await log.get(log.admin, `?after=${log.before}`, 'text/event-stream')
    expect([again.statusCode, again.headers['retry-after']]).toEqual([503, '60'])
  })

  test('is logged once at error level for operators', async () => {
    await log.get(log.admin, `?after=${log.before}`)
    const lines = log.own.logged.filter((line) => line.includes('upgrade this service'))
    expect(lines.filter((line) => line.includes(`"position":${later}`))).toHaveLength(1)
    expect(lines.every((line) => line.includes('"level":50'))).toBe(true)
  })
})

describe('the feed', () => {
  test('is a batch of CloudEvents in the order of the log, with sealed persons', async () => {
    const answer = await feed(await admin())
    expect(answer.headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8')
    const events: readonly Event[] = answer.json()
    expect(events.map(({ position }) => Number(position))).toEqual(
      events.map(({ position }) => Number(position)).sort((a, b) => a - b),
    )
    expect(events.map(({ type }) => type)).toContain('cn.wufei.lot.labelled.v1')
    expect(answer.body).not.toMatch(/王建国|13900001111/)
  })

  test('is what Kafka is told, event by event and byte by byte, for who may see everything', async () => {
    const stored = await border.runtime.store.readAll(0, 100)
    expect(stored.length).toBeGreaterThan(5)
    expect((await feed(await admin())).body).toBe(JSON.stringify(stored.map((event) => toIntegration(event))))
  })

  test('is resumed where it was left, without a gap and without a repeat', async () => {
    const token = await admin()
    const whole = await eventsOf(token)
    const pieces: Event[] = []
    for (let after = '0'; ; ) {
      const page = await feed(token, `?after=${after}&limit=2`)
      pieces.push(...page.json())
      after = String(page.headers['wufei-position'])
      if (page.json().length === 0) break
      expect(page.headers.link).toBe(`</api/v1/events?after=${after}&limit=2>; rel="next"`)
    }
    expect(pieces).toEqual(whole)
  })

  test('shows a unit what names it, and what happens to what is its own, and nothing else', async () => {
    const events = await eventsOf(await unitToken(ours))
    expect(events.map(({ type }) => type)).toEqual([
      'cn.wufei.unit.registered.v1',
      'cn.wufei.lot.generated.v1',
      'cn.wufei.lot.labelled.v1',
    ])
    expect(JSON.stringify(events)).not.toContain(theirs)
    expect(JSON.stringify(events)).not.toContain(lots.theirs)
  })

  test('shows an office the streams of its competence and the master data', async () => {
    const subjects = async (token: string) =>
      (await eventsOf(token)).map(({ type }) => type.split('.').slice(2, 4).join('.'))
    expect(await subjects(await official('hazardous'))).toEqual([
      'unit.registered',
      'unit.registered',
      'lot.generated',
      'lot.generated',
      'lot.labelled',
    ])
    expect(await subjects(await official('municipal'))).toEqual(['unit.registered', 'unit.registered'])
    expect(await subjects(await official())).toEqual([])
    expect(await subjects(await as({ roles: ['driver'] }))).toEqual([])
  })

  test('says how far it looked even where nothing was for the reader, and not how much there was', async () => {
    const answer = await feed(await as({ roles: [] }))
    expect([answer.json(), answer.headers['wufei-position']]).toEqual([[], String(await border.runtime.store.head())])
  })

  test('waits for what is not there yet, and no longer than asked', async () => {
    const head = await border.runtime.store.head()
    const waiting = feed(await admin(), `?after=${head}&wait=20`)
    const id = await generate(ours, 'hazardous', '900-404-06', 'HWCS20251204002')
    expect((await waiting).json()).toMatchObject([{ subject: `lot-${id}` }])
    const end = await border.runtime.store.head()
    expect((await feed(await admin(), `?after=${end}&wait=0`)).json()).toEqual([])
  })

  test.each([
    '?after=-1',
    '?after=x',
    '?limit=0',
    '?limit=101',
    '?limit=1e2',
    '?wait=31',
    '?after=9999999999999999999',
    '?unknown=1',
    '?after=1&after=2',
  ])('refuses the question %s', async (query) => {
    const answer = await feed(await admin(), query)
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'malformed'])
  })

  test('names to a unit who acted for itself, and of others only for which unit', async () => {
    await border.post(
      await as({ sub: 'clerk', unit: ours, roles: ['producer'] }),
      `/lots/${lots.ours}/classification`,
      {
        occurredAt,
        reason: '补录',
      },
    )
    const last = async (token: string) => (await eventsOf(token)).at(-1)
    const own = (await last(await unitToken(ours))) as Event
    expect(own.data).toMatchObject({ actor: { subject: 'clerk', unit: ours }, reason: '补录' })
    expect(await last(await official('hazardous'))).toEqual(own)
    const { subject: _s, ...actor } = own.data.actor as { subject: string }
    const recorded = (await border.runtime.store.readAll(Number(own.position) - 1, 1)).at(0) as RecordedEvent
    const seen = cloudEvent(recorded, { all: false, units: [theirs] })
    expect(seen.data).toEqual({ facts: own.data.facts, actor })
    expect(JSON.stringify(seen)).not.toMatch(/clerk|补录/)
    expect({ ...seen, data: 0 }).toEqual({ ...own, data: 0 })
  })

  test.each(['', '&wait=5'])(
    'refuses to go on from beyond the end of the log, and says where that is%s',
    async (more) => {
      const [head, epoch] = [await border.runtime.store.head(), await border.runtime.store.epoch()]
      const answer = await feed(await admin(), `?after=${head + 1}${more}`)
      expect(answer.statusCode).toBe(409)
      expect(answer.json()).toMatchObject({ code: 'position-beyond-head', head: String(head), epoch })
      expect(answer.headers).toMatchObject({ 'wufei-position': String(head), 'wufei-epoch': epoch })
      expect((await feed(await admin(), `?after=${head}`)).headers['wufei-epoch']).toBe(epoch)
    },
  )

  test('refuses a position of an epoch that is over', async () => {
    const epoch = await border.runtime.store.epoch()
    expect((await feed(await admin(), `?after=1&epoch=${epoch}`)).statusCode).toBe(200)
    const answer = await feed(await admin(), '?after=1&epoch=00000000-0000-4000-8000-000000000000')
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'epoch-changed'])
  })

  test.each([
    ['999999999', 409, 'position-beyond-head'],
    ['-1', 400, 'malformed'],
    ['x', 400, 'malformed'],
    ['99999999999999999999', 400, 'malformed'],
  ])('as a stream is not opened after %s: it would stay deaf', async (last, status, code) => {
    const answer = await border.send(await admin(), {
      method: 'GET',
      url: '/api/v1/events',
      headers: { accept: 'text/event-stream', 'last-event-id': last },
    })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('is closed to who does not say who they are', async () => {
    expect((await border.send(undefined, { method: 'GET', url: '/api/v1/events' })).statusCode).toBe(401)
  })
})

test('the stream goes on as the log grows, and resumes by Last-Event-ID', async () => {
  const own = await openBorder({ runtime: border.runtime })
  await own.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = own.app.server.address() as AddressInfo
  const token = await own.token({ sub: `unit-${ours}`, unit: ours, roles: ['producer'] })
  const open = (after: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/api/v1/events?after=${after}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, ...headers },
    })

  const answer = await open('0')
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const received = messages(answer)
  const known = [await next(received), await next(received), await next(received)]
  expect(known.map(({ event }) => event)).toEqual([
    'cn.wufei.unit.registered.v1',
    'cn.wufei.lot.generated.v1',
    'cn.wufei.lot.labelled.v1',
  ])
  await generate(theirs, 'hazardous', '900-404-06', 'HWCS20251204003')
  const mine = await generate(ours, 'hazardous', '900-404-06', 'HWCS20251204003')
  let message = await next(received)
  while (!message.data.includes(mine)) message = await next(received)
  expect(message.data).not.toContain(theirs)
  await received.return(undefined)

  const resumed = messages(await open('0', { 'last-event-id': known[2]?.id ?? '' }))
  expect(Number((await next(resumed)).id)).toBeGreaterThan(Number(known[2]?.id))
  // A server that closes ends its streams, and does not wait for their readers.
  await own.app.close()
  for await (const _ of resumed);
})

interface Message {
  readonly id: string
  readonly event: string
  readonly data: string
}

async function* messages(answer: Response): AsyncGenerator<Message, void> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      if (fields.data) yield { id: fields.id ?? '', event: fields.event ?? '', data: fields.data }
    }
  }
}

async function next(received: AsyncGenerator<Message, void>): Promise<Message> {
  const { value } = await received.next()
  if (!value) throw new Error('the stream ended')
  return value
}

const published = new URL('../../../shared/testdata/cloudevents/cloudevents-1.0-schema.json', import.meta.url)
const schemaThere = existsSync(published)
if (!schemaThere) console.log('skipped: the published schema of CloudEvents 1.0 is not beside this clone (../shared)')

test.skipIf(!schemaThere)('every event is valid by the published schema of CloudEvents 1.0', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ;(formats as unknown as (ajv: Ajv) => void)(ajv)
  const validate = ajv.compile(JSON.parse(readFileSync(published, 'utf8')))
  const events = await eventsOf(await admin())
  expect(events.length).toBeGreaterThan(5)
  for (const event of events) expect(validate(event), JSON.stringify(validate.errors)).toBe(true)
  expect(validate({ ...events[0], specversion: undefined, id: '' })).toBe(false)
  // Names of attributes are lower-case letters and digits (CloudEvents 1.0, 3.1), which the schema itself does not check.
  for (const event of events) for (const name of Object.keys(event)) expect(name).toMatch(/^[a-z0-9]{1,20}$/)
})
