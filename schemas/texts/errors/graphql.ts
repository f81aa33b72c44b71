import type { ErrorRows } from './row.ts'

/** Refusals of the graphql side. */
export const graphqlErrors = {} as const satisfies ErrorRows
