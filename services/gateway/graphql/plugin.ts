import { Readable } from 'node:stream'
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError, type ExecutionArgs, type parse as parseDocument } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Position } from '../../../infra/event-store/port.ts'
import type { People } from '../../../infra/commanding/execute.ts'
import { RECHECK_MS, requireActor, stillIdentified } from '../../../infra/http/actor.ts'
import { knownTags } from '../../../infra/http/known-tags.ts'
import { languageOf } from '../../../infra/http/language.ts'
import { contextFor, type GatewayContext } from './context.ts'
import { CSRF_HEADER, inLanguage, publicError, refusedQuery } from './errors.ts'
import { defaultQueryLimits, overLimit, type QueryLimits } from './limits.ts'
import type { ReadSide } from './read-side.ts'
import { asksForSums, nameOf, openRepeatedAnswers } from './repeatable.ts'
import { schema } from './schema.ts'

export interface GraphqlOptions {
  readonly readSide: ReadSide
  /** Opens persons for readers who may know them; without it every name is masked. */
  readonly reveal?: People['reveal'] | undefined
  readonly limits?: QueryLimits
  /** Told of faults behind answers of `internal`. */
  readonly onFault?: (fault: unknown) => void
}

/** A stream ends after this time, and whoever reads it comes again with a token that holds then. */
const STREAM_MS = 15 * 60_000

/** Judges an operation before it runs: length, depth, aliases and cost. */
function useLimits(limits: QueryLimits): Plugin<GatewayContext> {
  const judge = ({
    document,
    operationName,
    variableValues,
    contextValue,
  }: ExecutionArgs & { readonly contextValue: GatewayContext }) =>
    overLimit(schema, document, operationName, { ...variableValues }, contextValue.language, limits)
  return {
    onParse: ({ parseFn, setParseFn }) => {
      setParseFn((source: string, options?: object) => {
        try {
          return (parseFn as typeof parseDocument)(source, { ...options, maxTokens: limits.tokens })
        } catch (error) {
          throw error instanceof GraphQLError && error.message.includes('Document contains more')
            ? refusedQuery('query-too-long', { limit: limits.tokens }, 'zh')
            : error
        }
      })
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const refusal = judge(args)
      if (refusal) setResultAndStopExecution({ errors: [refusal] })
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const refusal = judge(args)
      if (refusal) setResultAndStopExecution({ errors: [refusal] })
    },
  }
}

/** The last word on errors: what GraphQL itself found wrong gets a code of ours, and every text the reader's language. */
const usePublicErrors = (onFault: (fault: unknown) => void): Plugin<GatewayContext> => ({
  onExecutionResult: ({ result, context, setResult }) => {
    if (!result || !('errors' in result) || !result.errors) return
    const { language } = context as unknown as GatewayContext
    setResult({
      ...result,
      errors: result.errors.map((error) => inLanguage(publicError(error, language, onFault), language)),
    })
  },
})

