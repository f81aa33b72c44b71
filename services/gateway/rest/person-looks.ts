import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { RecordedEvent } from '../../../infra/event-store/port.ts'
import { requireActor } from '../../../infra/http/actor.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import { bodyProblems, commonProblems } from '../../../infra/http/openapi.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import { recordedActor } from '../../../infra/identity/actor.ts'
import { visibility } from '../../../infra/identity/visibility.ts'
import { sealedIn } from '../../../infra/personal-data/ever-sealed.ts'
import type { PeopleRegister } from '../../../infra/personal-data/people.ts'
import { hasRole } from '../../../schemas/actor.ts'
import { text } from '../../../schemas/commands/common.ts'
import { manifestStream } from '../../../schemas/values/identifiers.ts'
import { manifestsNamed } from '../graphql/names.ts'
import type { ReadSide } from '../graphql/read-side.ts'

/** An official looks at a few persons of a case, never at all of them: looks of one actor in a minute, and persons of one look. */
const LOOKS_A_MINUTE = 30
const MOST_EVENTS = 200

const Asked = z.strictObject({
  manifest: text(64).optional().describe('Own id or number of the manifest whose persons are asked for'),
  event: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('Position of the one event whose persons are asked for'),
  reason: text(500).describe('Why the names are needed; recorded with the look'),
})
const Shown = z.object({
  event: z.string().describe('Position of the event that names the person'),
  pointer: z.string().describe('Where in the data of that event'),
  id: z.string(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  erased: z.boolean().describe('The person was erased: nobody can read the name any more'),
})
const Answer = z.object({ persons: z.array(Shown) })
const Listed = z.object({
  looks: z.array(
    z.object({
      seq: z.int(),
      at: z.string(),
      actor: z.object({ subject: z.string(), unit: z.string().optional(), roles: z.array(z.string()) }),
      person: z.string(),
      about: z.string(),
      reason: z.string(),
    }),
  ),
})
const Page = z.strictObject({
  after: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().positive().max(500).default(100),
})

const about = { tags: ['persons'], security: [{ oidc: [] }] }

export interface PersonLooksOptions {
  readonly readSide: Pick<ReadSide, 'eventsAt' | 'eventsOf' | 'manifestsByName'>
  readonly people: Pick<PeopleRegister, 'reveal' | 'looks'>
}

/**
 * `POST /person-looks`: the names behind what an official sees of their competence, with a reason; each look is recorded before it is
 * answered. `GET /person-looks`: who looked at whom, when and why, for officials and the book-keeper.
 */
export async function personLooks(app: FastifyInstance, options: PersonLooksOptions): Promise<void> {
  app.post(
    '/person-looks',
    {
      config: { rateLimit: { max: LOOKS_A_MINUTE, timeWindow: 60_000 } },
      schema: {
        ...about,
        operationId: 'look-at-persons',
        summary: '查看人员姓名（须说明理由，留痕） · Look at the names of persons, with a reason that is recorded',
        body: Asked,
        response: {
          200: { description: 'The persons', content: { 'application/json': { schema: Answer } } },
          ...commonProblems,
          ...bodyProblems,
        },
      },
    },
    (request, reply) => look(options, request, reply),
  )
  app.get(
    '/person-looks',
    {
      schema: {
        ...about,
        operationId: 'person-looks',
        summary: '查看留痕 · Who looked at whose name, when and why',
        querystring: Page,
        response: {
          200: {
            description: 'In the order in which they were taken',
            content: { 'application/json': { schema: Listed } },
          },
          ...commonProblems,
        },
      },
    },
    (request, reply) => list(options, request, reply),
  )
}

async function look(
  { readSide, people }: PersonLooksOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = requireActor(request)
  if (!hasRole(actor, 'bureau')) return sendProblem(request, reply, { code: 'forbidden' })
  const asked = read(Asked, request.body)
  if (!asked.success) return sendProblem(request, reply, malformedFields(asked.error.issues, Asked))
  const { manifest, event, reason } = asked.data
  if ((manifest === undefined) === (event === undefined)) return sendProblem(request, reply, { code: 'look-at-what' })

  const to = visibility(actor)
  const events = event === undefined ? await eventsOf(manifest ?? '') : await readSide.eventsAt([Number(event)], to)
  if (events.length === 0) return sendProblem(request, reply, { code: 'not-found' })
  const named = events.flatMap(({ position, stream, data }) =>
    sealedIn(data).map(({ pointer, person }) => ({ position, stream, pointer, person })),
  )
  const found = await people.reveal(
    named.map(({ person }) => person),
    { actor: recordedActor(actor), about: events[0]?.stream ?? '', reason },
  )
  const persons = named.map(({ position, pointer, person: { id } }, i) => {
    const person = found[i]
    return {
      event: String(position),
      pointer,
      id,
      name: person?.name ?? null,
      phone: person?.phone || null,
      erased: person === undefined,
    }
  })
  return reply.header('cache-control', 'no-store').send({ persons })

  async function eventsOf(name: string): Promise<readonly RecordedEvent[]> {
    const [known] = await manifestsNamed(name, { readSide, visibility: to })
    return known ? readSide.eventsOf(manifestStream(known.id), { first: MOST_EVENTS }) : []
  }
}

async function list(
  { people }: PersonLooksOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!hasRole(requireActor(request), 'bureau', 'admin')) return sendProblem(request, reply, { code: 'forbidden' })
  const page = read(Page, request.query)
  if (!page.success) return sendProblem(request, reply, malformedFields(page.error.issues, Page))
  return reply.header('cache-control', 'no-store').send({ looks: await people.looks(page.data) })
}
