import { hash } from 'node:crypto'
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
  /**
   * `typ` that the header of a token must bear, `at+jwt` by default (RFC 9068 section 4): an ID token or a logout token, signed by the same keys, is no
   * access token. An issuer that says `JWT` of all its tokens, as Keycloak does by default, is told apart from its ID tokens by `audience` alone.
   */
  readonly type?: string
  /** Whether the session that a token came from (`sid`) still stands; asked each time. Absent: an issuer that says no sessions. */
  readonly sessionStands?: (sid: string) => Promise<boolean>
}

/** `typ` of a JWT that is an access token (RFC 9068 section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

/** What is kept of a token that was verified. */
interface Bearer {
  readonly actor: AuthenticatedActor
  /** Seconds since 1970. */
  readonly expires: number
  readonly sid: string | undefined
}

export type VerifyToken = (token: string) => Promise<AuthenticatedActor>

// Signatures only, and only by key pairs: `none` and shared secrets (a public key used as an HMAC secret) are out by not being here.
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256']
const CLOCK_TOLERANCE_SECONDS = 30
// A token that was verified is taken on sight for this long, so that a busy program does not pay for a signature with each command.
const SEEN_MS = 30_000

/**
 * Verifies access tokens: signature, type, issuer, audience, expiry, session; the same code for the built-in issuer and for any other.
 * The answer throws TokenRefused or IssuerUnavailable.
 */
export function openVerifier({
  issuer,
  audience,
  keys,
  type = ACCESS_TOKEN_TYPE,
  sessionStands,
}: TokenRules): VerifyToken {
  const seen = new LRUCache<string, Bearer>({ max: 5_000 })

  return async (token) => {
    const fingerprint = hash('sha256', token, 'base64')
    const known = seen.get(fingerprint)
    const bearer = known ?? (await read(token))
    if (!known) {
      const left = bearer.expires * 1_000 - Date.now()
      if (left > 0) seen.set(fingerprint, bearer, { ttl: Math.min(SEEN_MS, left) })
    }
    // Signing out ends what was signed in for, though the token itself is good for a while longer.
    if (bearer.sid !== undefined && !(await stands(bearer.sid))) throw new TokenRefused('token-expired')
    return bearer.actor
  }

  async function stands(sid: string): Promise<boolean> {
    if (!sessionStands) return true
    try {
      return await sessionStands(sid)
    } catch (error) {
      throw new IssuerUnavailable('the issuer could not be asked about a session', { cause: error })
    }
  }

  async function read(token: string): Promise<Bearer> {
    const claims = await verified(token)
    const actor = actorOf(claims)
    if (!actor) throw new TokenRefused('token-invalid')
    return { actor, expires: claims.exp, sid: typeof claims.sid === 'string' ? claims.sid : undefined }
  }

  async function verified(token: string): Promise<{ readonly exp: number; readonly sid?: unknown }> {
    try {
      const { payload } = await jwtVerify(token, keysOrFault, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        typ: type,
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
