import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { knownTags } from '../../../infra/http/known-tags.ts'

const MAX_AGE_SECONDS = 300

export const IfNoneMatch = z.object({
  'If-None-Match': z.string().optional().describe('已有内容的标记 · Tag of the content that is there already'),
})
/** Answer to a sender that has the content already. */
export const notModified = {
  304: { description: '未变化 · Not changed since', headers: ['ETag', 'Cache-Control'] as const },
}

/**
 * Answers with a tag of the content, and 304 where the sender has that content already. For what changes with releases only, hence a short life in
 * caches.
 */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, content: object): FastifyReply {
  const text = JSON.stringify(content)
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  void reply.headers({ etag: tag, 'cache-control': `private, max-age=${MAX_AGE_SECONDS}` })
  const known = knownTags(request)
  return known.includes(tag) || known.includes('*')
    ? reply.code(304).send()
    : reply.type('application/json; charset=utf-8').serializer(String).send(text)
}
