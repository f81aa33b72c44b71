import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composedPark, type TestPark } from '../support/composed-park.ts'

const CARRIER = '91350100M000100Y43'
const OTHER = '914403001922038216'
const occurredAt = '2025-12-01T08:00:00+08:00'
const LI = { name: '李 强', phone: '138 0000 0003' }

let park: TestPark
let admin: string
let bureau: string
let carrier: string
let other: string

const send = (token: string, method: 'GET' | 'POST', path: string, body?: object) =>
  park.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
    },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })

beforeAll(async () => {
  park = await composedPark()
  admin = await park.token('demo-admin')
  bureau = await park.token('demo-bureau')
  let position = 0
  const post = async (path: string, body: object) => {
    const answer = await send(admin, 'POST', path, { occurredAt, ...body })
    expect(answer.statusCode, answer.body).toBe(201)
    position = Number(answer.json().position)
  }
  for (const unit of [CARRIER, OTHER]) await post('/units', { unit, name: '例', roles: ['carrier'], inside: true })
  await post('/drivers', {
    unit: CARRIER,
    driver: LI,
    permit: 'D1',
    validTo: '2028-12-31',
    dangerousGoods: true,
  })
  carrier = await park.token(`unit-${CARRIER}`)
  other = await park.token(`unit-${OTHER}`)
  await park.runner.waitFor(position, 30_000)
})
afterAll(() => park.close())

const DRIVERS = `query ($code: ID!) { unit(code: $code) { drivers { permit person { id name phone erased } } } }`
interface Drivers {
  readonly unit: {
    readonly drivers: readonly {
      readonly permit: string
      readonly person: { readonly id: string; readonly name: string; readonly phone: string | null }
    }[]
  } | null
}
const driversFor = (token: string) => park.query<Drivers>(token, DRIVERS, { code: CARRIER })
const looks = async () => (await send(bureau, 'GET', '/person-looks?limit=500')).json().looks as { person: string }[]

test('a carrier sees the names of its own drivers as they were typed, and each look is recorded', async () => {
  const before = (await looks()).length
  const { unit } = await driversFor(carrier)
  expect(unit?.drivers).toMatchObject([{ permit: 'D1', person: { ...LI, erased: false } }])
  const taken = (await looks()).slice(before)
  expect(taken).toMatchObject([
    { person: unit?.drivers[0]?.person.id, about: `unit-${CARRIER}`, reason: 'own-driver', actor: { unit: CARRIER } },
  ])
})

test('to officials and the book-keeper the names are masked there, to other units there are no drivers', async () => {
  const before = (await looks()).length
  for (const token of [bureau, admin])
    expect((await driversFor(token)).unit?.drivers).toMatchObject([{ person: { name: '***', phone: null } }])
  expect((await driversFor(other)).unit?.drivers ?? []).toEqual([])
  expect((await looks()).length).toBe(before)
})

test('an official asks for the persons of an event with a reason, and who asked, for whom, when and why is kept', async () => {
  const events = (await send(bureau, 'GET', '/events?after=0&limit=100')).json()
  const registered = (events.events ?? events).find((event: { type: string }) => /driver/i.test(event.type))
  const event = String(registered.position ?? registered.sequence ?? registered.id)
  const answer = await send(bureau, 'POST', '/person-looks', { event, reason: ' 核查超期证件 ' })
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.json()).toMatchObject({ persons: [{ event, pointer: '/driver', ...LI, erased: false }] })
  expect((await looks()).at(-1)).toMatchObject({
    about: `unit-${CARRIER}`,
    reason: '核查超期证件',
    actor: { roles: ['bureau'] },
    at: expect.stringMatching(/^20.*Z$/),
  })
})

test('without a reason, for nothing, or by anybody else nothing is shown', async () => {
  const status = async (token: string, body: object) => (await send(token, 'POST', '/person-looks', body)).statusCode
  expect(await status(bureau, { event: '1' })).toBe(400)
  expect(await status(bureau, { event: '1', reason: '\u3000' })).toBe(400)
  expect(await status(bureau, { reason: '核查' })).toBe(400)
  expect(await status(bureau, { event: '999999', reason: '核查' })).toBe(404)
  expect(await status(bureau, { manifest: '20253205999999', reason: '核查' })).toBe(404)
  for (const token of [admin, carrier, other]) expect(await status(token, { event: '1', reason: '核查' })).toBe(403)
  expect((await send(carrier, 'GET', '/person-looks')).statusCode).toBe(403)
  expect((await send(admin, 'GET', '/person-looks')).statusCode).toBe(200)
})

test('an erased person reads as erased to everybody', async () => {
  const { unit } = await driversFor(carrier)
  const person = unit?.drivers[0]?.person.id ?? ''
  expect(await park.park.people.erase(person)).toBe(true)
  expect((await driversFor(carrier)).unit?.drivers).toMatchObject([
    { person: { name: '***', phone: null, erased: true } },
  ])
})

test('looks are few in a minute', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => send(bureau, 'POST', '/person-looks', { event: '999999', reason: '核查' })),
  )
  expect(answers.filter(({ statusCode }) => statusCode === 429).length).toBeGreaterThan(0)
})
