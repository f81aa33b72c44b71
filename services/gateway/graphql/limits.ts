import { complexityFromQuery } from '@pothos/plugin-complexity'
import { getOperationAST, Kind, visit, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql'
import type { Language } from '../../../schemas/texts/fill.ts'
import { refusedQuery } from './errors.ts'

export const LIMITS = {
  /** Fields that an answer may hold, sums at the database weighing more. A whole ledger with 20 postings a cell costs about 12,000. */
  cost: 20_000,
  depth: 12,
  aliases: 30,
  tokens: 2_000,
} as const

/** Why a document is not run, or nothing. Introspection is free: it reads nothing of the park. */
export function overLimit(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
  language: Language,
): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName)
  if (!operation) return undefined
  const aliases = countAliases(document)
  if (aliases > LIMITS.aliases) return refusedQuery('too-many-aliases', { aliases, limit: LIMITS.aliases }, language)
  const asked: DocumentNode = {
    ...document,
    definitions: document.definitions.filter((definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === operation),
  }
  if (isIntrospection(asked)) return undefined
  const { complexity: cost, depth } = complexityFromQuery(asked, { schema, variables })
  if (depth > LIMITS.depth) return refusedQuery('query-too-deep', { depth, limit: LIMITS.depth }, language)
  return cost > LIMITS.cost ? refusedQuery('query-too-costly', { cost, limit: LIMITS.cost }, language) : undefined
}

function countAliases(document: DocumentNode): number {
  let aliases = 0
  visit(document, { Field: ({ alias }) => void (alias && aliases++) })
  return aliases
}

const isIntrospection = ({ definitions }: DocumentNode): boolean =>
  definitions.every(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      definition.selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__')),
  )
