import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBorder, type Border } from './harness.ts'
import { parkRuntime } from './park.ts'

const unit = '91350100M000100Y43'
const LAST_OF_2020 = '2026-08-14T09:00:00+08:00'
const FIRST_OF_THE_CODE = '2026-08-15T09:00:00+08:00'
const LAW_OF_2020 = '固废法'
const CODE = '生态环境法典'

let border: Border
let clerk: string
beforeAll(async () => {
  border = await openBorder({ runtime: parkRuntime('2026-08-17T09:00:00+08:00') })
  const admin = await border.token({ sub: 'demo-admin', roles: ['admin'] })
  clerk = await border.token({ sub: 'unit', unit, roles: ['producer'] })
  const registered = { unit, name: '单位', roles: ['producer'], inside: true, occurredAt: LAST_OF_2020 }
  expect((await border.post(admin, '/units', registered)).statusCode).toBe(201)
})
afterAll(() => border.close())

let serial = 0
const lot = (occurredAt: string, waste: object) => ({
  unit,
  waste,
  name: '废物',
  grams: 54_000,
  batch: `HWCS${occurredAt.slice(0, 10).replaceAll('-', '')}${String(++serial).padStart(3, '0')}`,
  facility: 'MF0001',
  occurredAt,
})
interface Body {
  readonly id: string
  readonly errors: readonly { readonly rule?: string; readonly source?: string }[]
  readonly findings: readonly { readonly rule: string; readonly source: string }[]
}
const sourceOf = (said: Body['errors'] | Body['findings'], id: string) => said.find(({ rule }) => rule === id)?.source

test.each([
  [LAST_OF_2020, LAW_OF_2020, CODE],
  [FIRST_OF_THE_CODE, CODE, LAW_OF_2020],
])('what the law refuses of an act of %s names %s', async (occurredAt, named, other) => {
  const answer = await border.post(clerk, '/lots', lot(occurredAt, { stream: 'hazardous', code: '900-999-06' }))
  expect(answer.statusCode).toBe(422)
  const source = sourceOf(answer.json<Body>().errors, 'R02')
  expect(source).toContain(named)
  expect(source).not.toContain(other)
})

test('a code is judged by the law of the day on which the waste arose, however late it is classified, and the same key answers the same', async () => {
  const ofAnotherStream = { stream: 'construction', code: '900-001-S61' }
  const born = (await border.post(clerk, '/lots', lot(LAST_OF_2020, ofAnotherStream))).json<Body>()
  expect(sourceOf(born.findings, 'R05')).toContain(LAW_OF_2020)
  const key = { 'idempotency-key': randomUUID() }
  const classified = () =>
    border.post(clerk, `/lots/${born.id}/classification`, { occurredAt: FIRST_OF_THE_CODE, form: 'S' }, key)
  const first = await classified()
  expect(first.statusCode).toBe(200)
  expect(sourceOf(first.json<Body>().findings, 'R05')).toContain(LAW_OF_2020)
  // The other findings are of the day of the act.
  const again = await classified()
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(again.json<Body>().findings).toEqual(first.json<Body>().findings)
  const stored = await border.runtime.store.readStream(`lot-${born.id}`)
  expect(stored.map(({ metadata }) => metadata.findings?.find(({ rule }) => rule === 'R05'))).toMatchObject([
    expect.not.objectContaining({ day: expect.anything() }),
    { day: '2026-08-14' },
  ])
})
