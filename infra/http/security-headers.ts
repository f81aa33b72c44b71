import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** What our pages may load: only what we serve ourselves. A page with a style element of its own passes the nonce of that element. */
export const contentSecurityPolicy = (nonce?: string): Readonly<Record<string, readonly string[]>> => ({
  'default-src': ["'self'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'style-src': ["'self'", ...(nonce ? [`'nonce-${nonce}'`] : [])],
  'img-src': ["'self'", 'data:', 'blob:'],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
})

/** The policy as one header, for a page that sets its own. */
export const policyHeader = (nonce?: string): string =>
  Object.entries(contentSecurityPolicy(nonce))
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')

const PERMISSIONS = 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()'

export async function securityHeaders(app: FastifyInstance): Promise<void> {
  const directives = Object.fromEntries(Object.entries(contentSecurityPolicy()).map(([directive, sources]) => [directive, [...sources]]))
  await app.register(helmet, { global: true, contentSecurityPolicy: { useDefaults: false, directives }, referrerPolicy: { policy: 'same-origin' } })
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.setHeader('permissions-policy', PERMISSIONS)
  })
}
