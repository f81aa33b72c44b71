import { complexityFromQuery } from '@pothos/plugin-complexity'
import { getOperationAST, Kind, visit, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql'
import type { Language } from '../../../schemas/texts/fill.ts'
import { refusedQuery } from './errors.ts'
import { asksForForbiddenText } from './forbidden-text.ts'

export interface QueryLimits {
  /** Fields that an answer may hold, sums at the database weighing more. A whole ledger with 20 postings a cell costs about 12,000. */
  readonly cost: number
  readonly depth: number
  readonly aliases: number
  readonly tokens: number
}
export const defaultQueryLimits: QueryLimits = { cost: 20_000, depth: 12, aliases: 30, tokens: 2_000 }

/** Why a document is not run, or nothing. Introspection is free: it reads nothing of the park. */
export function overLimit(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
  language: Language,
  limits: QueryLimits = defaultQueryLimits,
): GraphQLError | undefined {
  if (asksForForbiddenText(document, variables)) return refusedQuery('body-forbidden-character', {}, language)
  const { aliases, depth, cost } = weightOf(schema, document, operationName, variables)
  if (aliases > limits.aliases) return refusedQuery('too-many-aliases', { aliases, limit: limits.aliases }, language)
  if (depth > limits.depth) return refusedQuery('query-too-deep', { depth, limit: limits.depth }, language)
  return cost > limits.cost ? refusedQuery('query-too-costly', { cost, limit: limits.cost }, language) : undefined
}

interface Weight {
  readonly aliases: number
  readonly depth: number
  readonly cost: number
}
const NOTHING: Weight = { aliases: 0, depth: 0, cost: 0 }

// Weighing costs as much as running many a query, and the same few documents come again and again; the parser hands out one document for one
// text. What an operation costs depends on its page sizes, on what it skips and on whether it asks for one cell: of its variables on numbers and
// booleans, and on which of the others are there.
const weighed = new WeakMap<DocumentNode, Map<string, Weight>>()
const KEPT = 64

function weightOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
): Weight {
  const byVariables = weighed.get(document) ?? new Map<string, Weight>()
  weighed.set(document, byVariables)
  const key = JSON.stringify([
    operationName,
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean' ? value : value !== null && value !== undefined,
    ]),
  ])
  const known = byVariables.get(key)
  if (known) return known
  const weight = weigh(schema, document, operationName, variables)
  if (byVariables.size >= KEPT) byVariables.clear()
  byVariables.set(key, weight)
  return weight
}

function weigh(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
): Weight {
  const operation = getOperationAST(document, operationName)
  if (!operation) return NOTHING
  const aliases = countAliases(document)
  const asked: DocumentNode = {
    ...document,
    definitions: document.definitions.filter(
      (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === operation,
    ),
  }
  if (isIntrospection(asked)) return { ...NOTHING, aliases }
  const { complexity: cost, depth } = complexityFromQuery(asked, { schema, variables })
  return { aliases, depth, cost }
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
      definition.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
      ),
  )
