import { GraphQLError } from 'graphql'
import type { Facts } from '../../../schemas/decision.ts'
import type { Language } from '../../../schemas/texts/fill.ts'
import { renderRefusal } from '../../../schemas/texts/render.ts'

/** A refused query: stable code, both texts, and the facts behind it; never anything of the inside. */
export function refusedQuery(code: string, facts: Facts, language: Language): GraphQLError {
  const { zh, en } = renderRefusal({ code, pointer: '', facts })
  return new GraphQLError(language === 'zh' ? zh : en, { extensions: { code, zh, en, facts } })
}

export const CSRF_HEADER = 'x-graphql-yoga-csrf'

const isOurs = (error: GraphQLError): boolean => typeof error.extensions['zh'] === 'string'

/** Errors that carry the cause of a fault: what a resolver threw, as against what GraphQL itself found wrong with a document. */
const isFault = (error: GraphQLError): boolean =>
  error.originalError instanceof Error && !(error.originalError instanceof GraphQLError)

/**
 * What of an error leaves the house. Refusals pass; what GraphQL says about the document or its variables keeps its words under the code
 * `query-invalid`; everything else is a fault, told to `onFault` and to the reader only as `internal`.
 */
export function publicError(error: unknown, language: Language, onFault: (fault: unknown) => void): GraphQLError {
  if (error instanceof GraphQLError) {
    if (isOurs(error)) return error
    if (error.originalError instanceof GraphQLError && isOurs(error.originalError))
      return withPlace(error.originalError, error)
    if (!isFault(error)) {
      const { http }: { readonly http?: { readonly status?: number } } = error.extensions
      // The only thing that GraphQL's own plugins forbid.
      const refused =
        http?.status === 403
          ? refusedQuery('csrf-header-missing', { header: CSRF_HEADER }, language)
          : refusedQuery('query-invalid', { detail: error.message }, language)
      return withPlace(
        http === undefined
          ? refused
          : new GraphQLError(refused.message, { extensions: { ...refused.extensions, http } }),
        error,
      )
    }
  }
  onFault(error instanceof GraphQLError ? error.originalError : error)
  const internal = refusedQuery('internal', {}, language)
  return error instanceof GraphQLError ? withPlace(internal, error) : internal
}

/** The same error with its text in that language, where it has one. */
export function inLanguage(error: GraphQLError, language: Language): GraphQLError {
  const text = error.extensions[language]
  return typeof text !== 'string' || text === error.message
    ? error
    : withPlace(new GraphQLError(text, { extensions: error.extensions }), error)
}

const withPlace = (error: GraphQLError, { nodes, path }: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    extensions: error.extensions,
    ...(nodes ? { nodes } : {}),
    ...(path ? { path } : {}),
  })
