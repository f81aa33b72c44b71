import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { z } from 'zod'
import { publicNames } from '../../schemas/commands/public-names.ts'
import { createsThing, fieldsOf, type CommandRoute } from './command-route-types.ts'
import { openApiDocument, type DocumentedRoute } from './openapi-document.ts'
import { selfStylingPolicy } from './security-headers.ts'

export const RenderedError = z
  .object({
    code: z.string(),
    rule: z.string().optional(),
    pointer: z.string(),
    source: z.string().optional(),
    zh: z.string(),
    en: z.string(),
  })
  .meta({ id: 'RenderedError', description: 'One error, in both languages' })
export const RenderedAction = z
  .object({ action: z.string(), allowed: z.boolean(), refusal: RenderedError.optional() })
  .meta({ id: 'AvailableAction', description: 'Something that this actor may do next, or why it may not' })
export const RenderedFinding = z
  .object({
    rule: z.string(),
    severity: z.enum(['WARN', 'HOLD', 'BLOCK']),
    pointer: z.string(),
    source: z.string(),
    zh: z.string(),
    en: z.string(),
  })
  .meta({ id: 'RenderedFinding', description: 'A verdict of a rule that the act was accepted with' })

const Problem = z
  .looseObject({
    type: z.string().describe('Where the code is explained, relative to the server'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    code: z.string(),
    rule: z.string().optional(),
    errors: z.array(RenderedError),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem. Title and detail follow Accept-Language; each error carries both languages.',
  })

const CommandAnswer = z
  .object({
    id: z.string(),
    revision: z.int().nonnegative(),
    position: z.string().regex(/^[0-9]+$/),
    findings: z.array(RenderedFinding),
    availableActions: z.array(RenderedAction),
  })
  .meta({
    id: 'CommandAnswer',
    description: 'What a command that was done answers, the first time and every time after',
  })

const HeldAnswer = z
  .object({
    hold: z.uuid().describe('Id of the hold: GET /holds/{id}'),
    revision: z.int().nonnegative(),
    position: z.string().regex(/^[0-9]+$/),
    findings: z.array(RenderedFinding),
    availableActions: z.array(RenderedAction),
  })
  .meta({
    id: 'HeldAnswer',
    description:
      'The command waits for an official. The same key gets the same answer until that is decided, and then that of the act',
  })

const CommandHeaders = z.object({
  'Idempotency-Key': z
    .uuid()
    .describe(
      '写入标识（UUID），限发送方使用 · Key of this write (UUID) among those of its sender: the same key again gets the same answer',
    )
    .meta({ examples: ['0198c0de-0000-7000-8000-000000000001'] }),
  'If-Match': z
    .string()
    .optional()
    .describe('发送方所知的版本号 · Revision that the sender knows, such as "3"; another one is a race (409)'),
  'Wufei-Provenance': z
    .enum(['live', 'book'])
    .optional()
    .describe('来源：即时或台账 · book: copied from books, by the park’s book-keeper only'),
  'Accept-Language': z.string().optional().describe('提示语言 · Language of titles: zh-CN (default) or en'),
})

/** Headers of answers, as the document describes them. */
const ANSWER_HEADERS = {
  ETag: {
    description: 'Tag of this content, for `If-None-Match`; of a command the revision of the thing, for `If-Match`',
    type: 'string',
  },
  'Cache-Control': { description: 'How long the answer may be kept', type: 'string' },
  'Content-Language': { description: 'Language of title and detail', type: 'string' },
  'Idempotency-Replayed': { description: '`true` where the same key was answered before', type: 'string' },
  'Wufei-Events': {
    description: 'Events that stand under the key: 0 where there was nothing to change',
    type: 'integer',
  },
  'Wufei-Position': { description: 'How far the log was looked through: `after` of the next question', type: 'string' },
  Link: { description: 'The next page (`rel="next"`)', type: 'string' },
  Location: { description: 'Where the thing is to be had', type: 'string' },
  Allow: { description: 'Methods that the address takes', type: 'string' },
  Accept: { description: 'Content type that the address takes', type: 'string' },
  'Retry-After': { description: 'Seconds to wait before the next try', type: 'integer' },
  'WWW-Authenticate': { description: 'Challenge of RFC 6750', type: 'string' },
  'X-RateLimit-Limit': { description: 'Requests of a window', type: 'integer' },
  'X-RateLimit-Remaining': { description: 'Requests that are left of the window', type: 'integer' },
  'X-RateLimit-Reset': { description: 'Seconds to the end of the window', type: 'integer' },
} as const
export type HeaderName = keyof typeof ANSWER_HEADERS

/** What a status means, with which headers and content. */
export interface Answer {
  readonly description: string
  readonly headers?: readonly HeaderName[]
  readonly content?: Readonly<Record<string, { readonly schema: z.ZodType }>>
}
export type Answers = Readonly<Record<number, Answer>>

/** A route of the API as its contract says it; stands as fastify's `schema` at the route. */
export interface Documentation {
  readonly tags: readonly string[]
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly security: readonly object[]
  readonly params?: z.ZodObject
  readonly querystring?: z.ZodObject
  readonly headers?: z.ZodObject
  readonly body?: z.ZodObject
  readonly response: Answers
}

const RATE = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const
/** A problem as an answer. */
export const problemAnswer = (description: string, ...headers: readonly HeaderName[]): Answer => ({
  description,
  headers: ['Content-Language', ...headers],
  content: { 'application/problem+json': { schema: Problem } },
})

/** A contract as fastify takes it: it is documented from, and neither validates nor serialises anything. */
export const documented = (documentation: Documentation): FastifySchema => documentation as unknown as FastifySchema

/** Headers of every answer below the rate limit. */
export const rateHeaders: readonly HeaderName[] = RATE

/** Answers that any route of the API may give. */
export const commonProblems: Answers = {
  400: problemAnswer('格式有误 · Malformed'),
  401: problemAnswer('缺少令牌或令牌无效 · No token, or one that is not valid', 'WWW-Authenticate'),
  403: problemAnswer('无权操作 · Not for you to do'),
  404: problemAnswer('不存在，或不属于您 · Not found, or not yours'),
  405: problemAnswer('地址不支持该方法 · The address does not take this method', 'Allow'),
  429: problemAnswer('请求过多 · Too many requests', 'Retry-After', ...RATE),
  503: problemAnswer('暂不可用 · Busy or unavailable', 'Retry-After'),
}

/** Answers that any route that takes a body may give as well. */
export const bodyProblems: Answers = {
  413: problemAnswer('正文过大 · Too large'),
  415: problemAnswer('不是 JSON · Not JSON', 'Accept'),
  422: problemAnswer('规则不允许，或键已用于别的请求 · Refused by a rule, or the key was used for another request'),
}

/** How one command stands in the OpenAPI document: made from the schema that reads it, so that the two cannot disagree. */
export function commandDocumentation(route: CommandRoute): FastifySchema {
  const { tag, summary, path, params = [] } = route
  const fields = fieldsOf(route)
  const body = z.strictObject(Object.fromEntries(Object.entries(fields).filter(([field]) => !params.includes(field))))
  const names = route.command instanceof z.ZodObject ? publicNames.get(route.command) : undefined
  if (names) publicNames.add(body, names)
  return documented({
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
      [createsThing(route) ? 201 : 200]: {
        description: '已完成 · Done; a repeat gets the same answer',
        headers: ['ETag', 'Idempotency-Replayed', 'Wufei-Events', ...RATE],
        content: { 'application/json': { schema: CommandAnswer } },
      },
      202: {
        description: '待主管部门审批 · It waits for an official and is not carried out yet',
        headers: ['Location', 'Idempotency-Replayed', ...RATE],
        content: { 'application/json': { schema: HeldAnswer } },
      },
      ...commonProblems,
      409: problemAnswer('他人已先行修改 · Someone else was faster: where it stands now', 'ETag'),
      ...bodyProblems,
    },
  })
}

export interface OpenApiOptions {
  readonly version: string
  /** Of the issuer's discovery document. */
  readonly openIdConnectUrl: string
}

/** Documents every route that is added to `app` after this, at `/openapi.json`, readable at `/docs` with nothing but our own files. */
export async function openApi(app: FastifyInstance, options: OpenApiOptions): Promise<void> {
  const routes: DocumentedRoute[] = []
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (schema && 'operationId' in schema && typeof method === 'string' && method !== 'HEAD')
      routes.push({ method, url, documentation: schema as unknown as Documentation })
  })
  let document: ReturnType<typeof openApiDocument> | undefined
  const made = () => (document ??= openApiDocument(routes, { ...options, headers: ANSWER_HEADERS }))
  // The plugin is there for the page, which asks it for the document: ours, of which it makes nothing itself.
  await app.register(swagger, {
    openapi: { openapi: '3.1.0' },
    transform: ({ url }) => ({ schema: { hide: true }, url }),
    transformObject: () => made(),
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => made())
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Without it the page asks for its files at the origin's root when it is opened without a slash at its end.
    indexPrefix: app.prefix,
    staticCSP: selfStylingPolicy,
    uiConfig: { deepLinking: false, docExpansion: 'list', tryItOutEnabled: true },
  })
}
