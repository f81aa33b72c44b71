import { createHash, randomBytes } from 'node:crypto'
import fastify from 'fastify'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../infra/http/app.ts'
import { externalIssuer } from '../../infra/identity/external-issuer.ts'
import { openBuiltInIssuer, type BuiltInIssuer } from '../../infra/identity/issuer/issuer.ts'
import { identityMigrations } from '../../infra/identity/migrations.ts'
import { openVerifier } from '../../infra/identity/verify-token.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { oidc } from '../../services/gateway/oidc/mount.ts'
import { freshDatabase } from '../support/database.ts'

const treater = '91350100M000100Y43'
const carrier = '914403001922038216'
const units: Readonly<Record<string, readonly string[]>> = { [treater]: ['disposer'], [carrier]: ['carrier'] }
const audience = 'wufei'
const client = {
  pages: {
    clientId: 'park-pages',
    redirectUris: ['http://127.0.0.1:9/session/callback'],
    signedOutUris: ['http://127.0.0.1:9/'],
  },
}

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
let issuer: BuiltInIssuer
let app: Awaited<ReturnType<typeof buildApp>>
let url: string

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url, max: 4 })
  const connection = await pool.connect()
  await migrate(connection, identityMigrations)
  connection.release()
  app = await buildApp({
    logger: openLogger('silent'),
    metrics: openMetrics(),
    authenticate: () => Promise.resolve(undefined),
  })
  url = await originOf()
  issuer = await open(pool)
  await app.register(oidc, { issuer })
  await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) })
})
afterAll(async () => {
  await app.close()
  issuer.close()
  await pool.end()
  await database.drop()
})

const open = (pool: pg.Pool, environment = 'test') =>
  openBuiltInIssuer({
    pool,
    url: `${url}/oidc`,
    audience,
    findUnit: async (code) => (units[code] ? { roles: units[code] } : undefined),
    environment,
    ...client,
  })

/** The issuer must know its own address before it listens. */
async function originOf(): Promise<string> {
  const probe = fastify()
  const address = await probe.listen({ host: '127.0.0.1', port: 0 })
  await probe.close()
  return address
}

const ask = (form: Record<string, string>, authorization?: string) =>
  fetch(`${url}/oidc/token`, {
    method: 'POST',
    headers: authorization ? { authorization } : {},
    body: new URLSearchParams(form),
  })
