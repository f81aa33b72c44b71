import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { systemClock } from '../../../infra/commanding/clock.ts'
import { languageOf } from '../../../infra/http/language.ts'
import { sendErrorPage } from '../../../infra/http/error-page.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import type { AuthenticatedActor } from '../../../infra/identity/actor.ts'
import { outsideCompetence, visibility, type Visibility } from '../../../infra/identity/visibility.ts'
import { businessDay, Day, daysOf, Month } from '../../../schemas/values/time.ts'
import { STAGES, WASTE_STREAMS, WasteStream } from '../../../schemas/values/waste.ts'
import type { ReadSide } from '../graphql/read-side.ts'
import { cellPage } from './cell.ts'
import { graphiql } from './graphiql.ts'
import { homePage } from './home.ts'
import { html } from '../../../infra/http/html.ts'
import { page } from '../../../infra/http/page.ts'
import { RULE_GROUPS, rulesPage } from './rules.ts'
import { textsOf } from './texts.ts'

export interface PagesOptions {
  readonly readSide: ReadSide
  /**
   * As whom somebody sees the pages who did not sign in: an official, in the demo only. Undefined in production, where the pages answer
   * 401 without a token.
   */
  readonly viewer: AuthenticatedActor | undefined
  /** Where somebody who signed in at the built-in issuer signs out. */
  readonly signOut?: string
}

/** Whose waste the rate counts: what arose in the park, or all that was treated in it. */
const RateOf = z.enum(['inside', 'all'])
const HomeQuery = z.strictObject({ month: Month.optional(), rate: RateOf.default('inside') })
const RulesQuery = z.strictObject({ show: z.enum(RULE_GROUPS).default('all') })
const CellQuery = z.strictObject({
  month: Month,
  after: z
    .string()
    .regex(/^[\d-]{10}~\d{1,15}$/)
    .refine((cursor) => Day.safeParse(cursor.slice(0, 10)).success)
    .optional(),
})
const CellParams = z.object({ stage: z.enum(STAGES), stream: WasteStream })
const POSTINGS = 50
const asPage = { config: { page: true } } as const

/** `/`, what its cells open to, `/rules`, and `/graphiql`: pages from the same queries as GraphQL, scoped to the viewer. */
export async function pages(app: FastifyInstance, { readSide, viewer, signOut }: PagesOptions): Promise<void> {
  const css = await readFile(new URL('assets/park.css', import.meta.url), 'utf8')
  app.get('/pages/park.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=300').send(css),
  )
  await app.register(graphiql, {
    demo: viewer !== undefined,
    period: async () => daysOf(await newestMonth(readSide)),
  })

  app.get('/', asPage, async (request, reply) => {
    const actor = request.actor ?? viewer
    if (!actor) return askToSignIn(request, reply)
    const query = read(HomeQuery, request.query)
    if (!query.success) return sendErrorPage(request, reply, malformedFields(query.error.issues, HomeQuery))
    const sight = visibility(actor)
    const month = query.data.month ?? (await newestMonth(readSide))
    const period = daysOf(month)
    const asked = { ...period, scope: {}, asOf: {} }
    const ratesOf = query.data.rate
    const scope = ratesOf === 'inside' ? { insideParkOnly: true } : {}
    const outside = outsideCompetence(sight)
    const [ledger, ...rates] = await Promise.all([
      readSide.ledger(asked, sight),
      ...WASTE_STREAMS.filter((stream) => !outside.includes(stream)).map((stream) =>
        readSide.recyclingRate({ ...asked, scope, stream }, sight),
      ),
    ])
    const demo = request.actor === undefined
    return send(reply, homePage({ month, ledger, rates, ratesOf, outside, demo, signOut }, languageOf(request)))
  })

  app.get('/cells/:stage/:stream', asPage, async (request, reply) => {
    const actor = request.actor ?? viewer
    if (!actor) return askToSignIn(request, reply)
    const [params, query] = [CellParams.safeParse(request.params), read(CellQuery, request.query)]
    if (!params.success) return sendErrorPage(request, reply, { code: 'not-found' })
    if (!query.success) return sendErrorPage(request, reply, malformedFields(query.error.issues, CellQuery))
    const sight = visibility(actor)
    const { stream } = params.data
    if (outsideCompetence(sight).includes(stream))
      return sendErrorPage(request, reply, { code: 'not-in-your-competence', facts: { what: stream } })
    const { month, after } = query.data
    const period = daysOf(month)
    const ledger = await readSide.ledger({ ...period, scope: {}, asOf: {} }, sight)
    const cell = ledger.cells.find(({ stage, stream }) => stage === params.data.stage && stream === params.data.stream)
    if (!cell) return sendErrorPage(request, reply, { code: 'not-found' })
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

  app.get('/rules', asPage, (request, reply) => {
    if (!(request.actor ?? viewer)) return askToSignIn(request, reply)
    const query = read(RulesQuery, request.query)
    if (!query.success) return sendErrorPage(request, reply, malformedFields(query.error.issues, RulesQuery))
    return send(reply, rulesPage(query.data.show, languageOf(request)))
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
