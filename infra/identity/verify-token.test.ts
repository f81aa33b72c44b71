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
let verify: VerifyToken

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  own = pair.privateKey
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
const signed = (payload: JWTPayload, key = own, kid = 'one') =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
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

test('where the issuer does not answer, the token is not blamed', async () => {
  const deaf = openVerifier({ issuer, audience, keys: () => Promise.reject(new Error('connect ECONNREFUSED')) })
  await expect(deaf(await signed(claims()))).rejects.toBeInstanceOf(IssuerUnavailable)
})
