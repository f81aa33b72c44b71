import { createLocalJWKSet, createRemoteJWKSet, errors } from 'jose'
import { z } from 'zod'
import type { Issuer } from './issuer-port.ts'

const Discovery = z.object({
  issuer: z.url(),
  jwks_uri: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
})
type Discovery = z.infer<typeof Discovery>

const TIMEOUT_MS = 5_000
// How long keys are trusted that the issuer could not be asked about since: longer than it is ever away, shorter than a stolen key may live.
const STALE_MS = 3_600_000

/**
 * An organisation's own issuer (OpenID Connect Discovery 1.0). It is asked on first use and asked again after a failure, so that
 * the park starts while the issuer is down.
 */
export function externalIssuer(url: string): Issuer {
  let found: Promise<Discovery> | undefined
  let keySet: ReturnType<typeof createRemoteJWKSet> | undefined
  let lastHeard = Number.NEGATIVE_INFINITY

  async function discovery(): Promise<Discovery> {
    found ??= discover(url)
    try {
      return await found
    } catch (error) {
      found = undefined
      throw error
    }
  }

  return {
    url,
    async keys(...asked) {
      keySet ??= createRemoteJWKSet(new URL((await discovery()).jwks_uri), { timeoutDuration: TIMEOUT_MS })
      try {
        const key = await keySet(...asked)
        if (keySet.fresh) lastHeard = performance.now()
        return key
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
        const known = performance.now() - lastHeard < STALE_MS ? keySet.jwks() : undefined
        if (!known) throw error
        // A key that is known is good while the issuer is away; about one that is not, nothing can be said.
        return createLocalJWKSet(known)(...asked).catch(() => Promise.reject(error))
      }
    },
    async endpoints() {
      const { authorization_endpoint: authorization, token_endpoint: token } = await discovery()
      return { authorization, token }
    },
  }
}

async function discover(url: string): Promise<Discovery> {
  const response = await fetch(`${url.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`the issuer answered its discovery document with ${response.status}`)
  const document = Discovery.parse(await response.json())
  if (document.issuer !== url) throw new Error('the issuer calls itself by another name than OIDC_ISSUER')
  return document
}
