import type { Case, CaseStatus, KnownCase } from '../../schemas/case/state.ts'
import { fileQueries } from '../files.ts'
import { every, sql } from '../sql.ts'
import type { FoldedCase } from './fold.ts'

/** A case as it is now; `known` is what may be done next is answered from. */
export interface CaseView extends Omit<FoldedCase, 'case'> {
  readonly id: string
  readonly revision: number
  readonly known: KnownCase
}

export interface CaseFilter {
  readonly status?: CaseStatus
  /** The unit that has to answer. */
  readonly unit?: string
  /** Id of the finding that it grew from. */
  readonly finding?: string
}

type Folded = FoldedCase & { readonly case: Exclude<Case, { readonly status: 'none' }> }

/** Cases, the newest first. */
export const {
  list: listCases,
  count: countCases,
  byId: caseById,
} = fileQueries<Folded, CaseView, CaseFilter>({
  table: sql`case_file`,
  opened: sql`opened_position`,
  matches: ({ status, unit, finding }: CaseFilter) =>
    every(
      status === undefined ? undefined : sql`status = ${status}`,
      unit === undefined ? undefined : sql`unit = ${unit}`,
      finding === undefined ? undefined : sql`finding = ${finding}`,
    ),
  view: ({ id, revision, state: { case: known, ...folded } }) => ({ id, revision, known, ...folded }),
})
