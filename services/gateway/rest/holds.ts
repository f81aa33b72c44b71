import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { requireActor } from '../../../infra/http/actor.ts'
import { rendered } from '../../../infra/http/command-answer.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import { commonProblems, RenderedAction, RenderedError, RenderedFinding } from '../../../infra/http/openapi.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import type { AuthenticatedActor } from '../../../infra/identity/actor.ts'
import { visibility } from '../../../infra/identity/visibility.ts'
import type { HoldView } from '../../../projections/holds/queries.ts'
import type { Finding, Refusal } from '../../../schemas/decision.ts'
import { holdActions } from '../../../schemas/hold/actions.ts'
import { HOLD_STATUSES } from '../../../schemas/hold/state.ts'
import { renderFinding, renderRefusal } from '../../../schemas/texts/render.ts'
import { present } from '../../../schemas/values/present.ts'
import { GivenUnitCode } from '../../../schemas/values/unit-code.ts'
import { masked } from '../graphql/masking.ts'
import type { ReadSide } from '../graphql/read-side.ts'

const MAX_PAGE = 200
const Position = z.string().regex(/^\d{1,15}$/)

const Query = z.strictObject({
  status: z.enum(HOLD_STATUSES).optional().describe('`waiting` ones wait for an official'),
  unit: GivenUnitCode.optional().describe('Any unit that it concerns'),
  after: Position.optional().describe('`next` of the page before'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_PAGE))
    .default(50)
    .describe(`Most holds of a page, at most ${MAX_PAGE}`),
})

const Params = z.strictObject({ hold: z.uuid() })

const ShownHold = z
  .object({
    id: z.uuid().describe('Names it in `POST /holds/{hold}/release`, `…/rejection` and `…/withdrawal`'),
    revision: z.int(),
    status: z.enum(HOLD_STATUSES),
    route: z.string().describe('Path of the command below `/api/v1`'),
    command: z.record(z.string(), z.unknown()).describe('As it was sent; of persons only their opaque ids'),
    subject: z.string().describe('Stream of the thing that the act is about'),
    unit: z.string().optional().describe('Unit that sent it; absent where the book-keeper of the park did'),
    heldAt: z.string(),
    findings: z.array(RenderedFinding).describe('What it waits for'),
    blockedBy: z.array(RenderedError).describe('Why it could not be carried out when it was last released'),
    reason: z.string().optional().describe('What the official said, or the sender who withdrew it'),
    decidedAt: z.string().optional(),
    doneIn: z.string().optional().describe('Stream that the act was appended to'),
    availableActions: z.array(RenderedAction),
  })
  .meta({ id: 'Hold', description: 'A command that waits for an official, or did' })

const Listed = z.object({
  holds: z.array(ShownHold),
  next: Position.optional().describe('`after` of the next page; absent on the last one'),
})

type Reading = Pick<ReadSide, 'holds' | 'holdById'>
const about = { tags: ['supervision'], security: [{ oidc: [] }] } as const

/** `GET /holds`, the latest first, and `GET /holds/{hold}`: what exists for the reader. */
export async function holds(app: FastifyInstance, { readSide }: { readonly readSide: Reading }): Promise<void> {
  app.get(
    '/holds',
    {
      schema: {
        ...about,
        operationId: 'holds',
        summary: '待批操作清单 · Commands that wait for an official, and what became of them',
        querystring: Query,
        response: {
          200: {
            description: 'A page of holds, the latest first',
            content: { 'application/json': { schema: Listed } },
          },
          ...commonProblems,
        },
      },
    },
    async (request, reply) => list(readSide, request, reply),
  )
  app.get(
    '/holds/:hold',
    {
      schema: {
        ...about,
        operationId: 'hold',
        summary: '待批操作 · One command that waits for an official',
        params: Params,
        response: {
          200: { description: 'The hold as it is now', content: { 'application/json': { schema: ShownHold } } },
          ...commonProblems,
        },
      },
    },
    async (request, reply) => show(readSide, request, reply),
  )
}

async function list(readSide: Reading, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const actor = requireActor(request)
  const query = read(Query, request.query)
  if (!query.success) return sendProblem(request, reply, malformedFields(query.error.issues, Query))
  const { after, limit, ...filter } = query.data
  const page = { first: limit + 1, ...(after === undefined ? {} : { after: Number(after) }) }
  const found = await readSide.holds(present(filter), page, visibility(actor))
  const last = found.length > limit ? found[limit - 1] : undefined
  return reply.header('cache-control', 'no-store').send({
    holds: found.slice(0, limit).map((hold) => shown(hold, actor)),
    ...(last ? { next: String(last.heldPosition) } : {}),
  })
}

async function show(readSide: Reading, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const actor = requireActor(request)
  const params = read(Params, request.params)
  const found = params.success ? await readSide.holdById(params.data.hold, visibility(actor)) : undefined
  if (!found) return sendProblem(request, reply, { code: 'hold-unknown' })
  return reply.header('cache-control', 'no-store').send(shown(found, actor))
}

function shown({ id, revision, known }: HoldView, actor: AuthenticatedActor) {
  const { status, held, heldAt, findings, blockedBy, reason, decidedAt, done } = known
  return {
    id,
    revision,
    status,
    route: held.route,
    command: masked(held.command),
    subject: held.subject,
    unit: held.sender.unit,
    heldAt,
    findings: findings.map((finding) => renderFinding(finding as Finding)),
    blockedBy: blockedBy.map((refusal) => renderRefusal(refusal as Refusal)),
    reason,
    decidedAt,
    doneIn: done,
    availableActions: holdActions(known, actor).map(rendered),
  }
}
