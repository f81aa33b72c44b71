import type { FastifyRequest } from 'fastify'

/** The entity tags that a client has already (If-None-Match, RFC 9110, 13.1.2); compared weakly, because proxies that compress make tags weak. */
export const knownTags = ({ headers }: Pick<FastifyRequest, 'headers'>): readonly string[] =>
  headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
