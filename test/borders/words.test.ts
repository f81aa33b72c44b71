import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evolveUnit, noUnit } from '../../schemas/unit/state.ts'
import { unitStream } from '../../schemas/values/identifiers.ts'
import { at, CARRIER, CONSIGNOR, furnish, SOLVENT } from '../support/transfers.ts'
import { openBorder, type Border } from './harness.ts'
import { parkRuntime } from './park.ts'

let border: Border
let admin: string

beforeAll(async () => {
  border = await openBorder({ runtime: parkRuntime() })
  await furnish(border.runtime.store)
  admin = await border.token({ sub: 'books', roles: ['admin'] })
})
afterAll(() => border.close())

const post = (path: string, body: object, token = admin) =>
  border.post(token, path, { occurredAt: at(7), ...body }, { 'idempotency-key': randomUUID() })
const unitOf = async (code: string) =>
  (await border.runtime.states.load({ initial: noUnit, evolve: evolveUnit }, unitStream(code), 0)).state
const register = (unit: string, more: object = {}) =>
  post('/units', { unit, name: '例', roles: ['carrier'], inside: true, ...more })

describe('a text of which nothing can be seen is empty', () => {
  test.each(['   ', '\u3000', '\u200b\u2060', '\ufeff\u00a0', '\u3164'])('so that %j names no unit', async (name) => {
    const answer = await register('914403001922038216', { name })
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([400, '/name'])
    expect((await unitOf('914403001922038216')).exists).toBe(false)
  })

  test('and what is around a text is not a part of it', async () => {
    const answer = await post('/lots', {
      unit: CONSIGNOR,
      waste: { stream: 'hazardous', code: `\u3000${SOLVENT} ` },
      name: ' \u200b废溶剂\u3000',
      grams: 1_000,
    })
    expect(answer.statusCode).toBe(201)
    const events = await border.runtime.store.readStream(`lot-${answer.json().id}`)
    expect(events[0]?.data).toMatchObject({ name: '废溶剂', waste: { code: SOLVENT } })
  })
})

describe('a plate', () => {
  const vehicle = (plate: string) =>
    post('/vehicles', { unit: CARRIER, plate, permit: 'D1', validTo: '2028-12-31', dangerousGoods: true })

  test.each(['苏E·10007', '苏e10007', '苏Ｅ１０００７', ' 苏E 10007\u3000'])(
    'is one vehicle however it is written: %s',
    async (plate) => {
      expect((await vehicle(plate)).statusCode).toBe(201)
      expect(Object.keys((await unitOf(CARRIER)).vehicles).filter((known) => known.includes('10007'))).toEqual([
        '苏E10007',
      ])
    },
  )

  test.each(['苏EI0000', '废E12345'])('that nobody issues is refused with an example: %s', async (plate) => {
    const answer = await vehicle(plate)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toMatchObject([
      { code: 'not-a-plate', pointer: '/plate', zh: expect.stringMatching(`${plate}.*例如 苏E12345`) },
    ])
  })
})

describe('a credit code', () => {
  test('is one unit however it is written', async () => {
    expect((await register('9135 0100-m000100y43')).json()).toMatchObject({ id: '91350100M000100Y43', findings: [] })
    expect((await register('９１３５０１００M000100Y43')).headers['wufei-events']).toBe('0')
    const facility = { facility: 'TS009', name: '库', kind: 'warehouse' }
    expect((await post('/facilities', { unit: '91350100m000100y43', ...facility })).statusCode).toBe(201)
  })

  test.each([
    ['91350100M000100Y44', '第 18 位'],
    ['B1350100M000100Y44', '首位'],
    ['ACME', '应为 18 位'],
  ])('R01: %s is refused: %s', async (unit, why) => {
    const answer = await register(unit)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ rule: 'R01', errors: [{ zh: expect.stringContaining(why) }] })
  })

  test('R01: one whose 17th character does not hold is taken with a warning', async () => {
    const answer = await register('913205942CL12TH3BX')
    expect(answer.statusCode).toBe(201)
    expect(answer.json().findings).toMatchObject([
      { rule: 'R01', severity: 'WARN', pointer: '/unit', zh: expect.stringContaining('第 17 位') },
    ])
  })
})

test('a batch code of a unit’s own making is taken in one spelling, with its case', async () => {
  const body = { unit: CONSIGNOR, waste: { stream: 'hazardous', code: SOLVENT }, name: '废溶剂', grams: 1_000 }
  const first = await post('/lots', { ...body, batch: '车间1＃ａ-2025／12　07' })
  expect(first.json()).toMatchObject({ findings: [] })
  const events = await border.runtime.store.readStream(`lot-${first.json().id}`)
  expect(events[0]?.data).toMatchObject({ batch: '车间1#a-2025/1207' })
  const again = await post('/lots', { ...body, batch: '车间1#a-2025/1207' })
  expect(again.json()).toMatchObject({ status: 422, code: 'lot-exists' })
  expect((await post('/lots', { ...body, batch: 'A|B' })).json().errors).toMatchObject([{ code: 'not-a-batch-code' }])
})
