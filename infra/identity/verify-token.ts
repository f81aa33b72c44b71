import { createHash } from 'node:crypto'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { LRUCache } from 'lru-cache'
import { actorOf, type AuthenticatedActor } from './actor.ts'

/** Why a token is not taken. The texts of jose stay inside: they say more than a stranger needs. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
  readonly reason: 'token-invalid' | 'token-expired'

  constructor(reason: TokenRefused['reason'], cause?: unknown) {
    super(reason, { cause })
    this.reason = reason
  }
}

/** The issuer's keys could not be had: nothing is said about the token. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable'
}

export interface TokenRules {
  /** `iss` that tokens must bear. */
  readonly issuer: string
  /** `aud` that tokens must bear. */
  readonly audience: string
  /** Keys of the issuer: its published set, local for the built-in one, fetched for any other. */
  readonly keys: JWTVerifyGetKey
}

export type VerifyToken = (token: string) => Promise<AuthenticatedActor>

// Signatures only, and only by key pairs: `none` and shared secrets (a public key used as an HMAC secret) are out by not being here.
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256']
const CLOCK_TOLERANCE_SECONDS = 30
// A token that was verified is taken on sight for this long, so that a busy program does not pay for a signature with each command.
const SEEN_MS = 30_000

/**
 * Verifies access tokens: signature, issuer, audience, expiry; the same code for the built-in issuer and for any other.
 * The answer throws TokenRefused or IssuerUnavailable.
 */
export function openVerifier({ issuer, audience, keys }: TokenRules): VerifyToken {
  const seen = new LRUCache<string, AuthenticatedActor>({ max: 5_000 })

  return async (token) => {
    const fingerprint = createHash('sha256').update(token).digest('base64')
    const known = seen.get(fingerprint)
    if (known) return known
    const claims = await verified(token)
    const actor = actorOf(claims)
    if (!actor) throw new TokenRefused('token-invalid')
    const left = claims.exp * 1_000 - Date.now()
    if (left > 0) seen.set(fingerprint, actor, { ttl: Math.min(SEEN_MS, left) })
    return actor
  }

  async function verified(token: string): Promise<{ readonly exp: number }> {
    try {
      const { payload } = await jwtVerify(token, keysOrFault, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      })
      return payload as { exp: number }
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw error
      // Whatever else goes wrong, it is the token that makes it go wrong.
      throw new TokenRefused(error instanceof errors.JWTExpired ? 'token-expired' : 'token-invalid', error)
    }
  }

  async function keysOrFault(...asked: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    try {
      return await keys(...asked)
    } catch (error) {
      if (
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported
      )
        throw error
      throw new IssuerUnavailable('the issuer’s keys could not be read', { cause: error })
    }
  }
}
