import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  given,
  MANIFEST,
  NEXT_CARRIER,
  NEXT_PLATE,
  OUTSIDER,
  PACKAGES,
  pickingUp,
  PLATE,
  RECEIVER,
  SOLVENT,
  staged,
} from '../support/transfers.ts'

let park: TestPark
const tokens: Record<string, string> = {}
beforeAll(async () => {
  park = await composedPark()
  await furnish(park.park.store)
  for (const unit of [CONSIGNOR, CARRIER, NEXT_CARRIER, RECEIVER, OUTSIDER])
    tokens[unit] = await park.token(`unit-${unit}`)
  for (const program of ['bureau', 'admin']) tokens[program] = await park.token(`demo-${program}`)
})
afterAll(() => park.close())

/** Of the bodies of all routes: what these tests look at. */
interface Body {
  readonly id: string
  readonly revision: number
  readonly errors: readonly object[]
  readonly availableActions: readonly object[]
  readonly findings: readonly { readonly id: string; readonly text: string }[]
}

interface Answer<T> {
  readonly status: number
  readonly body: T
}

async function send<T = Body>(
  who: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  key: string = randomUUID(),
): Promise<Answer<T>> {
  const response = await park.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${tokens[who]}`,
      'accept-language': 'en',
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
    },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })
  return { status: response.statusCode, body: response.json<T>() }
}
const PATIENCE = { timeout: 40_000, interval: 250 } as const
const folded = async () => park.runner.waitFor(await park.park.store.head(), 20_000)
const findingsFor = async (who: string, query = '') => (await send(who, 'GET', `/findings?${query}`)).body.findings

describe('a step that follows from an event and is refused', () => {
  const key = randomUUID()
  const [lot, other] = PACKAGES
  const mass = grams(lot.grams)
  const waste = { stream: 'hazardous', code: SOLVENT } as const
  const road = { at: 'transport', holder: CARRIER, place: PLATE, document: `${MANIFEST}#1` } as const
  const handover = {
    to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
    place: '中转站',
    previousArrivedAt: at(10),
    occurredAt: at(10),
  }
  const last = async (stream: string) => (await park.park.store.readStream(stream)).at(-1)?.type

  test('is no matter of the sender, whose event stands: the answer is its own success, and so is a repeat', async () => {
    const { manifest: _, ...pickup } = pickingUp()
    const legs = [
      { carrier: CARRIER, plate: PLATE, driver: { name: '示例甲' } },
      { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
    ]
    for (const [who, path, body] of [
      [CONSIGNOR, '/manifests', filing({ legs })],
      [CARRIER, `/manifests/${MANIFEST}/pickup`, pickup],
      [CARRIER, `/manifests/${MANIFEST}/departure`, { occurredAt: at(10) }],
    ] as const)
      expect((await send(who, 'POST', path, body)).status).toBeLessThan(300)
    // As a fault of an earlier release would leave it: by its own stream one lot is not on the vehicle.
    await given(park.park.store, lotStream(lot.lot), [
      {
        type: 'LotReturned',
        occurredAt: at(10),
        data: { waste, from: road, to: staged(lot), grams: mass, manifest: MANIFEST, line: 1 },
      },
    ])
    const path = `/manifests/${MANIFEST}/legs/1/handover`
    const done = await send(NEXT_CARRIER, 'POST', path, handover, key)
    expect([done.status, done.body.id]).toEqual([200, MANIFEST])
    const again = await send(NEXT_CARRIER, 'POST', path, handover, key)
    expect([again.status, again.body.revision]).toEqual([200, done.body.revision])
    // What was possible was done.
    expect(await last(lotStream(other.lot))).toBe('LotHandedOver')
  })

  test('is one finding for the office and the operator, in words, and none for the units', async () => {
    await folded()
    for (const who of ['bureau', 'admin']) {
      const found = await findingsFor(who, 'status=open')
      expect(found).toMatchObject([
        { rule: 'REACTION-REFUSED', severity: 'ALERT', subjectKind: 'manifest', subject: MANIFEST },
      ])
      expect(found[0]?.text).toMatch(/hand-over-lots.*not-on-the-road/)
    }
    for (const who of [CONSIGNOR, CARRIER, OUTSIDER]) expect(await findingsFor(who, 'status=open')).toEqual([])
  })

  test('settles the finding when it can be done after all', async () => {
    const loaded = { waste, from: staged(lot), to: road, grams: mass, whole: true, manifest: MANIFEST, line: 1 }
    await given(park.park.store, lotStream(lot.lot), [{ type: 'LotPickedUp', occurredAt: at(10), data: loaded }])
    await vi.waitFor(async () => expect(await last(lotStream(lot.lot))).toBe('LotHandedOver'), PATIENCE)
    await vi.waitFor(async () => {
      await folded()
      expect(await findingsFor('bureau', 'status=open')).toEqual([])
    }, PATIENCE)
    expect(await findingsFor('bureau', 'status=settled')).toMatchObject([{ rule: 'REACTION-REFUSED' }])
  })
})

