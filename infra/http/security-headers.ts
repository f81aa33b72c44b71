import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'

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
const policyHeader = (nonce?: string): string =>
  Object.entries(contentSecurityPolicy(nonce))
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')

/**
 * The policy of a page whose program writes style elements of its own while it runs, which no nonce can foresee: scripts and workers stay
 * ours alone, and nothing is loaded or sent elsewhere.
 */
export const selfStylingPolicy: string = policyHeader().replace(/style-src [^;]*/, "style-src 'self' 'unsafe-inline'")

const PERMISSIONS = 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()'

/**
 * Sets the same headers on every answer. helmet makes them once, when the server starts: they do not depend on the request, and helmet would
 * build its policy again for each. A header that a route sets itself is kept.
 */
export async function securityHeaders(app: FastifyInstance): Promise<void> {
  const headers = { ...(await helmetHeaders()), 'permissions-policy': PERMISSIONS }
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers)
    done()
  })
}

async function helmetHeaders(): Promise<Readonly<Record<string, string>>> {
  const asked = fastify()
  const directives = Object.fromEntries(
    Object.entries(contentSecurityPolicy()).map(([directive, sources]) => [directive, [...sources]]),
  )
  await asked.register(helmet, {
    global: true,
    contentSecurityPolicy: { useDefaults: false, directives },
    referrerPolicy: { policy: 'same-origin' },
  })
  const without = fastify()
  for (const one of [asked, without]) one.get('/', () => '')
  const [answer, bare] = [await asked.inject('/'), await without.inject('/')]
  return Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) =>
      name in bare.headers || value === undefined ? [] : [[name, String(value)]],
    ),
  )
}
