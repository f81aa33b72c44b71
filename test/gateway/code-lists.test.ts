import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeLists } from '../../schemas/catalogues/code-lists.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'

let park: TestPark
let token: string
beforeAll(async () => {
  park = await composedPark()
  token = await park.token('demo-bureau')
})
afterAll(() => park.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  park.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}`, ...headers } })

interface Page {
  readonly edition: string
  readonly from: string
  readonly total: number
  readonly entries: readonly { readonly code: string; readonly zh: string; readonly [detail: string]: unknown }[]
  readonly next?: string
}
const list = async (path: string): Promise<Page> => {
  const answer = await get(`/code-lists/${path}`)
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200)
  return answer.json()
}
const codes = ({ entries }: Page) => entries.map(({ code }) => code)

describe('code lists by REST', () => {
  test('are all named, each with its editions, days in force, source and number of rows', async () => {
    const lists = (await get('/code-lists')).json<{ name: string; editions: { entries: number; from: string }[] }[]>()
    const names = ['methods', 'hazardous', 'solid-waste', 'packaging', 'forms-of-matter', 'exemptions', 'divisions']
    expect(lists.map(({ name }) => name)).toEqual(expect.arrayContaining([...names, 'calendar', 'error-codes']))
    expect(lists.find(({ name }) => name === 'hazardous')?.editions).toMatchObject([
      { edition: '2021', from: '2021-01-01', to: '2024-12-31', entries: 467 },
      { edition: '2025', from: '2025-01-01', entries: 470, complete: true },
    ])
    for (const { name, editions } of lists)
      for (const edition of editions) expect(edition, name).toMatchObject({ source: expect.stringMatching(/\S{2}/) })
  })

  test('hold what a rule asks: by edition, by code, by Chinese text, by English text', async () => {
    const solvents = await list('hazardous?search=900-404-06')
    expect(solvents).toMatchObject({ edition: '2025', total: 4 })
    // The row of that code comes before rows that only speak of it.
    expect(solvents.entries[0]).toMatchObject({ code: '900-404-06', category: 'HW06', hazards: 'T,I,R' })
    expect((await list('hazardous?edition=2021&search=261-100-11')).total).toBe(1)
    expect((await list('hazardous?edition=2025&search=261-100-11')).total).toBe(0)
    expect(codes(await list(`hazardous?search=${encodeURIComponent('废蚀铜液')}`))).toContain('398-004-22')
    expect(codes(await list('methods?search=SOLVENT%20regen'))).toEqual(['R2'])
    expect(codes(await list(`packaging?search=${encodeURIComponent('ＩＢＣ　吨桶')}`))).toEqual(['IBC'])
    expect(codes(await list('forms-of-matter'))).toEqual(['S', 'SS', 'L', 'G'])
    expect((await list('exemptions?search=900-249-08')).entries[0]).toMatchObject({ item: 8, link: 'recovery' })
    expect((await list('divisions?search=320590')).entries).toMatchObject([{ code: '320576', zh: '苏州工业园区' }])
    expect((await list('calendar?edition=2026&search=2026-02-28')).entries).toMatchObject([{ kind: 'working-day' }])
    expect((await list('error-codes?search=method-unknown')).total).toBeGreaterThan(0)
    expect((await list('methods?search=')).total).toBe(
      codeLists.find(({ name }) => name === 'methods')?.editions[0].entries.length,
    )
  })

  test('come in pages that together are the list', async () => {
    const all: string[] = []
    for (let after = ''; ; ) {
      const page = await list(`hazardous?limit=100${after}`)
      all.push(...codes(page))
      expect(page.total).toBe(470)
      if (page.next === undefined) break
      after = `&after=${page.next}`
    }
    expect([all.length, new Set(all).size]).toEqual([470, 470])
    expect((await list('error-codes')).entries.length).toBeLessThanOrEqual(200)
  })

  test('are not sent twice to who has them', async () => {
    for (const path of ['/code-lists', '/code-lists/packaging', '/code-lists/packaging?search=drum']) {
      const { etag, 'cache-control': cache } = (await get(path)).headers
      expect(cache).toBe('private, max-age=300')
      const again = await get(path, { 'if-none-match': `"other", W/${String(etag)}` })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      expect((await get(path, { 'if-none-match': '"other"' })).statusCode).toBe(200)
    }
  })

  test.each([
    ['/code-lists/nothing', 404, 'code-list-unknown'],
    ['/code-lists/toString', 404, 'code-list-unknown'],
    ['/code-lists/hazardous?edition=2008', 404, 'edition-unknown'],
    ['/code-lists/hazardous?after=000-000-00', 400, 'cursor-invalid'],
    ['/code-lists/hazardous?limit=0', 400, 'malformed'],
    ['/code-lists/hazardous?limit=1001', 400, 'malformed'],
    ['/code-lists/hazardous?unknown=1', 400, 'malformed'],
  ])('%s is %i %s', async (path, status, code) => {
    const answer = await get(path)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('are for everybody who says who they are', async () => {
    const answer = await park.app.inject({ method: 'GET', url: '/api/v1/code-lists/methods' })
    expect(answer.statusCode).toBe(401)
  })
})

describe('code lists by GraphQL', () => {
  const CODE_LIST = `query ($name: ID!, $edition: String, $search: String, $first: Int, $after: String) {
    codeList(name: $name, edition: $edition, search: $search, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { code zh en details }
    }
  }`
  interface Answer {
    readonly codeList: {
      readonly totalCount: number
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
      readonly nodes: readonly {
        readonly code: string
        readonly zh: string
        readonly en: string | null
        readonly details: object
      }[]
    }
  }
  const ask = async (variables: object) => (await park.query<Answer>(token, CODE_LIST, variables)).codeList

  test('are the same lists, and the same rows, as REST has', async () => {
    const { codeLists: named } = await park.query<{ codeLists: { name: string; editions: { count: number }[] }[] }>(
      token,
      '{ codeLists { name zh en editions { edition from to source complete count } } }',
    )
    const byRest = (await get('/code-lists')).json<{ name: string; editions: { entries: number }[] }[]>()
    expect(named.map(({ name, editions }) => [name, editions.map(({ count }) => count)])).toEqual(
      byRest.map(({ name, editions }) => [name, editions.map(({ entries }) => entries)]),
    )
    for (const { name } of named) {
      const [graphql, rest] = [await ask({ name, first: 100 }), await list(`${name}?limit=100`)]
      expect(
        graphql.nodes.map(({ code, zh, en, details }) => ({ code, zh, ...(en ? { en } : {}), ...details })),
        name,
      ).toEqual(rest.entries)
      expect(graphql.totalCount).toBe(rest.total)
    }
  })

  test('are searched and walked to their end', async () => {
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const { nodes, pageInfo, totalCount } = await ask({
        name: 'hazardous',
        edition: '2021',
        search: 'HW49',
        first: 5,
        after,
      })
      seen.push(...nodes.map(({ code }) => code))
      if (!pageInfo.hasNextPage) {
        expect([seen.length, new Set(seen).size]).toEqual([totalCount, totalCount])
        break
      }
      after = pageInfo.endCursor
    }
    expect(seen).toContain('900-041-49')
  })

  test('that there are not are refused by name', async () => {
    await expect(ask({ name: 'nothing' })).rejects.toThrow('code-list-unknown')
    await expect(ask({ name: 'hazardous', edition: '2008' })).rejects.toThrow('edition-unknown')
  })
})

test('every row of every list has a code of its own and Chinese text, and editions follow one another', () => {
  for (const { name, editions } of codeLists) {
    for (const { edition, entries } of editions) {
      expect(new Set(entries.map(({ code }) => code)).size, `${name} ${edition}`).toBe(entries.length)
      expect(entries.filter(({ code, zh }) => code === '' || zh === '')).toEqual([])
      expect(entries.length).toBeGreaterThan(1)
    }
    const days = editions.map(({ from, to }) => [from, to])
    for (let i = 1; i < days.length; i++) expect(String(days[i - 1]?.[1]) < String(days[i]?.[0]), name).toBe(true)
  }
})
