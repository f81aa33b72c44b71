import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pages } from '../../services/gateway/pages/pages.ts'
import { ruleListing } from '../../schemas/rules/listing.ts'
import { questionText } from '../../schemas/rules/question-texts.ts'
import { openDoor, producer, type Door } from './door.ts'
import { F, FOREIGN_LOT, LOT, P, tellPark } from './park.ts'

const viewer = {
  subject: 'viewer',
  roles: ['bureau'],
  competence: ['industrial', 'hazardous', 'municipal', 'construction', 'sludge'] as const,
}

let demo: Door
let production: Door
beforeAll(async () => {
  demo = await openDoor(tellPark, (app, readSide) => app.register(pages, { readSide, viewer }))
  production = await openDoor(tellPark, (app, readSide) => app.register(pages, { readSide, viewer: undefined }))
})
afterAll(async () => {
  await demo.close()
  await production.close()
})

const get = (door: Door, url: string, headers: Record<string, string> = {}) =>
  door.app.inject({ method: 'GET', url, headers })

test('the page shows the newest month, and every figure of it leads on', async () => {
  const { statusCode, body, headers } = await get(demo, '/')
  expect(statusCode).toBe(200)
  expect(headers['content-security-policy']).toContain("script-src 'self'")
  expect(body).toContain('value="2025-12"')
  expect(body).toContain('危险废物')
  expect(body).not.toContain('<script')
  expect(body.match(/<td>/g)).toHaveLength(25)
  const [link] = /\/cells\/disposal\/hazardous\?month=2025-12/.exec(body) ?? []
  const cell = await get(demo, link ?? '')
  expect(cell.statusCode).toBe(200)
  expect(cell.body).toContain('共 3 条分录')
  expect(cell.body).toContain('丁处置')
})

test('the page speaks English to whoever prefers it', async () => {
  const { body } = await get(demo, '/?month=2025-12', { 'accept-language': 'en-GB,en;q=0.9' })
  expect(body).toContain('lang="en"')
  expect(body).toContain('hazardous waste')
})

test('a month without data has no rate', async () => {
  expect((await get(demo, '/?month=2031-01')).body).toContain('无数据')
})

test('who signed in sees what is theirs', async () => {
  const { body } = await get(production, '/cells/collection/hazardous?month=2025-12', {
    'x-claims': JSON.stringify(producer(P)),
  })
  expect(body).toContain(LOT)
  expect(body).not.toContain(FOREIGN_LOT)
  expect(body).not.toContain(F)
})

test('without the demo, nobody sees anything without a token', async () => {
  for (const url of ['/', '/rules', '/cells/disposal/hazardous?month=2025-12'])
    expect((await get(production, url)).statusCode).toBe(401)
  expect((await get(production, '/graphiql')).body).toContain('data-demo="false"')
})

