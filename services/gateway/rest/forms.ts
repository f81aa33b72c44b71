import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { requireActor } from '../../../infra/http/actor.ts'
import { commonProblems, documented, rateHeaders } from '../../../infra/http/openapi.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import { formNamed } from '../../../schemas/forms/all.ts'
import { formListing, templateOf } from '../../../schemas/forms/listing.ts'
import { IfNoneMatch, notModified, sendTagged } from './tagged.ts'

const Column = z.object({
  name: z.string().describe('Column as the form writes it'),
  type: z.string().describe('How its cells are written; `choice`: one of `choices`'),
  measure: z.string().optional().describe('Unit of measurement: 吨, kg or %'),
  need: z
    .enum(['must', 'form', 'ask', 'may'])
    .describe(
      'must: a row means nothing without it; form: a rule asks for it where the book has the column; ask: the form asks for it and an empty cell is only said; may: may be empty',
    ),
  rule: z.string().optional().describe('Rule that an empty cell breaks'),
  since: z.iso.date().optional().describe('First day on which that rule held'),
  choices: z.array(z.string()).optional().describe('Words that a cell may hold'),
  several: z.boolean().optional().describe('Whether a cell may hold several of them, with a bar between'),
})
const Form = z.object({
  name: z.string().describe('Name of the file, without .csv'),
  zh: z.string().describe('中文'),
  en: z.string().describe('English'),
  source: z.string().optional().describe('Regulation whose form it is'),
  time: z.string().optional().describe('Column of the business time; absent for master data'),
  key: z.array(z.string()).describe('Columns that identify a row'),
})
const FormWithColumns = Form.extend({ columns: z.array(Column).describe('In the order of the form') })

const params = z.object({
  name: z
    .string()
    .regex(/^[a-z-]{1,60}$/)
    .describe('Name of the form, such as hw-generation'),
})
const about = { tags: ['imports'], security: [{ oidc: [] }] }
const json = (description: string, schema: z.ZodType) => ({
  description,
  headers: ['ETag', 'Cache-Control', ...rateHeaders] as const,
  content: { 'application/json': { schema } },
})

/** `GET /forms`, `GET /forms/{name}` and its template: the official books as the importer reads them. */
export async function forms(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  app.addHook('preParsing', async (request) => void requireActor(request))
  app.get(
    '/forms',
    {
      schema: documented({
        ...about,
        operationId: 'forms',
        headers: IfNoneMatch,
        summary: '官方表式目录 · The official books that an import takes',
        response: {
          200: json('All forms, in the order in which they are read', z.array(Form)),
          ...notModified,
          ...commonProblems,
        },
      }),
    },
    (request, reply) =>
      sendTagged(
        request,
        reply,
        formListing.map(({ columns: _, ...form }) => form),
      ),
  )
  app.get<{ Params: { name: string } }>(
    '/forms/:name',
    {
      schema: documented({
        ...about,
        operationId: 'form',
        headers: IfNoneMatch,
        summary: '官方表式 · One form with its columns',
        params,
        response: { 200: json('The form', FormWithColumns), ...notModified, ...commonProblems },
      }),
    },
    (request, reply) => {
      const { name } = request.params
      const form = formListing.find((listed) => listed.name === name)
      return form
        ? sendTagged(request, reply, form)
        : sendProblem(request, reply, { code: 'form-not-listed', facts: { name } })
    },
  )
  app.get<{ Params: { name: string } }>(
    '/forms/:name/template',
    {
      schema: documented({
        ...about,
        operationId: 'form-template',
        summary: '空白表格 · An empty book of that form, CSV in UTF-8',
        params,
        response: {
          200: {
            description: 'The head row',
            headers: rateHeaders,
            content: { 'text/csv': { schema: z.string() } },
          },
          ...commonProblems,
        },
      }),
    },
    (request, reply) => {
      const { name } = request.params
      const form = formNamed.get(name)
      if (!form) return sendProblem(request, reply, { code: 'form-not-listed', facts: { name } })
      return reply
        .headers({ 'content-disposition': `attachment; filename="${name}.csv"` })
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(templateOf(form))
    },
  )
}
