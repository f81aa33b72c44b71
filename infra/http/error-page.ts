import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from './html.ts'
import { languageOf } from './language.ts'
import { page } from './page.ts'
import { problemOf, sendProblem, type Trouble } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A page for people: its errors are pages, too. */
    readonly page?: boolean
  }
}

const texts = { zh: { back: '返回首页' }, en: { back: 'To the front page' } } as const

/** What is wrong as a page: with the status, the language and the codes that a program would be told of in a problem. */
export function sendErrorPage(request: FastifyRequest, reply: FastifyReply, trouble: Trouble): FastifyReply {
  const language = languageOf(request)
  const { status, code, title, errors } = problemOf(trouble, language)
  const where = (pointer: string): string => pointer.replace(/^\//, '')
  const details = errors.filter((error) => error[language] !== title || error.pointer !== '')
  const body = html`<main><h1>${title}</h1>
${details.length === 0 ? '' : html`<ul>${details.map((error) => html`<li>${where(error.pointer) === '' ? '' : html`<code>${where(error.pointer)}</code> `}${error[language]}</li>`)}</ul>`}
<p class="note">${status} · <code>${code}</code></p>
<p><a href="/">${texts[language].back}</a></p></main>`
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-language': language === 'zh' ? 'zh-CN' : 'en',
      vary: 'accept-language',
      'cache-control': 'no-store',
      ...(status === 503 ? { 'retry-after': '1' } : {}),
      ...trouble.headers,
    })
    .serializer(String)
    .send(page(language, title, body))
}

// Below these paths programs ask, whatever they say that they accept.
const FOR_PROGRAMS = /^\/(?:api|graphql|oidc\/(?:token|jwks|\.well-known))(?:[/?]|$)/

/** Whether a person looks at the answer: the route is a page, or there is none and a browser asks for one. */
function isForPeople({ routeOptions, url, headers }: FastifyRequest): boolean {
  if (routeOptions?.config?.page) return true
  return !FOR_PROGRAMS.test(url) && (headers.accept ?? '').includes('text/html')
}

/** What is wrong, as a page for people or as a problem for programs. */
export const sendTrouble = (request: FastifyRequest, reply: FastifyReply, trouble: Trouble): FastifyReply =>
  isForPeople(request) ? sendErrorPage(request, reply, trouble) : sendProblem(request, reply, trouble)
