import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  MANIFEST,
  OUTSIDER,
  PACKAGES,
  pickingUp,
  RECEIVER,
} from '../support/transfers.ts'

let park: TestPark
const tokens: Record<string, string> = {}
beforeAll(async () => {
  park = await composedPark()
  await furnish(park.park.store)
  for (const unit of [CONSIGNOR, CARRIER, RECEIVER, OUTSIDER]) tokens[unit] = await park.token(`unit-${unit}`)
  for (const program of ['bureau', 'admin']) tokens[program] = await park.token(`demo-${program}`)
})
afterAll(() => park.close())

/** Of the bodies of all routes: what these tests look at. */
interface Body {
  readonly id: string
  readonly position: string
  readonly errors: readonly object[]
  readonly availableActions: readonly object[]
}

async function send(
  who: string,
  path: string,
  body: object,
): Promise<{ readonly status: number; readonly body: Body }> {
  const response = await park.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${tokens[who]}`,
      'accept-language': 'en',
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    payload: JSON.stringify(body),
  })
  return { status: response.statusCode, body: response.json<Body>() }
}
const folded = async () => park.runner.waitFor(await park.park.store.head(), 20_000)
const idsOf = async (stream: string) => (await park.park.store.readStream(stream)).map(({ id }) => id)
const ask = <T>(who: string, query: string, variables: object = {}) =>
  park.query<T>(tokens[who] ?? '', query, variables)

interface Shown {
  readonly correction: {
    readonly awaited: readonly string[]
    readonly availableActions: readonly { readonly action: string; readonly allowed: boolean }[]
  } | null
}
const CORRECTION = `query ($id: ID!) { correction(id: $id) { status lot reason by mustAgree agreed awaited endedAt
  changes { of revision was is } availableActions { action allowed code } events(first: 9) { nodes { type } } } }`
const shown = async (who: string, id: string) => {
  await folded()
  return (await ask<Shown>(who, CORRECTION, { id })).correction
}

describe('a correction of a lot that was received', () => {
  const [{ lot }] = PACKAGES
  let [stored, id, before] = ['', '', '']
  const LEDGER = `query ($asOf: AsOf) { massBalance(from: "2025-12-01", to: "2025-12-31", stream: HAZARDOUS, asOf: $asOf) { storedIn } }`
  const storedIn = async (position?: string) => {
    await folded()
    const asOf = position === undefined ? {} : { asOf: { position } }
    return (await ask<{ massBalance: { storedIn: number } }>('admin', LEDGER, asOf)).massBalance.storedIn
  }

  test('is proposed by the event alone, and waits for the receiver', async () => {
    const { manifest: _, ...pickup } = pickingUp()
    const decided = { lines: [{ line: 1, decision: 'accepted', accepted: 500_000, method: 'R2' }], occurredAt: at(12) }
    for (const [who, path, body] of [
      [CONSIGNOR, '/manifests', filing()],
      [CARRIER, `/manifests/${MANIFEST}/pickup`, pickup],
      [CARRIER, `/manifests/${MANIFEST}/departure`, { occurredAt: at(10) }],
      [CARRIER, `/manifests/${MANIFEST}/arrival`, { occurredAt: at(11) }],
      [RECEIVER, `/manifests/${MANIFEST}/weighing`, { grossKg: 18_500, tareKg: 18_000, occurredAt: at(11) }],
      [RECEIVER, `/manifests/${MANIFEST}/acceptance`, decided],
    ] as const)
      expect((await send(who, path, body)).body.errors, path).toBeUndefined()
    stored = (await idsOf(`lot-${lot}`))[3] ?? ''
    const asked = { of: stored, is: { grams: 299_000 }, reason: '抄错磅单' }
    expect(await send(OUTSIDER, '/corrections', asked)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'correction-event-unknown', pointer: '/of' }] },
    })
    before = String(await park.park.store.head())
    expect(await storedIn()).toBe(500_000)
    const proposed = await send(CONSIGNOR, '/corrections', asked)
    expect(proposed).toMatchObject({
      status: 201,
      body: {
        availableActions: [
          { action: 'consent', allowed: false },
          { action: 'refusal', allowed: false },
          { action: 'withdrawal', allowed: true },
        ],
      },
    })
    id = proposed.body.id
  })

  test('is shown to its parties and the office with what was and is and who must agree, and to no one else', async () => {
    for (const who of [CONSIGNOR, RECEIVER, 'bureau', 'admin'])
      expect(await shown(who, id), who).toMatchObject({
        status: 'PROPOSED',
        lot,
        reason: '抄错磅单',
        by: CONSIGNOR,
        mustAgree: [RECEIVER],
        agreed: [CONSIGNOR],
        awaited: [RECEIVER],
        endedAt: null,
        changes: [{ of: stored, revision: 4, was: { grams: 300_000 }, is: { grams: 299_000 } }],
        events: { nodes: [{ type: 'cn.wufei.correction.proposed.v2' }] },
      })
    for (const who of [CARRIER, OUTSIDER]) expect(await shown(who, id), who).toBeNull()
    const allowed = async (who: string) =>
      (await shown(who, id))?.availableActions.filter((one) => one.allowed).map(({ action }) => action)
    expect(await allowed(RECEIVER)).toEqual(['consent', 'refusal'])
    expect(await allowed(CONSIGNOR)).toEqual(['withdrawal'])
    expect(await allowed('bureau')).toEqual([])
    const LIST = `query ($lot: ID!) { corrections(filter: { lot: $lot, status: PROPOSED }) { totalCount nodes { id } } }`
    for (const [who, nodes] of [
      [RECEIVER, [{ id }]],
      ['bureau', [{ id }]],
      [CARRIER, []],
    ] as const)
      expect(await ask(who, LIST, { lot })).toEqual({ corrections: { totalCount: nodes.length, nodes } })
  })

  test('is applied with the consent of the receiver: figures move, and what was known before stays', async () => {
    expect(await send(RECEIVER, `/corrections/${id}/consent`, {})).toMatchObject({ status: 200 })
    expect(await shown(CONSIGNOR, id)).toMatchObject({ status: 'APPLIED', agreed: [CONSIGNOR, RECEIVER], awaited: [] })
    expect(await storedIn()).toBe(499_000)
    expect(await storedIn(before)).toBe(500_000)
  })
})
