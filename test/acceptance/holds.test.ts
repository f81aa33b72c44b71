import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { carryOutHeld } from '../../infra/commanding/holding.ts'
import { SYSTEM_ACTOR } from '../../infra/commanding/policies.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { HoldEventOf } from '../../schemas/hold/events.ts'
import { holdFold } from '../../schemas/hold/state.ts'
import { holdStream, lotStream } from '../../schemas/values/identifiers.ts'
import { parkDeadlines } from '../../services/park/deadlines.ts'
import { processes } from '../../services/supervision/deadlines.ts'
import { releaseHold } from '../../services/supervision/holds.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { CARRIER, CONSIGNOR, furnish, given, OUTSIDER } from '../support/transfers.ts'

/** Commands that break a rule of severity HOLD, by their routes: R04, a code of an identification without its report. */
let park: TestPark
const tokens: Record<string, string> = {}
beforeAll(async () => {
  park = await composedPark()
  await furnish(park.park.store)
  for (const unit of [CONSIGNOR, CARRIER, OUTSIDER]) tokens[unit] = await park.token(`unit-${unit}`)
  for (const program of ['bureau', 'admin', 'enforcement']) tokens[program] = await park.token(`demo-${program}`)
})
afterAll(() => park.close())

interface Body {
  readonly id: string
  readonly hold: string
  readonly code: string
  readonly revision: number
  readonly errors: readonly { readonly code: string }[]
  readonly findings: readonly { readonly rule: string; readonly severity: string }[]
  readonly availableActions: readonly { readonly action: string; readonly allowed: boolean }[]
}

