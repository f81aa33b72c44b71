import type { FastifyInstance } from 'fastify'
import { asyncApi, type Topics } from '../../../schemas/integration/asyncapi.ts'

/** `GET /asyncapi.json`: what programs find in the topics, for everybody like the OpenAPI document. */
export async function asyncApiDocument(app: FastifyInstance, { topics }: { readonly topics: Topics }): Promise<void> {
  const document = JSON.stringify(asyncApi(topics))
  app.get('/asyncapi.json', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  )
}
