import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../../schemas/decision.ts'
import type { Language } from '../../schemas/texts/fill.ts'
import { renderRefusal, statusOf, type RenderedRefusal } from '../../schemas/texts/render.ts'
import { languageOf } from './language.ts'

/** A problem (RFC 9457). `title` and `detail` follow Accept-Language; each of `errors` carries both languages. */
export interface Problem {
  /** Where this code is explained, relative to the server. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  /** Stable code of the error catalogue. */
  readonly code: string
  /** The rule of law behind it, where one is. */
  readonly rule?: string
  readonly errors: readonly RenderedRefusal[]
}

/** What is wrong with a request, and where in it: one code for the whole, and the single errors behind it. */
export interface Trouble {
  readonly code: string
  readonly facts?: Refusal['facts']
  readonly errors?: readonly RenderedRefusal[]
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the problem, such as the revision that a race was lost to. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** Thrown where a request ends before its handler could answer: in hooks and parsers. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
  readonly trouble: Trouble

  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.code, { cause })
    this.trouble = trouble
  }
}

/** The first refusal gives code, rule and status; all of them stand in `errors`. */
export const troubleOf = (refusals: readonly Refusal[]): Trouble => ({
  code: refusals[0]?.code ?? 'internal',
  errors: refusals.map(renderRefusal),
})

export function problemOf({ code, facts = {}, errors, members }: Trouble, language: Language): Problem {
  const whole = renderRefusal({ code, pointer: '', facts })
  const all = errors && errors.length > 0 ? errors : [whole]
  const [first = whole] = all
  const named = first.code === code ? first : whole
  return {
    ...members,
    type: `/api/v1/problems/${code}`,
    title: named[language],
    status: statusOf(code),
    ...(all.length > 1 || named !== first
      ? { detail: all.map((error) => error[language]).join(language === 'zh' ? '；' : '; ') }
      : {}),
    code,
    ...(named.rule === undefined ? {} : { rule: named.rule }),
    errors: all,
  }
}

const RETRY_SECONDS = '1'

export function sendProblem(request: FastifyRequest, reply: FastifyReply, trouble: Trouble): FastifyReply {
  const language = languageOf(request)
  const problem = problemOf(trouble, language)
  return reply
    .code(problem.status)
    .headers({
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': language === 'zh' ? 'zh-CN' : 'en',
      vary: 'accept-language',
      'cache-control': 'no-store',
      ...(problem.status === 503 ? { 'retry-after': RETRY_SECONDS } : {}),
      ...trouble.headers,
    })
    .serializer(JSON.stringify)
    .send(problem)
}
