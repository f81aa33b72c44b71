import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BuiltInIssuer } from '../../../infra/identity/issuer/issuer.ts'
import { languageOf } from '../../../infra/http/language.ts'
import { sendErrorPage } from '../../../infra/http/error-page.ts'
import { SignInForm, accountOf, signInPage } from './sign-in-page.ts'

const PREFIX = '/oidc'

/** The built-in issuer under `/oidc`, with our own sign-in page for people. */
export async function oidc(app: FastifyInstance, { issuer }: { readonly issuer: BuiltInIssuer }): Promise<void> {
  // The issuer reads its own bodies (forms); what stands here only keeps fastify from reading them first.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  app.get(`${PREFIX}/sign-in/:uid`, async (request, reply) => {
    const signIn = await issuer.signIn(request.raw, reply.raw)
    return signIn
      ? page(reply, signInPage({ language: languageOf(request), action: request.url }))
      : expired(request, reply)
  })

  await app.register(async (forms) => {
    forms.removeAllContentTypeParsers()
    forms.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4_096 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    forms.post(`${PREFIX}/sign-in/:uid`, async (request, reply) => {
      if (!(await issuer.signIn(request.raw, reply.raw))) return expired(request, reply)
      const form = SignInForm.safeParse(request.body)
      const location = form.success ? await issuer.signInAs(accountOf(form.data), request.raw, reply.raw) : undefined
      if (location === undefined)
        return page(reply.code(422), signInPage({ language: languageOf(request), action: request.url, failed: true }))
      return reply.redirect(location, 303)
    })
  })

  app.route({
    method: ['GET', 'POST', 'OPTIONS', 'HEAD'],
    url: `${PREFIX}/*`,
    async handler(request, reply) {
      reply.hijack()
      // What our own hooks set (security headers) holds for the issuer's answers as well.
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value)
      const raw = Object.assign(request.raw, { originalUrl: request.raw.url ?? '' })
      raw.url = raw.originalUrl.slice(PREFIX.length)
      await issuer.handle(raw, reply.raw)
    },
  })
}

const page = (reply: FastifyReply, html: string) =>
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
const expired = (request: FastifyRequest, reply: FastifyReply) =>
  sendErrorPage(request, reply, { code: 'sign-in-expired' })
