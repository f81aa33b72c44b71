import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type pg from 'pg'

export interface IssuerKeys {
  /** Private signing keys, newest first. */
  readonly signing: readonly JWK[]
  /** Signs the issuer's own cookies. */
  readonly cookie: string
}

const LOCK = 0x6f696463

/** The issuer's keys, made on first use. Processes that start together take turns, so that all of them know all keys. */
export async function readOrMakeKeys(pool: pg.Pool): Promise<IssuerKeys> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    const { rows: known } = await client.query<{ alg: string }>("select jwk->>'alg' as alg from identity.signing_key")
    for (const alg of SIGNING_ALGORITHMS.filter((wanted) => !known.some(({ alg }) => alg === wanted)))
      await client.query('insert into identity.signing_key (jwk) values ($1)', [
        JSON.stringify(await newSigningKey(alg)),
      ])
    await client.query('insert into identity.cookie_key (value) values ($1) on conflict do nothing', [
      randomBytes(32).toString('base64url'),
    ])
    const signing = await client.query<{ id: string; jwk: JWK }>(
      'select id, jwk from identity.signing_key order by made_at desc',
    )
    const cookie = await client.query<{ value: string }>('select value from identity.cookie_key')
    await client.query('commit')
    return { signing: signing.rows.map(({ id, jwk }) => ({ ...jwk, kid: id })), cookie: cookie.rows[0]?.value ?? '' }
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** ES256 for access tokens; RS256, which every issuer must be able to sign an ID token with (OpenID Connect Discovery 1.0 section 3). */
const SIGNING_ALGORITHMS = ['ES256', 'RS256'] as const

async function newSigningKey(alg: (typeof SIGNING_ALGORITHMS)[number]): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig' }
}

/** What the world may know of a key. */
export const publicPart = ({ kty, crv, x, y, n, e, kid, alg, use }: JWK): JWK => ({
  kty: kty ?? 'EC',
  ...(n ? { n } : {}),
  ...(e ? { e } : {}),
  ...(crv ? { crv } : {}),
  ...(x ? { x } : {}),
  ...(y ? { y } : {}),
  ...(kid ? { kid } : {}),
  ...(alg ? { alg } : {}),
  ...(use ? { use } : {}),
})
