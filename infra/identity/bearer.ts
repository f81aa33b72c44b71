import { TokenRefused, type VerifyToken } from './verify-token.ts'
import type { AuthenticatedActor } from './actor.ts'

// Far above any token we know of; what is longer is not worth a hash.
const MAX_LENGTH = 16_384

/** The bearer of the token in an Authorization header (RFC 6750); undefined where there is none. */
export async function bearerOf(
  authorization: string | undefined,
  verify: VerifyToken,
): Promise<AuthenticatedActor | undefined> {
  if (authorization === undefined) return undefined
  const [scheme = '', token = '', ...rest] = authorization.split(' ')
  if (scheme.toLowerCase() !== 'bearer') return undefined
  if (token === '' || rest.length > 0 || token.length > MAX_LENGTH) throw new TokenRefused('token-invalid')
  return verify(token)
}
