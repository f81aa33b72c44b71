import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { requireActor } from '../../../infra/http/actor.ts'
import { languageOf } from '../../../infra/http/language.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import { commonProblems } from '../../../infra/http/openapi.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import { visibility } from '../../../infra/identity/visibility.ts'
import { FINDING_STATUSES, type FindingView } from '../../../projections/findings/queries.ts'
import { renderFinding } from '../../../schemas/texts/render.ts'
import { present } from '../../../schemas/values/present.ts'
import { GivenUnitCode } from '../../../schemas/values/unit-code.ts'
import type { ReadSide } from '../graphql/read-side.ts'
import { inOneSpelling } from '../graphql/spellings.ts'

const MAX_PAGE = 200
const FindingId = z.string().regex(/^\d{1,15}-\d{1,3}$/)

const Query = z.strictObject({
  rule: z.string().min(1).max(32).optional().describe('Id of a rule, such as R71'),
  status: z.enum(FINDING_STATUSES).optional().describe('`open` ones wait to be settled'),
  owner: GivenUnitCode.optional().describe('Unit that has to settle it'),
  unit: GivenUnitCode.optional().describe('Any unit that it concerns'),
  subject: z.string().min(1).max(128).optional().describe('Own id of the lot or manifest, or code of the unit'),
  after: FindingId.optional().describe('Id of the last finding that is known'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_PAGE))
    .default(50)
    .describe(`Most findings of a page, at most ${MAX_PAGE}`),
})

const Listed = z.object({
  findings: z.array(
    z.object({
      id: FindingId.describe('Names it in `POST /cases`'),
      rule: z.string(),
      severity: z.enum(['WARN', 'HOLD', 'ALERT']),
      status: z.enum(FINDING_STATUSES),
      subjectKind: z.string(),
      subject: z.string(),
      owner: z.string().optional().describe('Credit code of the unit that has to settle it'),
      due: z.string().optional().describe('Until when it is to be settled'),
      occurredAt: z.string().describe('When it was found: of a deadline the instant at which it was due'),
      settledAt: z.string().optional(),
      late: z.boolean().optional().describe('Whether it was settled after its deadline'),
      source: z.string(),
      zh: z.string(),
      en: z.string(),
      text: z.string(),
    }),
  ),
  next: FindingId.optional().describe('`after` of the next page; absent on the last one'),
})

/** `GET /findings`, newest first: what exists for the reader, of events as of timers and projections. */
export async function findings(
  app: FastifyInstance,
  { readSide }: { readonly readSide: Pick<ReadSide, 'findings'> },
): Promise<void> {
  app.get(
    '/findings',
    {
      schema: {
        tags: ['supervision'],
        security: [{ oidc: [] }],
        operationId: 'findings',
        summary: '异常清单 · Findings, with owner and deadline',
        querystring: Query,
        response: {
          200: { description: 'A page of findings, newest first', content: { 'application/json': { schema: Listed } } },
          ...commonProblems,
        },
      },
    },
    async (request, reply) => list(readSide, request, reply),
  )
}

async function list(
  readSide: Pick<ReadSide, 'findings'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = requireActor(request)
  const query = read(Query, request.query)
  if (!query.success) return sendProblem(request, reply, malformedFields(query.error.issues, Query))
  const { after, limit, ...filter } = query.data
  const [position = 0, seq = 0] = after?.split('-').map(Number) ?? []
  const found = await readSide.findings(
    inOneSpelling(present(filter)),
    { first: limit + 1, ...(after === undefined ? {} : { after: { position, seq } }) },
    visibility(actor),
  )
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const language = languageOf(request)
  return reply.header('cache-control', 'no-store').send({
    findings: page.map((finding) => {
      const shown = listed(finding)
      return { ...shown, text: shown[language] }
    }),
    ...(last && found.length > limit ? { next: idOf(last) } : {}),
  })
}

const idOf = ({ position, seq }: FindingView): string => `${position}-${seq}`

function listed(finding: FindingView) {
  const { status, subject, owner, due, occurredAt, settledAt, late } = finding
  const { rule, severity, source, zh, en } = renderFinding(finding)
  return {
    id: idOf(finding),
    rule,
    severity,
    status,
    subjectKind: subject.kind,
    subject: subject.id,
    owner,
    due,
    occurredAt,
    settledAt,
    late,
    source,
    zh,
    en,
  }
}
