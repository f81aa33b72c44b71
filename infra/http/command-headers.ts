import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { hasRole, type Actor } from '../../schemas/actor.ts'
import type { Provenance } from '../../schemas/event.ts'
import { renderRefusal } from '../../schemas/texts/render.ts'
import { RequestRefused } from './problem.ts'

const Uuid = z.uuid()
// W/"3", "3" and 3: a revision is a strong validator, but proxies that compress make it weak.
const REVISION = /^(?:W\/)?"?(\d{1,15})"?$/

const refused = (code: string, header: string) =>
  new RequestRefused({ code: 'malformed', errors: [renderRefusal({ code, pointer: '', facts: { header } })] })

/**
 * The key that the sender gave their command, so that a repeat is known. Without one a request that is sent again would be done again.
 * @throws RequestRefused 400
 */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const header = request.headers['idempotency-key']
  if (header === undefined) throw new RequestRefused({ code: 'idempotency-key-missing' })
  // Some programs quote it, as a structured field (RFC 9651) would have it.
  const id = Uuid.safeParse(
    String(header)
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  )
  if (!id.success) throw refused('idempotency-key-malformed', 'Idempotency-Key')
  return id.data
}

/**
 * The revision that the sender knows; undefined where they do not care (`*` means any state and is no revision of a command).
 * @throws RequestRefused 400
 */
export function revisionOf(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match']
  if (header === undefined) return undefined
  const revision = REVISION.exec(header)?.[1]
  if (revision === undefined) throw refused('if-match-malformed', 'If-Match')
  return Number(revision)
}

/**
 * Where the command comes from: `live`, or `book` where the park's book-keeper copies it from books. Nobody else may say that, because rules
 * about lateness speak differently of books.
 * @throws RequestRefused 400, 403
 */
export function provenanceOf(request: FastifyRequest, actor: Actor): Exclude<Provenance, 'policy'> {
  const header = request.headers['wufei-provenance'] ?? 'live'
  if (header === 'live') return header
  if (header !== 'book') throw refused('provenance-malformed', 'Wufei-Provenance')
  if (!hasRole(actor, 'admin')) throw new RequestRefused({ code: 'forbidden' })
  return header
}
