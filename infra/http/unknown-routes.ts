import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import findMyWay from 'find-my-way'
import { sendTrouble } from './error-page.ts'
import { sendProblem } from './problem.ts'

/**
 * What is asked of an address that no route answers. A path that other methods know is 405 with `Allow` (RFC 9110 15.5.6), `OPTIONS` of such a
 * path says the same with 204, and everything else is 404. Paths are matched by the router that fastify itself routes with, so that the two
 * cannot disagree. Covers every route that is added to `app` after this.
 */
export function answerUnknownRoutes(app: FastifyInstance, maxParamLength: number): void {
  const router = findMyWay({ maxParamLength })
  const methods = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of typeof method === 'string' ? [method] : method) {
      // A plugin may document one address twice, with its slash and without.
      if (router.hasRoute(one as findMyWay.HTTPMethod, url)) continue
      methods.add(one)
      router.on(one as findMyWay.HTTPMethod, url, () => undefined)
    }
  })

  function allowedAt(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? ''
    return [...methods].filter((method) => router.find(method as findMyWay.HTTPMethod, path) !== null)
  }

  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const known = allowedAt(request.raw.url ?? '')
    // A route that answers by "not found" itself, such as one of files, is known by this very method.
    if (known.length === 0 || known.includes(request.method)) return sendTrouble(request, reply, { code: 'not-found' })
    const allow = [...new Set([...known, 'OPTIONS'])].sort().join(', ')
    if (request.method === 'OPTIONS')
      return reply.code(204).header('allow', allow).header('cache-control', 'no-store').send()
    return sendProblem(request, reply, {
      code: 'method-not-allowed',
      facts: { method: request.method, allow },
      headers: { allow },
    })
  })
}