const program = (id: string, secret = 'demo') =>
  ask({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
const tokenOf = async (answer: Response) => ((await answer.json()) as { access_token: string }).access_token

describe('programs', () => {
  test.each([
    ['demo-admin', { roles: ['admin'] }],
    [
      'demo-bureau',
      { roles: ['bureau'], competence: ['industrial', 'hazardous', 'municipal', 'construction', 'sludge'] },
    ],
    ['demo-environment', { roles: ['bureau'], competence: ['industrial', 'hazardous', 'sludge'] }],
    [`unit-${treater}`, { unit: treater, roles: ['producer', 'receiver'] }],
    [`unit-${carrier}`, { unit: carrier, roles: ['carrier', 'driver'] }],
  ])('%s gets a token that says what it may do', async (id, claims) => {
    const answer = await program(id)
    expect(answer.status).toBe(200)
    const token = await tokenOf(answer)
    expect(decodeJwt(token)).toMatchObject({ iss: `${url}/oidc`, aud: audience, sub: id })
    const actor = { subject: id, ...claims }
    const sameCode = [issuer, externalIssuer(`${url}/oidc`)].map(({ url: iss, keys }) =>
      openVerifier({ issuer: iss, audience, keys }),
    )
    for (const verify of sameCode) {
      const verified = await verify(token)
      expect({ ...verified, roles: [...verified.roles].sort() }).toEqual(actor)
    }
  })

  test('may send their secret as Basic as well', async () => {
    expect(
      (await ask({ grant_type: 'client_credentials' }, `Basic ${Buffer.from('demo-admin:demo').toString('base64')}`))
        .status,
    ).toBe(200)
  })

  test.each([
    ['demo-admin', 'wrong'],
    ['unit-91350100M000100Y44', 'demo'],
    ['unit-', 'demo'],
    ['nobody', 'demo'],
    ['toString', 'demo'],
    ['park-pages', 'demo'],
  ])('%s with the secret %s gets none', async (id, secret) => {
    const answer = await program(id, secret)
    expect([400, 401]).toContain(answer.status)
    expect(await answer.text()).not.toMatch(/stack|node_modules|select /)
  })

  test('cannot ask for another audience', async () => {
    expect(
      (
        await ask({
          grant_type: 'client_credentials',
          client_id: 'demo-admin',
          client_secret: 'demo',
          resource: 'urn:other',
        })
      ).status,
    ).toBe(400)
  })
})

describe('people', () => {
  interface Visit {
    readonly answer: Response
    readonly cookies: string
  }
  const jar = new Map<string, string>()
  const visit = async (address: string, init: RequestInit = {}): Promise<Visit> => {
    const answer = await fetch(new URL(address, url), {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return { answer, cookies: [...jar.keys()].join() }
  }
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const [redirectUri = ''] = client.pages.redirectUris
  const authorization = (more: Record<string, string> = {}) =>
    `/oidc/auth?${new URLSearchParams({ client_id: 'park-pages', response_type: 'code', scope: 'openid', redirect_uri: redirectUri, state: 's', code_challenge: challenge, code_challenge_method: 'S256', ...more })}`

  test('pick an account on a plain page and come back with a code that only their verifier opens', async () => {
    jar.clear()
    const asked = await visit(authorization())
    const signIn = asked.answer.headers.get('location') ?? ''
    expect([asked.answer.status, signIn]).toEqual([303, expect.stringContaining('/oidc/sign-in/')])
    const page = await visit(signIn)
    const html = await page.answer.text()
    expect(page.answer.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(html).toMatch(/生态环境局/)
    expect(html).not.toMatch(/<script|style=/)

    const unknown = await visit(signIn, {
      method: 'POST',
      body: new URLSearchParams({ account: 'clerk', unit: '"><script>' }),
    })
    expect([unknown.answer.status, await unknown.answer.text()]).toEqual([422, expect.not.stringContaining('<script')])
    const picked = await visit(signIn, {
      method: 'POST',
      body: new URLSearchParams({ account: 'driver', unit: carrier }),
    })
    expect(picked.answer.status).toBe(303)
    const resumed = await visit(picked.answer.headers.get('location') ?? '')
    const back = new URL(resumed.answer.headers.get('location') ?? '')
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([redirectUri, 's'])

    const exchange = (code_verifier: string) =>
      ask({
        grant_type: 'authorization_code',
        client_id: 'park-pages',
        redirect_uri: redirectUri,
        code: back.searchParams.get('code') ?? '',
        code_verifier,
      })
    const exchanged = await exchange(verifier)
    expect(exchanged.status).toBe(200)
    const token = await tokenOf(exchanged)
    expect(await openVerifier({ issuer: issuer.url, audience, keys: issuer.keys })(token)).toEqual({
      subject: `driver@${carrier}`,
      unit: carrier,
      roles: ['driver'],
    })
    expect((await exchange(verifier)).status).toBe(400)
  })

  test('cannot come back elsewhere, nor without PKCE, nor to a sign-in that is not theirs', async () => {
    jar.clear()
    expect((await visit(authorization({ redirect_uri: 'http://evil.example/' }))).answer.status).toBe(400)
    const plain = await visit(authorization({ code_challenge: '', code_challenge_method: '' }))
    expect(plain.answer.headers.get('location') ?? '').toContain('error=invalid_request')
    expect((await visit('/oidc/sign-in/someone-elses')).answer.status).toBe(400)
  })

  /** Signs in as a person and changes the code into tokens. */
  async function signedIn(account: Record<string, string>): Promise<{ access_token: string; id_token: string }> {
    const asked = await visit(authorization())
    const signIn = asked.answer.headers.get('location') ?? ''
    const picked = await visit(signIn, { method: 'POST', body: new URLSearchParams(account) })
    const resumed = await visit(picked.answer.headers.get('location') ?? '')
    const code = new URL(resumed.answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const answer = await ask({
      grant_type: 'authorization_code',
      client_id: 'park-pages',
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    })
    return (await answer.json()) as { access_token: string; id_token: string }
  }
  const taken = () =>
    openVerifier({ issuer: issuer.url, audience, keys: issuer.keys, sessionStands: issuer.sessionStands })

  test('sign out by the endpoint that discovery names: session and tokens end, of this sign-in and of no other', async () => {
    const discovery = (await (await fetch(`${url}/oidc/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >
    expect(discovery['end_session_endpoint']).toBe(`${url}/oidc/session/end`)
    jar.clear()
    const elsewhere = await signedIn({ account: 'bookkeeper' })
    jar.clear()
    const here = await signedIn({ account: 'bookkeeper' })
    expect(here).not.toHaveProperty('refresh_token')
    const verify = taken()
    expect(await verify(here.access_token)).toMatchObject({ subject: 'bookkeeper' })

    const [back = ''] = client.pages.signedOutUris
    const end = `/oidc/session/end?${new URLSearchParams({ id_token_hint: here.id_token, post_logout_redirect_uri: back, state: 'x' })}`
    const page = await visit(end)
    const html = await page.answer.text()
    expect([page.answer.status, page.answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(html).toMatch(/退出登录/)
    expect(html).not.toMatch(/<script|https:\/\/fonts/)
    expect(await verify(here.access_token)).toMatchObject({ subject: 'bookkeeper' })

    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const action = /action="([^"]+)"/.exec(html)?.[1] ?? ''
    expect(
      (await visit(action, { method: 'POST', body: new URLSearchParams({ xsrf: 'forged', logout: 'yes' }) })).answer
        .status,
    ).toBe(400)
    const done = await visit(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) })
    expect([done.answer.status, done.answer.headers.get('location')]).toEqual([303, `${back}?state=x`])

    await expect(verify(here.access_token)).rejects.toMatchObject({ reason: 'token-expired' })
    await expect(taken()(here.access_token)).rejects.toMatchObject({ reason: 'token-expired' })
    expect(await verify(elsewhere.access_token)).toMatchObject({ subject: 'bookkeeper' })
    // Who asks again is asked who they are.
    const again = await visit(authorization())
    expect(again.answer.headers.get('location')).toContain('/oidc/sign-in/')
  })

  test('are sent to a plain page where they named none to come back to, and nowhere that is not registered', async () => {
    jar.clear()
    const done = await visit('/oidc/session/end/success')
    expect(await done.answer.text()).toMatch(/已退出登录/)
    const evil = await visit(
      `/oidc/session/end?${new URLSearchParams({ client_id: 'park-pages', post_logout_redirect_uri: 'http://evil.example/' })}`,
      { headers: { accept: 'text/html' } },
    )
    expect([evil.answer.status, evil.answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8'])
  })

  test('have an ID token signed with RS256, which is no access token', async () => {
    const discovery = (await (await fetch(`${url}/oidc/.well-known/openid-configuration`)).json()) as Record<
      string,
      string[]
    >
    expect(discovery['id_token_signing_alg_values_supported']).toContain('RS256')
    jar.clear()
    const tokens = await signedIn({ account: 'bookkeeper' })
    expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ alg: 'RS256' })
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    const verifyId = openVerifier({ issuer: issuer.url, audience: 'park-pages', keys: issuer.keys })
    await expect(verifyId(tokens.id_token)).rejects.toMatchObject({ reason: 'token-invalid' })
  })

  test('get only what their unit is registered for', async () => {
    jar.clear()
    const asked = await visit(authorization())
    const signIn = asked.answer.headers.get('location') ?? ''
    expect(
      (await visit(signIn, { method: 'POST', body: new URLSearchParams({ account: 'driver', unit: treater }) })).answer
        .status,
    ).toBe(422)
  })
})

test('keys and sessions outlive the process: a second one knows the tokens of the first', async () => {
  const token = await tokenOf(await program('demo-admin'))
  const second = await open(pool)
  await expect(openVerifier({ issuer: second.url, audience, keys: second.keys })(token)).resolves.toMatchObject({
    roles: ['admin'],
  })
  second.close()
})

test('the built-in issuer does not run in production, and says what to do', async () => {
  await expect(open(pool, 'production')).rejects.toThrow(/OIDC_ISSUER/)
})

test('no memory of keys: what the issuer publishes holds no private part', async () => {
  const jwks = (await (await fetch(`${url}/oidc/jwks`)).json()) as { keys: object[] }
  expect(jwks.keys.length).toBeGreaterThan(0)
  for (const key of jwks.keys) expect(Object.keys(key)).not.toContain('d')
})
