import type { HeldCommand, HoldStatus } from '../../schemas/hold/state.ts'
import { fileQueries } from '../files.ts'
import { every, sql } from '../sql.ts'
import type { FoldedHold } from './fold.ts'

/** A hold as it is now; `known` is what may be done next is answered from. */
export interface HoldView extends Omit<FoldedHold, 'hold'> {
  readonly id: string
  readonly revision: number
  readonly known: HeldCommand
}

export interface HoldFilter {
  readonly status?: HoldStatus
  /** A unit that it concerns. */
  readonly unit?: string
}

type Folded = FoldedHold & { readonly hold: HeldCommand }

/** Holds, the newest first. */
export const {
  list: listHolds,
  count: countHolds,
  byId: holdById,
} = fileQueries<Folded, HoldView, HoldFilter>({
  table: sql`hold`,
  opened: sql`held_position`,
  matches: ({ status, unit }: HoldFilter) =>
    every(
      status === undefined ? undefined : sql`status = ${status}`,
      unit === undefined ? undefined : sql`units ?| ${[unit]}::text[]`,
    ),
  view: ({ id, revision, state: { hold: known, ...folded } }) => ({ id, revision, known, ...folded }),
})
