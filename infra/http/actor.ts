import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuthenticatedActor } from '../identity/actor.ts'
import { IssuerUnavailable, TokenRefused } from '../identity/verify-token.ts'
import { RequestRefused } from './problem.ts'

/** Says who sends a request; undefined where it does not say. Throws TokenRefused or IssuerUnavailable. */
export type Authenticate = (request: FastifyRequest) => Promise<AuthenticatedActor | undefined>

declare module 'fastify' {
  interface FastifyInstance {
    authenticate: Authenticate
  }
  interface FastifyRequest {
    actor: AuthenticatedActor | undefined
    /** Why the credentials of this request were not taken. */
    refusedCredentials: TokenRefused['reason'] | undefined
  }
}

/** Every request learns who sent it; whether that is enough is asked by what it goes to. */
export function identifyActors(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorate('authenticate', authenticate)
  app.decorateRequest('actor', undefined)
  app.decorateRequest('refusedCredentials', undefined)
  app.addHook('onRequest', async (request) => {
    try {
      request.actor = await authenticate(request)
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw new RequestRefused({ code: 'unavailable' }, error)
      if (!(error instanceof TokenRefused)) throw error
      request.refusedCredentials = error.reason
    }
  })
}

/**
 * The actor of this request.
 * @throws RequestRefused 401, with the challenge of RFC 6750
 */
export function requireActor(request: FastifyRequest): AuthenticatedActor {
  if (request.actor) return request.actor
  const code = request.refusedCredentials ?? 'unauthenticated'
  const challenge = request.refusedCredentials ? 'Bearer realm="wufei", error="invalid_token"' : 'Bearer realm="wufei"'
  throw new RequestRefused({ code, headers: { 'www-authenticate': challenge } })
}

/**
 * Whether who sent a request may still ask: their token has not expired and they have not signed out. For answers that go on for long. Where the
 * issuer cannot be asked, nothing is held against them.
 */
export async function stillIdentified(request: FastifyRequest): Promise<boolean> {
  try {
    return (await request.server.authenticate(request)) !== undefined
  } catch (error) {
    return !(error instanceof TokenRefused)
  }
}

/** How often a long answer asks whether its reader may still read, milliseconds. */
export const RECHECK_MS = 5_000
