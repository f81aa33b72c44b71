import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ruleCatalogue } from '../../schemas/rules/catalogue.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'

let park: TestPark
let token: string
beforeAll(async () => {
  park = await composedPark()
  token = await park.token('demo-bureau')
})
afterAll(() => park.close())

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  park.app.inject({
    method: 'GET',
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${token}`, 'accept-language': 'en', ...headers },
  })
interface Listed {
  readonly id: string
  readonly applies: boolean
  readonly reason?: { readonly zh: string; readonly en: string }
  readonly editions: readonly { readonly from: string; readonly to?: string; readonly source: string }[]
  readonly asks: readonly string[]
  readonly cases: number
}

describe('the rules of law', () => {
  test('are all there, R01 to R108, each with its editions and cases, or with why nothing asks it', async () => {
    const all = (await get('/rules')).json<Listed[]>()
    expect(all.map(({ id }) => id)).toEqual(ruleCatalogue.map(({ id }) => id))
    expect(all.length).toBe(108)
    for (const rule of all) {
      if (!rule.applies) expect(rule.reason?.en, rule.id).toMatch(/\w/)
      else expect(rule.editions.length, rule.id).toBeGreaterThan(0)
      if (rule.applies && !rule.asks.includes('timer')) expect(rule.cases, rule.id).toBeGreaterThan(0)
    }
  })

  test('one of them says what it rested on before 2026-08-15 and since, and shows its cases', async () => {
    const answer = await get('/rules/R69')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      id: 'R69',
      applies: true,
      editions: [{ to: '2026-08-14' }, { from: '2026-08-15', source: expect.stringContaining('生态环境法典') }],
      asks: expect.arrayContaining(['WeighLoad']),
      examples: expect.arrayContaining([expect.objectContaining({ question: 'WeighLoad', expect: 'BLOCK' })]),
    })
    const again = await get('/rules/R69', { 'if-none-match': String(answer.headers['etag']) })
    expect(again.statusCode).toBe(304)
  })

  test.each(['/rules/R999', '/rules/toString'])('%s is none', async (path) => {
    const answer = await get(path)
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'rule-not-listed' })
  })

  test('are the same by GraphQL', async () => {
    const answer = await park.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${token}` },
      payload: {
        query:
          '{ rules { id applies reason { en } editions { from source severity } asks } rule(id: "R08") { id en cases { question expect } } }',
      },
    })
    const { data } = answer.json<{ data: { rules: Listed[]; rule: { id: string; cases: unknown[] } } }>()
    const byRest = (await get('/rules')).json<Listed[]>()
    expect(data.rules.map(({ id, applies, asks }) => ({ id, applies, asks }))).toEqual(
      byRest.map(({ id, applies, asks }) => ({ id, applies, asks })),
    )
    expect(data.rule).toMatchObject({
      id: 'R08',
      cases: expect.arrayContaining([{ question: 'FileManifest', expect: 'BLOCK' }]),
    })
  })
})
