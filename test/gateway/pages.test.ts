import { afterAll, beforeAll, expect, test } from 'vitest'
import { pages } from '../../services/gateway/pages/pages.ts'
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
  for (const url of ['/', '/cells/disposal/hazardous?month=2025-12'])
    expect((await get(production, url)).statusCode).toBe(401)
  expect((await get(production, '/graphiql')).body).toContain('data-demo="false"')
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
