import type { Visibility } from '../../infra/identity/visibility.ts'
import type { HeldCommand, HoldStatus } from '../../schemas/hold/state.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase } from '../sql.ts'
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

interface Row {
  readonly id: string
  readonly revision: number
  readonly state: FoldedHold & { readonly hold: HeldCommand }
}

const view = ({ id, revision, state: { hold: known, ...folded } }: Row): HoldView => ({
  id,
  revision,
  known,
  ...folded,
})

const visible = (to: Visibility) =>
  visibleAs(
    to,
    (units) => sql`h.units ?| ${units}::text[]`,
    (streams) => sql`h.streams ?| ${streams}::text[]`,
  )

const matches = ({ status, unit }: HoldFilter) =>
  every(
    status === undefined ? undefined : sql`h.status = ${status}`,
    unit === undefined ? undefined : sql`h.units ?| ${[unit]}::text[]`,
  )

/** A page of holds, the latest first; `after` is the position at which one was held. */
export async function listHolds(
  database: ReadDatabase,
  filter: HoldFilter,
  { first, after }: { readonly first: number; readonly after?: number },
  to: Visibility,
): Promise<readonly HoldView[]> {
  const behind = after === undefined ? undefined : sql`h.held_position < ${after}`
  const found = await rowsOf<Row>(
    database,
    sql`select h.id, h.revision, h.state from hold h
      where ${every(visible(to), matches(filter), behind)} order by h.held_position desc limit ${first}`,
  )
  return found.map(view)
}

export async function countHolds(database: ReadDatabase, filter: HoldFilter, to: Visibility): Promise<number> {
  const [row] = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from hold h where ${every(visible(to), matches(filter))}`,
  )
  return Number(row?.total ?? 0)
}

export async function holdById(database: ReadDatabase, id: string, to: Visibility): Promise<HoldView | undefined> {
  const [row] = await rowsOf<Row>(
    database,
    sql`select h.id, h.revision, h.state from hold h where ${every(visible(to), sql`h.id = ${id}`)}`,
  )
  return row && view(row)
}
