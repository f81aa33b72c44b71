import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../../infra/http/openapi.ts'
import { pages } from '../../services/gateway/pages/pages.ts'
import { problemPages } from '../../services/gateway/rest/problem-pages.ts'
import { openDoor, type Door } from './door.ts'
import { tellPark } from './park.ts'

const BROWSER = '/usr/bin/chromium'
const here = existsSync(BROWSER)
const viewer = { subject: 'viewer', roles: ['bureau'], competence: ['industrial', 'hazardous'] as const }

let door: Door
let browser: Browser
let origin: string
beforeAll(async () => {
  if (!here) return
  door = await openDoor(tellPark, async (app, readSide) => {
    await app.register(pages, { readSide, viewer })
    await app.register(
      async (api) => {
        await openApi(api, { version: '0', openIdConnectUrl: '/oidc/.well-known/openid-configuration' })
        await api.register(problemPages)
      },
      { prefix: '/api/v1' },
    )
  })
  origin = await door.app.listen({ host: '127.0.0.1', port: 0 })
  browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] })
})
afterAll(async () => {
  if (!here) return
  await browser.close()
  await door.close()
})

/** Opens a page and notes whatever it asks of other origins, and whatever the browser would not let it do. */
async function opened(path: string) {
  const page = await browser.newPage()
  const elsewhere: string[] = []
  const refused: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(?:data|blob):/.test(request.url())) elsewhere.push(request.url())
  })
  page.on('pageerror', (error) => void refused.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) refused.push(message.text())
  })
  await page.goto(`${origin}${path}`)
  return { page, elsewhere, refused }
}

test.skipIf(!here)(
  `in a browser, a figure of the page leads to its postings${here ? '' : ` (skipped: no ${BROWSER})`}`,
  async () => {
    const { page, elsewhere, refused } = await opened('/')
    await page.click('a[href^="/cells/disposal/hazardous"]')
    expect(await page.locator('table.postings tbody tr').count()).toBe(3)
    expect([elsewhere, refused]).toEqual([[], []])
  },
)

test.skipIf(!here)(
  `in a browser, GraphiQL runs under its policy and asks nobody else${here ? '' : ` (skipped: no ${BROWSER})`}`,
  async () => {
    const { page, elsewhere, refused } = await opened('/graphiql')
    await page.locator('.graphiql-execute-button').waitFor()
    await page.click('.graphiql-execute-button')
    // There is no issuer here and so no token: the answer is the problem that says so.
    await page.locator('.graphiql-response', { hasText: 'unauthenticated' }).waitFor()
    expect([elsewhere, refused]).toEqual([[], []])
  },
)

for (const path of ['/api/v1/docs', '/api/v1/docs/']) {
  test.skipIf(!here)(
    `in a browser, ${path} shows the API from our own files${here ? '' : ` (skipped: no ${BROWSER})`}`,
    async () => {
      const { page, elsewhere, refused } = await opened(path)
      await page.locator('.swagger-ui .info .title', { hasText: 'Wufei' }).waitFor()
      expect([elsewhere, refused]).toEqual([[], []])
    },
  )
}
