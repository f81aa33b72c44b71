import table from './data/treatment-methods.json' with { type: 'json' }
import type { Method } from './catalogue.ts'

/**
 * Every method that may be named: HJ 1033 附录F with its medical and chromium rows, our own codes of general waste, and transfer codes.
 * What is no row here is in no Chinese list: R10-R14, D2-D8, D11-D15 of the Basel annex. 利用 or 处置 is our reading, with an edition.
 */
export const methods: readonly Method[] = table.methods.map(({ code, kind, landfill, zh, en }) => ({
  code,
  kind: kind as Method['kind'],
  landfill,
  zh,
  en,
}))

const byCode = new Map(methods.map((row) => [row.code, row]))

export const methodOf = (code: string): Method | undefined => byCode.get(code)

/** Codes of 利用, for a query that sums what was recovered. */
export const recoveryMethods = (): readonly string[] =>
  methods.filter(({ kind }) => kind === 'recovery').map(({ code }) => code)

/** Codes by which all treated mass stays in a landfill. */
export const landfillMethods = (): readonly string[] =>
  methods.filter(({ landfill }) => landfill).map(({ code }) => code)