/** `/graphql`: reading, by queries and by subscriptions over SSE. Without a token: 401. */
export async function graphqlPlugin(
  app: FastifyInstance,
  { readSide, reveal, limits = defaultQueryLimits, onFault = () => undefined }: GraphqlOptions,
): Promise<void> {
  const closing = new AbortController()
  const yoga = createYoga<GatewayContext>({
    schema,
    graphqlEndpoint: '/graphql',
    batching: false,
    landingPage: false,
    graphiql: false,
    multipart: false,
    cors: false,
    logging: false,
    parserAndValidationCache: true,
    maskedErrors: { maskError: (error) => publicError(error, 'zh', onFault) },
    plugins: [
      useCSRFPrevention({ requestHeaders: ['authorization', CSRF_HEADER] }),
      useLimits(limits),
      usePublicErrors(onFault),
    ],
  })

  const repeated = openRepeatedAnswers()

  app.addHook('preClose', async () => closing.abort())
  app.addHook('preParsing', async (request) => void requireActor(request))
  app.route({ method: ['GET', 'POST'], url: '/graphql', handler: answer })

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const text = documentIn(request)
    if (text !== undefined && asksForSums(schema, text, limits.tokens)) return answerSums(request, reply)
    const { response } = await execute(request, reply)
    headed(reply, response.status, response.headers.get('content-type')).header('cache-control', 'no-store')
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return reply.send(await response.text())
    // A connection that carried a stream is not used again: when the server closes, none is left waiting for a next request.
    return reply.header('connection', 'close').send(Readable.from(response.body ?? []))
  }

  /** Sums are given again as long as they would be the same, and not sent to who has them (RFC 9110, 13.1.2). */
  async function answerSums(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { method, url, body, headers } = request
    const asked = nameOf(method === 'GET' ? url : body, requireActor(request), languageOf(request), headers.accept)
    const now = await readSide.figuresVersion()
    const found =
      repeated.find(asked, now) ??
      (await repeated.execute(asked, now, async () => {
        const { response, positions } = await execute(request, reply)
        const text = await response.text()
        const { status } = response
        const again = status === 200 && !text.includes('"errors":')
        return { status, text, contentType: response.headers.get('content-type'), positions: again ? positions : [] }
      }))
    const { status, text, contentType, tag, positions } = found
    headed(reply, status, contentType)
    if (method !== 'GET' || positions.length === 0) return reply.header('cache-control', 'no-store').send(text)
    void reply.headers({
      etag: tag,
      'cache-control': 'private, no-cache',
      vary: 'accept-language, accept, authorization',
    })
    return knownTags(request).includes(tag) ? reply.code(304).send() : reply.send(text)
  }

  async function execute(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ readonly response: Response; readonly positions: readonly Position[] }> {
    const positions: Position[] = []
    const context = contextFor({
      actor: requireActor(request),
      language: languageOf(request),
      readSide,
      reveal,
      figuresOf: (position) => void positions.push(position),
      signal: () => {
        const gone = goneOf(reply)
        return AbortSignal.any([gone, closing.signal, AbortSignal.timeout(STREAM_MS), signedOutOf(request, gone)])
      },
    })
    const response = await yoga.fetch(
      `http://gateway${request.url}`,
      {
        method: request.method,
        headers: headersOf(request),
        ...(request.method === 'POST' ? { body: JSON.stringify(request.body ?? null) } : {}),
      },
      context,
    )
    return { response, positions }
  }
}

const headed = (reply: FastifyReply, status: number, contentType: string | null): FastifyReply =>
  reply
    .code(status)
    .header('content-type', contentType ?? 'application/json')
    .header('vary', 'accept-language')

/** The text of the document that a request asks with, by GET or POST. */
function documentIn({ method, query, body }: FastifyRequest): string | undefined {
  const given: unknown = method === 'GET' ? query : body
  const text = typeof given === 'object' && given !== null && 'query' in given ? given.query : undefined
  return typeof text === 'string' ? text : undefined
}

/** Aborted when the connection of an answer ends. */
function goneOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  if (raw.closed) gone.abort()
  else raw.once('close', () => gone.abort())
  return gone.signal
}

/** Aborted when who asks has signed out, or their token has expired. Looked at until the connection ends. */
function signedOutOf(request: FastifyRequest, gone: AbortSignal): AbortSignal {
  const ended = new AbortController()
  const looking = setInterval(() => void look(), RECHECK_MS)
  looking.unref()
  const stop = () => clearInterval(looking)
  async function look(): Promise<void> {
    if (await stillIdentified(request)) return
    stop()
    ended.abort()
  }
  if (gone.aborted) stop()
  else gone.addEventListener('abort', stop, { once: true })
  return ended.signal
}

/**
 * Headers that a GraphQL answer depends on. A bearer token is never sent by a browser on its own, so who sends one by GET means to; the token itself
 * is read before and goes no further.
 */
function headersOf({ headers }: FastifyRequest): Record<string, string> {
  const wanted = ['accept', 'content-type', CSRF_HEADER] as const
  return Object.fromEntries([
    ...wanted.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
    ...(headers.authorization === undefined ? [] : [['authorization', 'sent']]),
  ])
}
