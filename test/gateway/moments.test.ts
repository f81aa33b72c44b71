import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pages } from '../../services/gateway/pages/pages.ts'
import { bureau, openDoor, type Door } from './door.ts'
import { tellPark } from './park.ts'

const viewer = { subject: 'viewer', roles: ['bureau'], competence: ['industrial', 'hazardous'] as const }

const official = bureau('industrial', 'hazardous')

let door: Door
beforeAll(async () => {
  door = await openDoor(tellPark, (app, readSide) => app.register(pages, { readSide, viewer }))
})
afterAll(() => door.close())

const stock = (knownAt: string) =>
  door.ask(official, 'query ($knownAt: DateTime) { stock(asOf: { knownAt: $knownAt }) { grams } }', { knownAt })
const ledger = (from: string, to: string) =>
  door.ask(
    official,
    'query ($from: Date!, $to: Date!) { ledger(from: $from, to: $to) { trialBalance cells { closing } } }',
    { from, to },
  )

describe('a moment or a day that PostgreSQL and JavaScript do not both take is refused by name, never as a fault', () => {
  test.each([
    '0000-11-30T08:00:00+08:00',
    '0001-01-01T00:00:00+08:00',
    '2025-12-06T08:00:00+16:00',
    '2025-02-29T08:00:00+08:00',
    '2025-12-06T24:00:00+08:00',
    '2025-12-31T23:59:60+08:00',
    `2025-12-06T08:00:00.${'1'.repeat(30)}+08:00`,
    '9999-12-31T23:59:59-08:00',
    '10000-01-01T00:00:00Z',
  ])('known at %s', async (knownAt) => {
    const { errors } = await stock(knownAt)
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['query-invalid'])
  })

  test.each(['0000-01-01', '2025-02-29', '10000-01-01'])('the ledger from %s', async (from) => {
    const { errors } = await ledger(from, from)
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['query-invalid'])
    // Both arguments are wrong, and each is named.
    const literal = await door.ask(official, `{ ledger(from: "${from}", to: "${from}") { trialBalance } }`)
    expect(literal.errors.map(({ extensions }) => extensions['code'])).toEqual(['query-invalid', 'query-invalid'])
  })

  test.each(['/?month=0000-05', '/cells/disposal/hazardous?month=2025-12&after=2025-02-29~1'])(
    'the page %s',
    async (url) => {
      expect((await door.app.inject({ method: 'GET', url })).statusCode).toBe(400)
    },
  )
})

describe('what both take is answered, however far off', () => {
  test.each([
    '0001-01-02T00:00:00+15:59',
    '0099-12-31T00:00:00Z',
    '9999-12-30T23:59:59-15:59',
    '2025-12-06T08:00:00.123456789012Z',
  ])('known at %s', async (knownAt) => {
    expect((await stock(knownAt)).errors).toEqual([])
  })

  test.each([
    ['0001-01-01', '0001-12-31'],
    ['0096-02-29', '0099-02-28'],
    ['9990-01-01', '9999-12-31'],
  ])('the ledger from %s to %s', async (from, to) => {
    const { data, errors } = await ledger(from, to)
    expect(errors).toEqual([])
    expect(data?.['ledger']).toMatchObject({ trialBalance: 0 })
  })

  test.each(['/?month=0001-02', '/?month=9999-12', '/cells/disposal/hazardous?month=9999-12&after=9999-12-31~1'])(
    'the page %s',
    async (url) => {
      expect((await door.app.inject({ method: 'GET', url })).statusCode).toBe(200)
    },
  )

  test('and nothing of it was a fault of the gateway', () => {
    expect(door.faults).toEqual([])
  })
})
