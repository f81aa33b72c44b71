import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBorder, type Border } from './harness.ts'
import { parkRuntime } from './park.ts'

const occurredAt = '2025-12-04T09:00:00+08:00'
const [unit, receiver] = ['91350100M000100Y43', '914403001922038216']
let border: Border
let token: string
beforeAll(async () => {
  border = await openBorder({ runtime: parkRuntime('2026-01-05T00:00:00.000Z') })
  token = await border.token({ sub: 'demo-admin', roles: ['admin'] })
  for (const [code, role] of [
    [unit, 'producer'],
    [receiver, 'disposer'],
  ])
    await post('/units', { unit: code, name: '单位', roles: [role], inside: true, occurredAt })
})
afterAll(() => border.close())
const post = (path: string, body: object, key: string = crypto.randomUUID()) =>
  border.post(token, path, body, { 'idempotency-key': key, 'accept-language': 'en' })

const known = (number: string) => ({
  number,
  unit,
  receiver,
  wasteCode: '900-404-06',
  validFrom: '2025-01-01',
  validTo: '2026-12-31',
  occurredAt,
})
const older = (number: string) => ({
  number,
  unit,
  receiver,
  code: '900-404-06',
  from: '2025-01-01',
  to: '2026-12-31',
  occurredAt,
})

test('a contract sent by today’s names and by the older ones is the same contract, and the same command', async () => {
  const key = crypto.randomUUID()
  const first = await post('/contracts', known('H-1'), key)
  expect(first.statusCode, first.body).toBe(201)
  const again = await post('/contracts', older('H-1'), key)
  expect([again.statusCode, again.headers['idempotency-replayed'], again.json()]).toEqual([201, 'true', first.json()])
  const feed = await border.send(token, { method: 'GET', url: '/api/v1/events' })
  const told = feed.json<{ type: string; data: { facts: object } }[]>().filter(({ type }) => type.includes('contract'))
  expect(told).toMatchObject([
    {
      type: 'cn.wufei.unit.contract-concluded.v2',
      data: {
        facts: { number: 'H-1', receiver, wasteCode: '900-404-06', validFrom: '2025-01-01', validTo: '2026-12-31' },
      },
    },
  ])
})

test('a problem points to the field by the name that it was sent by', async () => {
  const pointers = async (body: object) =>
    (await post('/contracts', body)).json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer)
  expect(await pointers({ ...known('H-2'), validTo: 'soon' })).toEqual(['/validTo'])
  expect(await pointers({ ...older('H-2'), to: 'soon' })).toEqual(['/to'])
  const { wasteCode: _, ...lacking } = known('H-2')
  expect(await pointers(lacking)).toEqual(['/wasteCode'])
  expect((await post('/contracts', { ...known('H-2'), code: '900-404-06' })).statusCode).toBe(400)
})
