import type { ErrorRows } from './row.ts'

/** Refusals of the registry side. */
export const registryErrors = {} as const satisfies ErrorRows