async function post(who: string, path: string, body: object, key: string = randomUUID()) {
  const response = await park.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${tokens[who]}`,
      'accept-language': 'en',
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    payload: JSON.stringify(body),
  })
  return { status: response.statusCode, headers: response.headers, body: response.json<Body>() }
}

const now = (): string => new Date().toISOString()
const IDENTIFIED = '900-000-06'
const ofLot = async (lot: string) => (await park.park.store.readStream(lotStream(lot))).map(({ type }) => type)
const ofHold = async (hold: string) => (await park.park.store.readStream(holdStream(hold))).map(({ type }) => type)
const PATIENCE = { timeout: 40_000, interval: 250 } as const

/** A lot whose code asks for a report, and the command that classifies it without one. */
async function heldLot() {
  const { body } = await post(CONSIGNOR, '/lots', {
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: IDENTIFIED },
    grams: 54_000,
    facility: 'MF0001',
    occurredAt: now(),
  })
  const key = randomUUID()
  const command = { occurredAt: now(), form: 'L' }
  const send = () => post(CONSIGNOR, `/lots/${body.id}/classification`, command, key)
  const answer = await send()
  expect([answer.status, answer.body]).toMatchObject([202, { findings: [{ rule: 'R04', severity: 'HOLD' }] }])
  return { lot: body.id, hold: answer.body.hold, answer, send }
}
type Held = Awaited<ReturnType<typeof heldLot>>
const decide = (who: string, { hold }: Held, action: string, key?: string) =>
  post(who, `/holds/${hold}/${action}`, { reason: '鉴别报告将于本周出具' }, key)

describe('a command that a rule holds', () => {
  test('is stored and not done; its key gets the same answer, and where it is to be seen', async () => {
    const { lot, hold, answer, send } = await heldLot()
    expect(await ofLot(lot)).toEqual(['LotGenerated'])
    expect(await ofHold(hold)).toEqual(['CommandHeld'])
    expect(answer.headers['location']).toBe(`/api/v1/holds/${hold}`)
    const again = await send()
    expect([again.status, again.headers['idempotency-replayed'], again.body]).toEqual([202, 'true', answer.body])
    expect(answer.body.availableActions).toMatchObject([
      { action: 'release', allowed: false },
      { action: 'rejection', allowed: false },
      { action: 'withdrawal', allowed: true },
    ])
    expect((await post(CONSIGNOR, `/lots/${lot}/classification`, { occurredAt: now(), form: 'L' })).body.hold).not.toBe(
      hold,
    )
  })

  test('is carried out when an official releases it, once, and its key then answers as the act', async () => {
    const held = await heldLot()
    const key = randomUUID()
    const released = await decide('bureau', held, 'release', key)
    expect([released.status, released.body]).toMatchObject([200, { id: held.hold }])
    expect(await ofHold(held.hold)).toEqual(['CommandHeld', 'HoldReleased', 'HoldCompleted'])
    const [, classified] = await park.park.store.readStream(lotStream(held.lot))
    const [, release] = await park.park.store.readStream(holdStream(held.hold))
    expect(classified).toMatchObject({
      type: 'LotClassified',
      metadata: {
        actor: { unit: CONSIGNOR },
        provenance: 'live',
        causationId: release?.id,
        findings: [{ rule: 'R04', severity: 'HOLD', pointer: '/report', facts: { code: IDENTIFIED } }],
      },
    })
    const act = await held.send()
    expect([act.status, act.body]).toMatchObject([200, { id: held.lot, revision: 2, findings: [{ rule: 'R04' }] }])
    const again = await decide('bureau', held, 'release', key)
    expect([again.status, again.body.revision]).toEqual([200, released.body.revision])
    expect(await ofLot(held.lot)).toEqual(['LotGenerated', 'LotClassified'])
  })

  test('is decided by officials who are competent for its waste, and by no other actor', async () => {
    const held = await heldLot()
    for (const [who, status] of [
      [CONSIGNOR, 403],
      ['admin', 403],
      ['enforcement', 404],
      [OUTSIDER, 404],
      [CARRIER, 404],
    ] as const)
      for (const action of ['release', 'rejection']) expect((await decide(who, held, action)).status).toBe(status)
    expect((await decide('bureau', held, 'withdrawal')).status).toBe(403)
    expect((await decide(OUTSIDER, held, 'withdrawal')).status).toBe(404)
    expect(await ofHold(held.hold)).toEqual(['CommandHeld'])
  })

  test.each([
    ['bureau', 'rejection', 'HoldRejected', 'hold-rejected'],
    [CONSIGNOR, 'withdrawal', 'HoldWithdrawn', 'hold-withdrawn'],
    ['admin', 'withdrawal', 'HoldWithdrawn', 'hold-withdrawn'],
  ])('ends by %s: %s, which its key says from then on', async (who, action, event, code) => {
    const held = await heldLot()
    expect((await decide(who, held, action)).status).toBe(200)
    expect(await ofHold(held.hold)).toEqual(['CommandHeld', event])
    expect(await held.send()).toMatchObject({ status: 422, body: { code } })
    expect(await decide('bureau', held, 'release')).toMatchObject({ status: 422, body: { code: 'hold-not-waiting' } })
    expect(await ofLot(held.lot)).toEqual(['LotGenerated'])
  })

  test('expires at its deadline where no official decided', async () => {
    const held = await heldLot()
    await park.runner.waitFor(await park.park.store.head(), 20_000)
    const deadlines = parkDeadlines(park.park.runtime, park.park.pool, processes)
    await deadlines.sweep(Date.now() + 29 * 86_400_000)
    expect(await ofHold(held.hold)).toEqual(['CommandHeld'])
    await deadlines.sweep(Date.now() + 32 * 86_400_000)
    expect(await ofHold(held.hold)).toEqual(['CommandHeld', 'HoldExpired'])
    expect(await held.send()).toMatchObject({ status: 422, body: { code: 'hold-expired' } })
  })
})

describe('a hold', () => {
  interface Shown {
    readonly id: string
    readonly availableActions: readonly { readonly action: string; readonly allowed: boolean }[]
  }
  const folded = async () => park.runner.waitFor(await park.park.store.head(), 20_000)
  async function get<T>(who: string, path: string): Promise<{ readonly status: number; readonly body: T }> {
    const headers = { authorization: `Bearer ${tokens[who]}` }
    const response = await park.app.inject({ method: 'GET', url: `/api/v1${path}`, headers })
    return { status: response.statusCode, body: response.json<T>() }
  }
  const QUERY = `query ($id: ID!) { hold(id: $id) { status route command unit subject findings { rule severity pointer text }
    blockedBy { code text } availableActions { action allowed code } events(first: 9) { nodes { type } } }
    holds(filter: { status: WAITING }) { nodes { id } } }`

  test('is shown to its sender, the parties and the office, with what each may do, and to no one else', async () => {
    const { hold, lot } = await heldLot()
    await folded()
    const allowed = { [CONSIGNOR]: ['withdrawal'], bureau: ['release', 'rejection'], admin: ['withdrawal'] }
    for (const [who, actions] of Object.entries(allowed)) {
      const shown = await get<Shown>(who, `/holds/${hold}`)
      expect([shown.status, shown.body]).toMatchObject([
        200,
        {
          id: hold,
          status: 'waiting',
          route: '/lots/:lot/classification',
          command: { lot, form: 'L' },
          subject: lotStream(lot),
          unit: CONSIGNOR,
          findings: [{ rule: 'R04', severity: 'HOLD', pointer: '/report' }],
          blockedBy: [],
        },
      ])
      const may = shown.body.availableActions.filter((one) => one.allowed).map(({ action }) => action)
      expect(may).toEqual(actions)
      const listed = await get<{ readonly holds: readonly Shown[] }>(who, '/holds?status=waiting&limit=200')
      expect(listed.body.holds.find(({ id }) => id === hold)).toEqual(shown.body)
      const seen = await park.query<{ hold: object; holds: { nodes: object[] } }>(tokens[who] ?? '', QUERY, {
        id: hold,
      })
      expect(seen.hold).toMatchObject({ status: 'WAITING', unit: CONSIGNOR, findings: [{ rule: 'R04' }] })
      expect(seen.holds.nodes).toContainEqual({ id: hold })
    }
    for (const who of [OUTSIDER, CARRIER, 'enforcement']) {
      expect(await get(who, `/holds/${hold}`)).toMatchObject({ status: 404, body: { code: 'hold-unknown' } })
      expect((await get(who, '/holds')).body).toEqual({ holds: [] })
      const seen = await park.query<object>(tokens[who] ?? '', QUERY, { id: hold })
      expect(seen).toEqual({ hold: null, holds: { nodes: [] } })
    }
    expect(await get(CONSIGNOR, '/holds/not-an-id')).toMatchObject({ status: 404 })
    expect(await get(CONSIGNOR, '/holds?status=open')).toMatchObject({ status: 400 })
  })

  test('is listed page by page, the latest first', async () => {
    const [earlier, later] = [await heldLot(), await heldLot()]
    await folded()
    const first = await get<{ holds: Shown[]; next: string }>(CONSIGNOR, '/holds?limit=1')
    expect(first.body.holds.map(({ id }) => id)).toEqual([later.hold])
    const second = await get<{ holds: Shown[] }>(CONSIGNOR, `/holds?limit=1&after=${first.body.next}`)
    expect(second.body.holds.map(({ id }) => id)).toEqual([earlier.hold])
  })
})

describe('a release', () => {
  test('that meets a new obstacle says it, and the hold remains', async () => {
    const held = await heldLot()
    const reported = await post(CONSIGNOR, `/lots/${held.lot}/classification`, {
      occurredAt: now(),
      form: 'L',
      report: 'JB-2026-1',
    })
    expect(reported.status).toBe(200)
    const key = randomUUID()
    for (const _ of ['first', 'again'])
      expect(await decide('bureau', held, 'release', key)).toMatchObject({
        status: 422,
        body: { code: 'nothing-to-classify' },
      })
    expect(await ofHold(held.hold)).toEqual(['CommandHeld', 'HoldReleased', 'HoldBlocked'])
    expect(await ofLot(held.lot)).toEqual(['LotGenerated', 'LotClassified'])
    expect((await held.send()).status).toBe(202)
    expect((await decide('bureau', held, 'rejection')).status).toBe(200)
  })

  test('waives exactly what was named: a finding that became another one is added to what the command waits for', async () => {
    const real = await heldLot()
    const [stored] = await park.park.store.readStream(holdStream(real.hold))
    if (!stored) throw new Error('nothing is held')
    const event = upcast(stored) as HoldEventOf<'CommandHeld'>
    // As it was held when the lot still had another code.
    const findings = event.data.findings.map((one) => ({ ...one, facts: { code: '900-000-05' } }))
    const held = { ...real, hold: randomUUID() }
    await given(park.park.store, holdStream(held.hold), [{ ...event, data: { ...event.data, findings } }])
    const key = randomUUID()
    const first = await decide('bureau', held, 'release', key)
    expect([first.status, first.body]).toMatchObject([202, { hold: held.hold, findings: [{ rule: 'R04' }] }])
    expect(await ofHold(held.hold)).toEqual(['CommandHeld', 'HoldReleased', 'HoldExtended'])
    expect((await decide('bureau', held, 'release', key)).body).toEqual(first.body)
    expect(await ofLot(held.lot)).toEqual(['LotGenerated'])
    expect((await decide('bureau', held, 'release')).status).toBe(200)
    expect(await ofLot(held.lot)).toEqual(['LotGenerated', 'LotClassified'])
  })

  test('of two at once, and of both with a rejection, one decides and the act is done at most once', async () => {
    for (const last of ['release', 'rejection']) {
      const held = await heldLot()
      const answers = await Promise.all(['release', 'release', last].map((action) => decide('bureau', held, action)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      for (const { status, body } of answers)
        if (status !== 200) expect(body.code).toMatch(/hold-not-waiting|revision-conflict/)
      const events = await ofHold(held.hold)
      const acts = (await ofLot(held.lot)).filter((type) => type === 'LotClassified').length
      expect([events.slice(1), acts]).toEqual(
        events.includes('HoldRejected') ? [['HoldRejected'], 0] : [['HoldReleased', 'HoldCompleted'], 1],
      )
    }
  })

  test('after which the process died is made up for, before the act and after it', async () => {
    const runtime = { ...park.park.runtime, react: () => Promise.resolve(0) }
    for (const actDone of [false, true]) {
      const held = await heldLot()
      const outcome = await releaseHold(
        runtime,
        { hold: held.hold, reason: '放行' },
        {
          commandId: randomUUID(),
          actor: { subject: 'official', roles: ['bureau'] },
          competence: ['hazardous'],
          provenance: 'live',
        },
      )
      expect(outcome.status).toBe('done')
      const stream = holdStream(held.hold)
      if (actDone) {
        const { state } = await runtime.states.load(holdFold, stream, 0)
        if (state.status === 'none') throw new Error('nothing is held')
        await carryOutHeld(runtime, stream, state, {
          commandId: randomUUID(),
          actor: SYSTEM_ACTOR,
          provenance: 'policy',
        })
      }
      await vi.waitFor(
        async () => expect(await ofHold(held.hold)).toEqual(['CommandHeld', 'HoldReleased', 'HoldCompleted']),
        PATIENCE,
      )
      expect(await ofLot(held.lot)).toEqual(['LotGenerated', 'LotClassified'])
      expect((await held.send()).status).toBe(200)
    }
  })
})
