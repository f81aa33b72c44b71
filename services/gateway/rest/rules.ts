import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { requireActor } from '../../../infra/http/actor.ts'
import { commonProblems, documented, rateHeaders } from '../../../infra/http/openapi.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import { ruleListing, type ListedRule } from '../../../schemas/rules/listing.ts'
import { IfNoneMatch, notModified, sendTagged } from './tagged.ts'

const Texts = z.object({ zh: z.string().describe('中文'), en: z.string().describe('English') })
const Severity = z
  .enum(['BLOCK', 'HOLD', 'WARN', 'ALERT'])
  .describe(
    'BLOCK refuses, HOLD waits for an official, WARN travels with the event, ALERT is raised when time has passed',
  )
const Edition = Texts.extend({
  from: z.iso.date().describe('First day in force'),
  to: z.iso.date().optional().describe('Last day in force; absent while it holds'),
  source: z.string().describe('Article of law, standard or reading that it rests on'),
  severity: Severity,
  penalty: Texts.optional().describe('What the law threatens, where it names a fine for this act'),
})
const Rule = Texts.extend({
  id: z
    .string()
    .regex(/^R[0-9]{2,3}$/)
    .describe('Number of the rule'),
  applies: z.boolean().describe('False for a rule that nothing asks, or not yet'),
  reason: Texts.optional().describe('Why nothing asks it'),
  source: z.string().optional().describe('What a rule that nothing asks rests on'),
  editions: z.array(Edition).describe('Oldest first: an act is judged by the edition of its own day'),
  asks: z.array(z.string()).describe('Commands that ask it, or `timer`'),
  booksExempt: Texts.optional().describe('Why books of the past are spared it, all of it or in part'),
  cases: z.int().nonnegative().describe('Number of cases that show it'),
})
const Case = Texts.extend({
  question: z.string().describe('The command, or a part of it after the colon'),
  expect: z.enum(['BLOCK', 'HOLD', 'WARN']).describe('What becomes of the command'),
})
const RuleWithCases = Rule.extend({ examples: z.array(Case).describe('The cases that show it') })

const about = { tags: ['law'], security: [{ oidc: [] }] }
const json = (description: string, schema: z.ZodType) => ({
  description,
  headers: ['ETag', 'Cache-Control', ...rateHeaders] as const,
  content: { 'application/json': { schema } },
})

const head = ({ cases, ...rule }: ListedRule) => ({ ...rule, cases: cases.length })

/** `GET /rules`, `GET /rules/{id}`: every rule of the list with its editions, and why one is not asked. */
export async function rules(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  app.addHook('preParsing', async (request) => void requireActor(request))
  app.get(
    '/rules',
    {
      schema: documented({
        ...about,
        operationId: 'rules',
        headers: IfNoneMatch,
        summary: '规则目录 · All rules R01-R108',
        response: { 200: json('All rules by their numbers', z.array(Rule)), ...notModified, ...commonProblems },
      }),
    },
    (request, reply) => sendTagged(request, reply, ruleListing.map(head)),
  )
  app.get<{ Params: { id: string } }>(
    '/rules/:id',
    {
      schema: documented({
        ...about,
        operationId: 'rule',
        headers: IfNoneMatch,
        summary: '规则 · One rule with the cases that show it',
        params: z.object({
          id: z
            .string()
            .regex(/^R[0-9]{2,3}$/)
            .describe('Number of the rule, such as R08'),
        }),
        response: { 200: json('The rule', RuleWithCases), ...notModified, ...commonProblems },
      }),
    },
    (request, reply) => {
      const rule = ruleListing.find(({ id }) => id === request.params.id)
      if (!rule) return sendProblem(request, reply, { code: 'rule-not-listed', facts: { id: request.params.id } })
      return sendTagged(request, reply, { ...head(rule), examples: rule.cases })
    },
  )
}
