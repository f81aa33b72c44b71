import type { FastifyRequest } from 'fastify'
import type { Language } from '../../schemas/texts/fill.ts'

export type { Language }

/**
 * The language that the reader likes best of the two that we have (RFC 9110 12.5.4). Chinese where nothing is said or both are
 * liked the same.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  let zh = 0
  let en = 0
  for (const part of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    if (!(q > 0)) continue
    if (tag === 'zh' || tag.startsWith('zh-') || tag === '*') zh = Math.max(zh, q)
    else if (tag === 'en' || tag.startsWith('en-')) en = Math.max(en, q)
  }
  return en > zh ? 'en' : 'zh'
}

export const languageOf = (request: FastifyRequest): Language => preferredLanguage(request.headers['accept-language'])
