import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Runtime } from '../../../infra/commanding/execute.ts'
import { requireActor } from '../../../infra/http/actor.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import { bodyProblems, commonProblems, documented, rateHeaders, type HeaderName } from '../../../infra/http/openapi.ts'
import { sendProblem, troubleOf } from '../../../infra/http/problem.ts'
import { hasRole } from '../../../schemas/actor.ts'
import { ImportUpload, type Imports } from './jobs.ts'
import { recordedCommands } from './recorded.ts'

const Counts = { rows: z.int(), accepted: z.int(), unchanged: z.int(), refused: z.int(), held: z.int() }
const Problem = z.object({
  file: z.string(),
  row: z.int().describe('Data rows count from 1; 0 is the file itself'),
  column: z.string(),
  key: z.string(),
  rule: z.string().nullable(),
  code: z.string(),
  severity: z.enum(['BLOCK', 'HOLD', 'WARN']),
  zh: z.string(),
  en: z.string(),
  count: z.int().optional().describe('Where one message speaks for many cells that fail alike: how many'),
  rows: z.array(z.int()).optional().describe('The first rows of those'),
})
const Notice = z.object({
  file: z.string(),
  column: z.string(),
  code: z.string(),
  count: z.int().describe('Cells that were read so'),
  rows: z.array(z.int()).describe('The first rows of those'),
  zh: z.string(),
  en: z.string(),
})
const Job = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  dryRun: z.boolean(),
  progress: z.object({ done: z.int(), rows: z.int() }),
  report: z
    .object({
      ...Counts,
      events: z.int(),
      seconds: z.number(),
      position: z
        .string()
        .describe('Position of the log that holds all of it; the figures hold it, too, once the import is done'),
      files: z.record(z.string(), z.object(Counts)),
      problems: z.array(Problem),
      notices: z.array(Notice).describe('How files and columns were read that are not written as the books are'),
    })
    .optional(),
})

const about = { tags: ['imports'], security: [{ oidc: [] }] }
const answer = (...headers: readonly HeaderName[]) => ({
  description: '导入现状 · The import as it stands',
  headers: [...headers, ...rateHeaders],
  content: { 'application/json': { schema: Job } },
})

const MOST_COMMANDS = 2_000
const Commands = z.strictObject({
  commands: z.array(z.uuid().toLowerCase()).max(MOST_COMMANDS).describe('Keys under which the book-keeper sends them'),
})
const Recorded = z.object({ recorded: z.array(z.uuid()) })

export interface ImportRoutesOptions {
  readonly imports: Imports
  /** Knows which commands were recorded. */
  readonly runtime: Pick<Runtime, 'store' | 'ids'>
  /** Books are bigger than commands: bytes of one upload. */
  readonly limitBytes: number
}

/**
 * `POST /imports`, `GET /imports/{id}`: books as files, by whoever keeps the books of the park. To anyone else imports do not exist. A program
 * of theirs that reads the books by itself and sends commands asks `POST /imports/recorded` which of them it sent before.
 */
export async function importRoutes(
  app: FastifyInstance,
  { imports, runtime, limitBytes }: ImportRoutesOptions,
): Promise<void> {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  app.post(
    '/imports',
    {
      bodyLimit: limitBytes,
      schema: documented({
        ...about,
        operationId: 'start-import',
        summary: '导入台账 · Import books',
        body: ImportUpload,
        response: { 202: answer('Location'), ...commonProblems, ...bodyProblems },
      }),
    },
    (request, reply) => start(imports, request, reply),
  )
  app.get(
    '/imports/:id',
    {
      schema: documented({
        ...about,
        operationId: 'import',
        summary: '导入结果 · What became of an import',
        params: z.object({ id: z.uuid().describe('导入标识 · Id of the import') }),
        response: { 200: answer(), ...commonProblems },
      }),
    },
    (request, reply) => find(imports, request, reply),
  )
  app.post(
    '/imports/recorded',
    {
      schema: documented({
        ...about,
        operationId: 'recorded-commands',
        summary: '查询已记录的命令 · Which of these commands were recorded',
        body: Commands,
        response: {
          200: { description: 'Those that were', content: { 'application/json': { schema: Recorded } } },
          ...commonProblems,
          ...bodyProblems,
        },
      }),
    },
    (request, reply) => findRecorded(runtime, request, reply),
  )
}

async function findRecorded(
  runtime: Pick<Runtime, 'store' | 'ids'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!hasRole(requireActor(request), 'admin')) return sendProblem(request, reply, { code: 'forbidden' })
  const asked = read(Commands, request.body)
  if (!asked.success) return sendProblem(request, reply, malformedFields(asked.error.issues, Commands))
  return reply.send({ recorded: await recordedCommands(runtime, asked.data.commands) })
}

function start(imports: Imports, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!hasRole(requireActor(request), 'admin')) return sendProblem(request, reply, { code: 'forbidden' })
  const upload = read(ImportUpload, request.body)
  if (!upload.success) return sendProblem(request, reply, malformedFields(upload.error.issues, ImportUpload))
  const outcome = imports.start(upload.data, request.headers.authorization ?? '')
  if ('refusals' in outcome) return sendProblem(request, reply, troubleOf(outcome.refusals))
  return reply.status(202).header('location', `/api/v1/imports/${outcome.started.id}`).send(outcome.started)
}

function find(imports: Imports, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { id } = request.params as { readonly id: string }
  const job = hasRole(requireActor(request), 'admin') ? imports.find(id) : undefined
  return job ? reply.send(job) : sendProblem(request, reply, { code: 'not-found' })
}
