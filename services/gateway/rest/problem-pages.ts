import type { FastifyInstance } from 'fastify'
import { sendProblem } from '../../../infra/http/problem.ts'
import { errorCatalogue } from '../../../schemas/texts/errors/catalogue.ts'

/** Where the `type` of a problem leads: what the code means, in both languages. */
export async function problemPages(app: FastifyInstance): Promise<void> {
  app.get('/problems', { schema: { hide: true } }, () =>
    Object.entries(errorCatalogue).map(([code, row]) => ({ code, ...row })),
  )
  app.get<{ Params: { code: string } }>('/problems/:code', { schema: { hide: true } }, (request, reply) => {
    const { code } = request.params
    const row = Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code] : undefined
    return row ? reply.send({ code, ...row }) : sendProblem(request, reply, { code: 'not-found' })
  })
}
