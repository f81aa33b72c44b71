import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { systemClock } from '../../../infra/commanding/clock.ts'
import { requireActor } from '../../../infra/http/actor.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import { commonProblems, documented, rateHeaders } from '../../../infra/http/openapi.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import { editionOf, searched, type CodeListEdition } from '../../../schemas/catalogues/code-list.ts'
import { codeListNamed, codeLists as lists } from '../../../schemas/catalogues/code-lists.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { IfNoneMatch, notModified, sendTagged } from './tagged.ts'

const DEFAULT_PAGE = 200
const MAX_PAGE = 1_000

const Edition = z.object({
  edition: z.string().describe('Name of the edition'),
  from: z.iso.date().describe('First day in force'),
  to: z.iso.date().optional().describe('Last day in force; absent while it holds'),
  source: z.string().describe('Law, standard or notice that it was made from'),
  complete: z.boolean().describe('False where this copy lacks rows of the official table'),
})
const About = z.object({ name: z.string(), zh: z.string(), en: z.string() })
const Listed = About.extend({
  editions: z.array(Edition.extend({ entries: z.int().nonnegative().describe('Number of rows') })),
})
const Entry = z
  .looseObject({ code: z.string(), zh: z.string().describe('Chinese text'), en: z.string().optional() })
  .describe('A row; what else it says stands beside the three')
const Page = About.extend({
  ...Edition.shape,
  total: z.int().nonnegative().describe('Rows that the search finds, on all pages'),
  entries: z.array(Entry),
  next: z.string().optional().describe('`after` of the next page; absent on the last one'),
})

const Query = z.strictObject({
  edition: z.string().min(1).max(32).optional().describe('Name of an edition; without it the one in force today'),
  search: z.string().max(100).optional().describe('Words that code or text of a row must hold, in either language'),
  after: z.string().min(1).max(64).optional().describe('Code of the last row that is known'),
  limit: z
    .string()
    .regex(/^[0-9]{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_PAGE))
    .default(DEFAULT_PAGE)
    .describe(`Most rows of a page, at most ${MAX_PAGE}`),
})

const about = { tags: ['code-lists'], security: [{ oidc: [] }] }
const json = (description: string, schema: z.ZodType) => ({
  description,
  headers: ['ETag', 'Cache-Control', ...rateHeaders] as const,
  content: { 'application/json': { schema } },
})

/** `GET /code-lists`, `GET /code-lists/{name}`: the public code lists with their editions, for everybody who says who they are. */
export async function codeLists(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  app.addHook('preParsing', async (request) => void requireActor(request))
  app.get(
    '/code-lists',
    {
      schema: documented({
        ...about,
        operationId: 'code-lists',
        headers: IfNoneMatch,
        summary: '代码表目录 · Which code lists there are',
        response: { 200: json('All lists with their editions', z.array(Listed)), ...notModified, ...commonProblems },
      }),
    },
    (request, reply) => sendTagged(request, reply, overview),
  )
  app.get<{ Params: { name: string } }>(
    '/code-lists/:name',
    {
      schema: documented({
        ...about,
        operationId: 'code-list',
        headers: IfNoneMatch,
        summary: '代码表 · One code list, by edition and search',
        params: z.object({ name: z.enum(lists.map(({ name }) => name)).describe('Name of the list') }),
        querystring: Query,
        response: { 200: json('A page of its rows', Page), ...notModified, ...commonProblems },
      }),
    },
    (request, reply) => page(request, reply),
  )
}

const head = ({ entries: _, ...edition }: CodeListEdition) => edition
const overview = lists.map(({ name, zh, en, editions }) => ({
  name,
  zh,
  en,
  editions: editions.map((edition) => ({ ...head(edition), entries: edition.entries.length })),
}))

function page(request: FastifyRequest<{ Params: { name: string } }>, reply: FastifyReply): FastifyReply {
  const { name } = request.params
  const list = codeListNamed(name)
  if (!list)
    return sendProblem(request, reply, {
      code: 'code-list-unknown',
      facts: { name, names: lists.map((known) => known.name).join(', ') },
    })
  const query = read(Query, request.query)
  if (!query.success) return sendProblem(request, reply, malformedFields(query.error.issues, Query))
  const { edition: wanted, search, after, limit } = query.data
  const edition = editionOf(list, wanted, businessDay(systemClock.now()))
  if (!edition)
    return sendProblem(request, reply, {
      code: 'edition-unknown',
      facts: { name, edition: wanted ?? '', editions: list.editions.map((known) => known.edition).join(', ') },
    })
  const found = searched(edition, search)
  const before = after === undefined ? -1 : found.findIndex(({ code }) => code === after)
  if (after !== undefined && before < 0) return sendProblem(request, reply, { code: 'cursor-invalid' })
  const entries = found.slice(before + 1, before + 1 + limit)
  const last = entries.at(-1)
  const next = before + 1 + limit < found.length ? last?.code : undefined
  return sendTagged(request, reply, {
    name,
    zh: list.zh,
    en: list.en,
    ...head(edition),
    total: found.length,
    entries,
    ...(next === undefined ? {} : { next }),
  })
}
