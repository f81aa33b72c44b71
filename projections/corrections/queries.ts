import type { CorrectionStatus, KnownCorrection } from '../../schemas/correction/events.ts'
import { fileQueries } from '../files.ts'
import { every, sql } from '../sql.ts'
import type { FoldedCorrection } from './fold.ts'

/** A correction as it is now; `known` is what may be done next is answered from. */
export interface CorrectionView extends Omit<FoldedCorrection, 'correction'> {
  readonly id: string
  readonly revision: number
  readonly known: KnownCorrection
}

export interface CorrectionFilter {
  readonly status?: CorrectionStatus
  /** A unit that it concerns. */
  readonly unit?: string
  readonly lot?: string
  readonly manifest?: string
}

type Folded = FoldedCorrection & { readonly correction: KnownCorrection }

/** Corrections, the newest first. */
export const {
  list: listCorrections,
  count: countCorrections,
  byId: correctionById,
} = fileQueries<Folded, CorrectionView, CorrectionFilter>({
  table: sql`correction`,
  opened: sql`proposed_position`,
  matches: ({ status, unit, lot, manifest }: CorrectionFilter) =>
    every(
      status === undefined ? undefined : sql`status = ${status}`,
      unit === undefined ? undefined : sql`units ?| ${[unit]}::text[]`,
      lot === undefined ? undefined : sql`document = ${lot}`,
      manifest === undefined ? undefined : sql`document = ${manifest}`,
    ),
  view: ({ id, revision, state: { correction: known, ...folded } }) => ({ id, revision, known, ...folded }),
})
