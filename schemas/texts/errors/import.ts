import type { ErrorRows } from './row.ts'

/** Refusals of the import side. */
export const importErrors = {} as const satisfies ErrorRows
