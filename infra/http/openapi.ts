import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { selfStylingPolicy } from './security-headers.ts'
import { createsThing, fieldsOf, type CommandRoute } from './command-route-types.ts'

const RenderedError = z.object({
  code: z.string(),
  rule: z.string().optional(),
  pointer: z.string().describe('JSON pointer into the body'),
  zh: z.string(),
  en: z.string(),
})
const RenderedAction = z.object({ action: z.string(), allowed: z.boolean(), refusal: RenderedError.optional() })

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string(),
    rule: z.string().optional(),
    errors: z.array(RenderedError),
  })
  .describe('RFC 9457 problem. Title and detail follow Accept-Language; each error carries both languages.')

const CommandAnswer = z.object({
  id: z.string(),
  revision: z.int(),
  position: z.string().regex(/^\d+$/).describe('Place in the log; a query may ask for at least this much'),
  findings: z.array(
    z.object({
      rule: z.string(),
      severity: z.enum(['WARN', 'HOLD', 'BLOCK']),
      pointer: z.string(),
      source: z.string(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
  availableActions: z.array(RenderedAction),
})

// Schemas that the document names and refers to; everything else stands where it is used.
const named = z.registry<{ id: string }>()
named.add(Problem, { id: 'Problem' })
named.add(CommandAnswer, { id: 'CommandAnswer' })

const CommandHeaders = z.object({
  'idempotency-key': z.uuid().optional().describe('Id of the command: the same key again gets the same answer'),
  'if-match': z
    .string()
    .optional()
    .describe('Revision that the sender knows, such as "3"; another one is a race (409)'),
  'wufei-provenance': z
    .enum(['live', 'book'])
    .optional()
    .describe('book: copied from books, by the park’s book-keeper only'),
  'accept-language': z.string().optional().describe('zh-CN (default) or en'),
})

/** Headers of answers, as the document describes them. */
const ANSWER_HEADERS = {
  ETag: 'Tag of this content; send it back as `If-None-Match` (or, of a command, as `If-Match`)',
  'Cache-Control': 'How long the answer may be kept',
} as const

/** Headers of an answer as OpenAPI writes them. */
export const headersOf = (...names: readonly (keyof typeof ANSWER_HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { description: ANSWER_HEADERS[name], schema: { type: 'string' } }]))

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: Problem } } })

/** Answers that any route of the API may give. */
export const commonProblems = {
  400: problem('Malformed'),
  401: problem('No token, or one that is not valid'),
  404: problem('Not found, or not yours'),
  429: problem('Too many requests; see Retry-After'),
  503: problem('Busy or unavailable; see Retry-After'),
}

/** How one command stands in the OpenAPI document: made from the schema that reads it, so that the two cannot disagree. */
export function commandDocumentation(route: CommandRoute): FastifySchema {
  const { tag, summary, path, params = [] } = route
  const fields = fieldsOf(route)
  const body = z.strictObject(Object.fromEntries(Object.entries(fields).filter(([field]) => !params.includes(field))))
  const answered = createsThing(route) ? 201 : 200
  return {
    tags: [tag],
    operationId: path
      .split('/')
      .filter((part) => part !== '' && !part.startsWith(':'))
      .join('-'),
    summary: `${summary.zh} · ${summary.en}`,
    security: [{ oidc: [] }],
    headers: CommandHeaders,
    body,
    ...(params.length > 0
      ? { params: z.object(Object.fromEntries(params.map((param) => [param, fields[param] ?? z.string()]))) }
      : {}),
    response: {
      [answered]: {
        description:
          'Done; a repeat bears Idempotency-Replayed: true. Wufei-Events counts the events that stand under the key: 0 where there was nothing to change',
        content: { 'application/json': { schema: CommandAnswer } },
      },
      ...commonProblems,
      403: problem('Not for you to do'),
      409: problem('Someone else was faster: where it stands now'),
      413: problem('Too large'),
      415: problem('Not JSON'),
      422: problem('Refused by a rule, or the key was used for another request'),
    },
  }
}

export interface OpenApiOptions {
  readonly version: string
  /** Of the issuer's discovery document. */
  readonly openIdConnectUrl: string
}

/** Documents every route that is added to `app` after this, at `/openapi.json`, readable at `/docs` with nothing but our own files. */
export async function openApi(app: FastifyInstance, { version, openIdConnectUrl }: OpenApiOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Wufei 无废园区',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        description:
          'Commands of a solid-waste park, and the feed of its events. Masses are whole grams unless a field says otherwise; moments are RFC 3339 with offset.',
      },
      components: { securitySchemes: { oidc: { type: 'openIdConnect', openIdConnectUrl } } },
    },
    transform: createJsonSchemaTransform({ schemaRegistry: named }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry: named }),
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Without it the page asks for its files at the origin's root when it is opened without a slash at its end.
    indexPrefix: app.prefix,
    staticCSP: selfStylingPolicy,
    uiConfig: { deepLinking: false, docExpansion: 'list', tryItOutEnabled: true },
  })
}