test('an office sees on the page what it is competent for, and which rows are not shown', async () => {
  const claims = JSON.stringify({ sub: 'official', roles: ['bureau'], competence: ['municipal'] })
  const { body } = await get(production, '/?month=2025-12', { 'x-claims': claims })
  expect(body.match(/不在您部门的职责范围，不予显示/g)).toHaveLength(4)
  expect(body.match(/<td>/g)).toHaveLength(5)
  const cell = await get(production, '/cells/disposal/hazardous?month=2025-12', { 'x-claims': claims })
  expect([cell.statusCode, cell.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8'])
  expect(cell.body).toContain('“危险废物”不在您部门的职责范围')
})

test('the rate is of the park’s own waste and says so, with a link to the rate with waste from outside', async () => {
  const own = await get(demo, '/?month=2025-12')
  expect(own.body).toContain('园内产生的废物')
  expect(own.body).toContain('href="/?month=2025-12&amp;rate=all"')
  const all = await get(demo, '/?month=2025-12&rate=all', { 'accept-language': 'en' })
  expect(all.body).toContain('with waste brought in from outside')
  expect(all.body).toContain('href="/?month=2025-12"')
  expect(all.body).toContain('<input type="hidden" name="rate" value="all">')
})

describe('the page of all rules', () => {
  const HAN = /\p{Script=Han}/u
  const articles = (body: string) => body.split('<article ').slice(1)

  test.each(['zh', 'en'] as const)(
    'has every rule with its sources, fines, questions and cases, in %s',
    async (lang) => {
      const { statusCode, body } = await get(demo, '/rules', { 'accept-language': lang })
      expect(statusCode).toBe(200)
      expect(body).not.toContain('<script')
      const shown = articles(body)
      expect(shown).toHaveLength(ruleListing.length)
      for (const [i, { id, editions, cases, reason, asks, ...titles }] of ruleListing.entries()) {
        const article = shown[i] ?? ''
        expect(article).toContain(`id="${id}"`)
        const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('>', '&gt;')
        expect(article, id).toContain(escaped(titles[lang]))
        for (const { source, penalty } of editions) {
          expect(article, id).toContain(source)
          if (penalty) expect(article, id).toContain(escaped(penalty[lang]))
        }
        expect(article.match(/<section class="edition/g)?.length ?? 0).toBe(editions.length)
        expect(article.match(/<b class="severity/g)?.length ?? 0).toBe(editions.length + cases.length)
        for (const one of cases) expect(article, id).toContain(escaped(one[lang]))
        if (reason) expect(article, id).toContain(escaped(reason[lang]))
        for (const question of asks) {
          expect(article, id).toContain(questionText(question)[lang])
          expect(questionText(question).zh, question).toMatch(HAN)
        }
      }
    },
  )

  test('in English has no Chinese but the names of sources', async () => {
    const { body } = await get(demo, '/rules', { 'accept-language': 'en' })
    const without = body.replaceAll(/<p class="source">[^<]*<\/p>|<dt>Source<\/dt><dd>[^<]*<\/dd>/g, '')
    expect(without.split('\n').filter((line) => HAN.test(line))).toEqual([])
  })

  test('shows a part of them: those that commands ask, that deadlines raise, that nothing asks', async () => {
    const sizes = await Promise.all(
      ['asked', 'timer', 'unasked'].map(async (show) => articles((await get(demo, `/rules?show=${show}`)).body).length),
    )
    expect(sizes[0]).toBeGreaterThan(30)
    expect(sizes[1]).toBe(ruleListing.filter(({ asks }) => asks.includes('timer')).length)
    expect(sizes[2]).toBe(ruleListing.filter(({ applies }) => !applies).length)
    expect(sizes.reduce((a, b) => a + b)).toBe(ruleListing.length)
  })

  test('is linked from the front page', async () => {
    expect((await get(demo, '/')).body).toContain('href="/rules"')
  })
})

test.each([
  ['/?month=2025-13', 400],
  ['/?month=0000-01', 400],
  ['/?month=', 400],
  ['/?month=2025-12&month=2025-11', 400],
  ['/?month=%3Cscript%3E', 400],
  ['/?rate=some', 400],
  ['/?unknown=1', 400],
  ['/rules?show=R48', 400],
  ['/rules?unknown=1', 400],
  ['/?month=2025-12%00', 400],
  ['/cells/disposal/plutonium?month=2025-12', 404],
  ['/cells/nowhere/hazardous?month=2025-12', 404],
  ['/cells/disposal/hazardous', 400],
  ['/cells/disposal/hazardous?month=9999-99', 400],
  ['/cells/disposal/hazardous?month=2025-12&after=x', 400],
  ['/cells/disposal/hazardous?month=2025-12&after=0000-00-00~1', 400],
  ['/cells/disposal/hazardous?month=2025-12&unknown=1', 400],
])('what is wrong with %s is a page, in the reader’s language', async (url, status) => {
  for (const [language, back] of [
    ['zh-CN', '返回首页'],
    ['en', 'To the front page'],
  ] as const) {
    const answer = await get(demo, url, { 'accept-language': language })
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['content-language']]).toEqual([
      status,
      'text/html; charset=utf-8',
      language,
    ])
    expect(answer.body).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${language}">`))
    expect(answer.body).toContain(back)
    expect(answer.body).not.toContain('<script')
  }
})

test('a page that is not there is a page for a browser and a problem for a program', async () => {
  const browser = await get(demo, '/nowhere', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
  expect([browser.statusCode, browser.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  for (const [url, accept] of [
    ['/nowhere', 'application/json'],
    ['/api/v1/nowhere', 'text/html'],
  ]) {
    const program = await get(demo, url ?? '', { accept: accept ?? '' })
    expect([program.statusCode, program.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
  }
})

test('a page whose figures cannot be read is a page all the same, without a word of the inside', async () => {
  const broken = {
    ...demo.readSide,
    ledger: () => Promise.reject(new Error('select secret from nowhere')),
  }
  const door = await openDoor(tellPark, (app) => app.register(pages, { readSide: broken, viewer }))
  const answer = await get(door, '/?month=2025-12')
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([500, 'text/html; charset=utf-8'])
  expect(answer.body).not.toContain('secret')
  await door.close()
})

test('what is no month, no cell and no page is said to be none', async () => {
  expect((await get(demo, '/?month=2025-13')).statusCode).toBe(400)
  expect((await get(demo, '/?month=%3Cscript%3E')).body).not.toContain('<script>')
  expect((await get(demo, '/cells/disposal/plutonium?month=2025-12')).statusCode).toBe(404)
  expect((await get(demo, '/cells/disposal/hazardous?month=2025-12&after=x')).statusCode).toBe(400)
  expect((await get(demo, '/graphiql/nothing.js')).statusCode).toBe(404)
})

test('GraphiQL comes from here, every byte of it', async () => {
  const page = await get(demo, '/graphiql')
  expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'wasm-unsafe-eval';/)
  expect(page.body).not.toMatch(/https?:\/\//)
  for (const [, asset] of page.body.matchAll(/(?:src|href)="(\/graphiql\/[^"]+)"/g)) {
    const answer = await get(demo, asset ?? '')
    expect(answer.statusCode).toBe(200)
    expect((await get(demo, asset ?? '', { 'if-none-match': String(answer.headers['etag']) })).statusCode).toBe(304)
  }
  for (const worker of ['editor', 'json', 'graphql'])
    expect((await get(demo, `/graphiql/${worker}.worker.js`)).headers['content-type']).toContain('text/javascript')
})
