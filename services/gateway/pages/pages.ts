import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { systemClock } from '../../../infra/commanding/clock.ts'
import { languageOf } from '../../../infra/http/language.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import type { AuthenticatedActor } from '../../../infra/identity/actor.ts'
import { visibility, type Visibility } from '../../../infra/identity/visibility.ts'
import { businessDay, Day, daysOf, Month } from '../../../schemas/values/time.ts'
import { STAGES, WASTE_STREAMS, WasteStream } from '../../../schemas/values/waste.ts'
import type { ReadSide } from '../graphql/read-side.ts'
import { cellPage } from './cell.ts'
import { graphiql } from './graphiql.ts'
import { homePage } from './home.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { textsOf } from './texts.ts'

export interface PagesOptions {
  readonly readSide: ReadSide
  /**
   * As whom somebody sees the pages who did not sign in: an official, in the demo only. Undefined in production, where the pages answer
   * 401 without a token.
   */
  readonly viewer: AuthenticatedActor | undefined
}

const HomeQuery = z.object({ month: Month.optional() })
const CellQuery = z.object({
  month: Month,
  after: z
    .string()
    .regex(/^[\d-]{10}~\d{1,15}$/)
    .refine((cursor) => Day.safeParse(cursor.slice(0, 10)).success)
    .optional(),
})
const CellParams = z.object({ stage: z.enum(STAGES), stream: WasteStream })
const POSTINGS = 50

/** `/`, what its cells open to, and `/graphiql`: pages from the same queries as GraphQL, scoped to whoever looks. */
export async function pages(app: FastifyInstance, { readSide, viewer }: PagesOptions): Promise<void> {
  const css = await readFile(new URL('assets/park.css', import.meta.url), 'utf8')
  app.get('/pages/park.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=300').send(css),
  )
  await app.register(graphiql, {
    demo: viewer !== undefined,
    period: async () => daysOf(await newestMonth(readSide)),
  })

  app.get('/', async (request, reply) => {
    const actor = request.actor ?? viewer
    if (!actor) return askToSignIn(request, reply)
    const query = HomeQuery.safeParse(request.query)
    if (!query.success) return sendProblem(request, reply, { code: 'malformed' })
    const sight = visibility(actor)
    const month = query.data.month ?? (await newestMonth(readSide))
    const period = daysOf(month)
    const asked = { ...period, scope: {}, asOf: {} }
    const [ledger, ...rates] = await Promise.all([
      readSide.ledger(asked, sight),
      ...WASTE_STREAMS.map((stream) => readSide.recyclingRate({ ...asked, stream }, sight)),
    ])
    return send(reply, homePage({ month, ledger, rates, demo: request.actor === undefined }, languageOf(request)))
  })

  app.get('/cells/:stage/:stream', async (request, reply) => {
    const actor = request.actor ?? viewer
    if (!actor) return askToSignIn(request, reply)
    const [params, query] = [CellParams.safeParse(request.params), CellQuery.safeParse(request.query)]
    if (!params.success) return sendProblem(request, reply, { code: 'not-found' })
    if (!query.success) return sendProblem(request, reply, { code: 'malformed' })
    const sight = visibility(actor)
    const { month, after } = query.data
    const period = daysOf(month)
    const ledger = await readSide.ledger({ ...period, scope: {}, asOf: {} }, sight)
    const cell = ledger.cells.find(({ stage, stream }) => stage === params.data.stage && stream === params.data.stream)
    if (!cell) return sendProblem(request, reply, { code: 'not-found' })
    const question = { ...period, ...params.data, scope: {}, position: ledger.position }
    const [businessDayAfter, entryNo] = after?.split('~') ?? []
    const cursor =
      businessDayAfter === undefined ? {} : { after: { businessDay: businessDayAfter, entryNo: Number(entryNo) } }
    const [found, total] = await Promise.all([
      readSide.postings(question, { first: POSTINGS + 1, ...cursor }, sight),
      readSide.countPostings(question, sight),
    ])
    const postings = found.slice(0, POSTINGS)
    const last = found.length > POSTINGS ? postings.at(-1) : undefined
    const next = last && `${last.businessDay}~${last.entryNo}`
    const names = await namesOf(
      readSide,
      postings.flatMap(({ from, to }) => [from.holder, to.holder]),
      sight,
    )
    return send(reply, cellPage({ month, cell, postings, total, next, names }, languageOf(request)))
  })
}

const send = (reply: FastifyReply, text: string): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('vary', 'accept-language')
    .send(text)

function askToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request)
  const { name, signIn } = textsOf(language)
  return send(
    reply.code(401).header('www-authenticate', 'Bearer realm="wufei"'),
    page(language, name, html`<main><h1>${name}</h1><p>${signIn}</p></main>`),
  )
}

/** The month in which the newest event happened: where something is to be seen. */
async function newestMonth(readSide: ReadSide): Promise<string> {
  const [newest] = await readSide.eventsAt([await readSide.position()], { all: true })
  return businessDay(newest?.occurredAt ?? systemClock.now()).slice(0, 7)
}

async function namesOf(
  readSide: ReadSide,
  holders: readonly (string | null)[],
  sight: Visibility,
): Promise<ReadonlyMap<string, string>> {
  const codes = [...new Set(holders.filter((holder) => holder !== null))]
  return new Map((await readSide.unitsByCode(codes, sight)).map(({ code, name }) => [code, name]))
}
