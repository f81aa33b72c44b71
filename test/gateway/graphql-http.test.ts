import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composedPark, type TestPark } from '../support/composed-park.ts'

let park: TestPark
let url: string
let token: string
beforeAll(async () => {
  park = await composedPark()
  url = `${await park.app.listen({ host: '127.0.0.1', port: 0 })}/graphql`
  token = await park.token('demo-bureau')
})
afterAll(() => park.close())

/** As the audit asks, with the one thing that every request here needs. */
const authenticated = (input: string, init: RequestInit = {}) =>
  fetch(input, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${token}` },
  })

const audits = serverAudits({ url: () => url, fetchFn: authenticated })

test('the audit of graphql-http asks what it asked when this was written, or more', () => {
  expect(audits.length).toBeGreaterThanOrEqual(61)
})

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
  'GraphQL over HTTP %s: %s',
  async (_id, _name, audit) => {
    const result = await audit.fn()
    const reason = 'reason' in result ? `${result.reason} ${await result.response.text().catch(() => '')}` : ''
    expect([result.status, reason]).toEqual(['ok', ''])
  },
)
