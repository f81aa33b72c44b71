import type { webcrypto } from 'node:crypto'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { IssuerUnavailable, openVerifier, TokenRefused, type VerifyToken } from './verify-token.ts'

const issuer = 'https://issuer.example'
const audience = 'urn:wufei:park'
const unit = '91350100M000100Y43'
let own: webcrypto.CryptoKey
let stranger: webcrypto.CryptoKey
let publicText: string
let publicKey: webcrypto.CryptoKey
let verify: VerifyToken

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  own = pair.privateKey
  publicKey = pair.publicKey
  stranger = (await generateKeyPair('ES256')).privateKey
  const jwk = await exportJWK(pair.publicKey)
  publicText = JSON.stringify(jwk)
  verify = openVerifier({
    issuer,
    audience,
    keys: createLocalJWKSet({ keys: [{ ...jwk, kid: 'one', alg: 'ES256', use: 'sig' }] }),
  })
})

const now = () => Math.floor(Date.now() / 1_000)
const claims = (more: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: 'unit-1',
  unit,
  roles: ['producer'],
  iat: now(),
  exp: now() + 60,
  ...more,
})
const signed = (payload: JWTPayload, key = own, kid = 'one', typ = 'at+jwt') =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid, typ }).sign(key)
const refusal = (token: string) =>
  verify(token).then(
    () => 'taken',
    (error: unknown) => (error instanceof TokenRefused ? error.reason : String(error)),
  )

test('a good token names the actor; roles of other systems are passed over', async () => {
  const token = await signed(claims({ roles: ['producer', 'chancellor'], competence: ['municipal'] }))
  const actor = { subject: 'unit-1', unit, roles: ['producer'], competence: ['municipal'] }
  expect(await verify(token)).toEqual(actor)
  expect(await verify(token)).toEqual(actor)
})

test('the clocks of issuer and park may differ a little, and no more', async () => {
  expect(await refusal(await signed(claims({ exp: now() - 10 })))).toBe('taken')
  expect(await refusal(await signed(claims({ exp: now() - 60 })))).toBe('token-expired')
  expect(await refusal(await signed(claims({ nbf: now() + 600 })))).toBe('token-invalid')
})

test('tokens for others, of others, or not as signed are refused', async () => {
  const good = await signed(claims())
  const [head = '', , signature = ''] = good.split('.')
  const forged = Buffer.from(JSON.stringify(claims({ roles: ['admin'] }))).toString('base64url')
  const unsecured = new UnsecuredJWT(claims()).encode()
  const confused = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(new TextEncoder().encode(publicText))
  for (const token of [
    await signed(claims({ aud: 'someone-else' })),
    await signed(claims({ iss: 'https://other.example' })),
    await signed(claims(), stranger),
    await signed(claims(), own, 'unknown'),
    `${head}.${forged}.${signature}`,
    unsecured,
    confused,
    await signed({ iss: issuer, aud: audience, sub: 'unit-1' }),
    await signed(claims({ sub: '' })),
    await signed(claims({ unit: 'not a credit code' })),
    '',
    'a',
    'a.b.c',
    '..',
    `${good}x`,
    '🗑️',
    'x'.repeat(10_000),
  ])
    expect(await refusal(token), token.slice(0, 40)).toBe('token-invalid')
})

test('a token of another type, such as an ID token, is no access token (RFC 9068 section 4)', async () => {
  for (const typ of ['JWT', 'logout+jwt', 'id_token', 'at+jwt2'])
    expect(await refusal(await signed(claims(), own, 'one', typ)), typ).toBe('token-invalid')
  for (const typ of ['at+jwt', 'application/at+jwt', 'AT+JWT'])
    expect(await refusal(await signed(claims(), own, 'one', typ)), typ).toBe('taken')
})

test('an issuer that says JWT of all its tokens is taken where the park is set to it, and only there', async () => {
  const set = openVerifier({ issuer, audience, keys: () => Promise.resolve(publicKey), type: 'JWT' })
  expect(await set(await signed(claims(), own, 'one', 'JWT'))).toMatchObject({ subject: 'unit-1' })
  await expect(set(await signed(claims(), own, 'one', 'at+jwt'))).rejects.toBeInstanceOf(TokenRefused)
})

test('a token ends with the session that it came from, also where it was taken a moment before', async () => {
  const standing = new Set(['s1'])
  const verifySessions = openVerifier({
    issuer,
    audience,
    keys: () => Promise.resolve(publicKey),
    sessionStands: (sid) => Promise.resolve(standing.has(sid)),
  })
  const token = await signed(claims({ sid: 's1' }))
  expect(await verifySessions(token)).toMatchObject({ subject: 'unit-1' })
  standing.clear()
  await expect(verifySessions(token)).rejects.toBeInstanceOf(TokenRefused)
  expect(await verifySessions(await signed(claims()))).toMatchObject({ subject: 'unit-1' })
})

test('where the issuer does not answer, the token is not blamed', async () => {
  const deaf = openVerifier({ issuer, audience, keys: () => Promise.reject(new Error('connect ECONNREFUSED')) })
  await expect(deaf(await signed(claims()))).rejects.toBeInstanceOf(IssuerUnavailable)
})