describe('a case', () => {
  const now = (minutes = 0): string => new Date(Date.now() + minutes * 60_000).toISOString()
  const DAY = 1_440
  let finding = ''
  let id = ''

  test('grows from a finding that exists for the office, and asks a unit that the finding concerns', async () => {
    const subject = manifestStream(MANIFEST)
    const about = { rule: 'R71', subject, units: [CONSIGNOR, RECEIVER, CARRIER], streams: ['hazardous'] }
    await given(park.park.store, `finding-R71-${subject}`, [
      {
        type: 'FindingRaised',
        occurredAt: '2025-12-11T00:00:00+08:00',
        data: {
          ...about,
          severity: 'ALERT',
          facts: { number: '20253205000001', arrivedAt: at(11), workingDays: 5 },
          owner: RECEIVER,
          due: '2025-12-13T00:00:00+08:00',
        },
      } as never,
    ])
    await folded()
    const [found] = await findingsFor('bureau', `rule=R71&owner=${RECEIVER}`)
    expect(found).toMatchObject({ status: 'open', owner: RECEIVER, due: '2025-12-13T00:00:00+08:00' })
    expect(await findingsFor(RECEIVER, 'rule=R71')).toMatchObject([{ id: found?.id }])
    expect(await findingsFor(OUTSIDER, 'rule=R71')).toEqual([])
    finding = found?.id ?? ''

    const opening = { finding, demand: '三日内确认并说明原因', due: now(3 * DAY), occurredAt: now() }
    expect((await send(RECEIVER, 'POST', '/cases', opening)).body).toMatchObject({
      status: 403,
      errors: [{ code: 'case-for-offices' }],
    })
    expect((await send(OUTSIDER, 'POST', '/cases', opening)).status).toBe(404)
    expect((await send('bureau', 'POST', '/cases', { ...opening, unit: OUTSIDER })).body.errors).toMatchObject([
      { code: 'case-unit-strange', pointer: '/unit' },
    ])
    expect((await send('bureau', 'POST', '/cases', { ...opening, due: now(-1) })).body.errors).toMatchObject([
      { code: 'case-due-passed', pointer: '/due' },
    ])
    const opened = await send('bureau', 'POST', '/cases', opening)
    expect([opened.status, opened.body.availableActions]).toMatchObject([
      201,
      [
        { action: 'answer', allowed: false, refusal: { code: 'case-for-its-unit' } },
        { action: 'extension', allowed: true },
        { action: 'closing', allowed: true },
      ],
    ])
    id = opened.body.id
    expect((await send('bureau', 'POST', '/cases', opening)).body.errors).toMatchObject([{ code: 'case-open-already' }])
    expect((await send('bureau', 'POST', '/cases', { ...opening, finding: '999999999-0' })).status).toBe(404)
  })

  test('is answered by its unit, extended and closed by the office, and each step is an event', async () => {
    const step = (who: string, name: string, body: object) =>
      send(who, 'POST', `/cases/${id}/${name}`, { occurredAt: now(), ...body })
    expect((await step(CONSIGNOR, 'answer', { answer: '不是我们' })).body.errors).toMatchObject([
      { code: 'case-for-its-unit' },
    ])
    expect((await step(OUTSIDER, 'answer', { answer: '?' })).status).toBe(404)
    expect((await step(RECEIVER, 'extension', { due: now(9 * DAY), reason: '地磅检修' })).status).toBe(403)
    expect((await step('bureau', 'extension', { due: now(9 * DAY), reason: '地磅检修' })).status).toBe(200)
    expect((await step(RECEIVER, 'answer', { answer: '已确认' })).body.availableActions[0]).toMatchObject({
      action: 'answer',
      allowed: true,
    })
    expect((await step('bureau', 'closing', { result: 'rectified', note: '属实' })).status).toBe(200)
    expect((await step(RECEIVER, 'answer', { answer: '再答' })).body.errors).toMatchObject([{ code: 'case-closed' }])
    const events = await park.park.store.readStream(`case-${id}`)
    expect(events.map(({ type }) => type)).toEqual(['CaseOpened', 'CaseExtended', 'CaseAnswered', 'CaseClosed'])
  })

  test('is shown to the office, its unit and the parties, and to no one else', async () => {
    await folded()
    const query = `query ($id: ID!) { case(id: $id) { status unit finding answer result late events(first: 9) { nodes { type } } }
      cases(filter: { unit: "${RECEIVER}" }) { totalCount nodes { id rule } } }`
    for (const who of ['bureau', 'admin', RECEIVER, CONSIGNOR]) {
      const seen = await park.query<{ case: object; cases: object }>(tokens[who] ?? '', query, { id })
      expect(seen).toMatchObject({
        case: { status: 'CLOSED', unit: RECEIVER, finding, answer: '已确认', result: 'RECTIFIED', late: false },
        cases: { totalCount: 1, nodes: [{ id, rule: 'R71' }] },
      })
    }
    const none = await park.query<{ case: null }>(tokens[OUTSIDER] ?? '', 'query ($id: ID!) { case(id: $id) { id } }', {
      id,
    })
    expect(none).toEqual({ case: null })
    const feed = await send<readonly { subject: string }[]>(RECEIVER, 'GET', '/events?limit=100')
    expect(feed.body.filter(({ subject }) => subject === `case-${id}`)).toHaveLength(4)
    const foreign = await send<readonly { subject: string }[]>(OUTSIDER, 'GET', '/events?limit=100')
    expect(foreign.body.filter(({ subject }) => subject.startsWith('case-'))).toEqual([])
  })
})
