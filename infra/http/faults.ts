import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { renderRefusal } from '../../schemas/texts/render.ts'
import { StoreBusy, StoreRefused, StoreUnavailable } from '../event-store/faults.ts'
import { MalformedJson } from './strict-json.ts'
import { sendTrouble } from './error-page.ts'
import { RequestRefused, type Trouble } from './problem.ts'

const malformed = (code: string, pointer = ''): Trouble => ({
  code: 'malformed',
  errors: [renderRefusal({ code, pointer, facts: {} })],
})

/** What fastify itself refuses, by its own codes (fastify docs/Reference/Errors.md). */
const fastifyCodes: Readonly<Record<string, Trouble>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'too-large' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'unsupported-media-type', headers: { accept: 'application/json' } },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: malformed('content-length-wrong'),
  FST_ERR_BAD_URL: malformed('url-malformed'),
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not-found' },
  FST_ERR_HANDLER_TIMEOUT: { code: 'unavailable' },
}

/** What an error that reached the border means to whoever asked; undefined where it is a fault of ours. */
function troubleBehind(error: FastifyError): Trouble | undefined {
  if (error instanceof RequestRefused) return error.trouble
  if (error instanceof MalformedJson) return malformed(`body-${error.reason}`, error.pointer)
  if (error instanceof StoreBusy || error instanceof StoreUnavailable) return { code: 'unavailable' }
  // Its operator has something to mend, except where what was sent is more than the store takes at once.
  if (error instanceof StoreRefused) return { code: error.reason.endsWith('too-large') ? 'too-large' : 'unavailable' }
  const known = fastifyCodes[error.code]
  if (known) return known
  return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
    ? { code: 'malformed' }
    : undefined
}

/** The one place where errors become answers: clear to whoever asked, without a word about the inside. Faults of ours are logged whole. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const trouble = troubleBehind(error)
  if (!trouble) request.log.error({ err: error }, 'a request failed')
  else if (error instanceof StoreRefused) request.log.error({ err: error }, 'the event store refuses a request')
  else if (trouble.code === 'unavailable') request.log.warn({ err: error }, 'a request could not be served now')
  return sendTrouble(request, reply, trouble ?? { code: 'internal' })
}
