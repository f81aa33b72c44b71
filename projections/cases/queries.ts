import type { Visibility } from '../../infra/identity/visibility.ts'
import type { Case, CaseStatus, KnownCase } from '../../schemas/case/state.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase } from '../sql.ts'
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

interface Row {
  readonly id: string
  readonly revision: number
  readonly state: FoldedCase & { readonly case: Exclude<Case, { readonly status: 'none' }> }
}

const view = ({ id, revision, state: { case: known, ...folded } }: Row): CaseView => ({
  id,
  revision,
  known,
  ...folded,
})

const visible = (to: Visibility) =>
  visibleAs(
    to,
    (units) => sql`c.units ?| ${units}::text[]`,
    (streams) => sql`c.streams ?| ${streams}::text[]`,
  )

const matches = ({ status, unit, finding }: CaseFilter) =>
  every(
    status === undefined ? undefined : sql`c.status = ${status}`,
    unit === undefined ? undefined : sql`c.unit = ${unit}`,
    finding === undefined ? undefined : sql`c.finding = ${finding}`,
  )

/** A page of cases, the one opened last first; `after` is the position of an opening. */
export async function listCases(
  database: ReadDatabase,
  filter: CaseFilter,
  { first, after }: { readonly first: number; readonly after?: number },
  to: Visibility,
): Promise<readonly CaseView[]> {
  const behind = after === undefined ? undefined : sql`c.opened_position < ${after}`
  const found = await rowsOf<Row>(
    database,
    sql`select c.id, c.revision, c.state from case_file c
      where ${every(visible(to), matches(filter), behind)} order by c.opened_position desc limit ${first}`,
  )
  return found.map(view)
}

export async function countCases(database: ReadDatabase, filter: CaseFilter, to: Visibility): Promise<number> {
  const [row] = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from case_file c where ${every(visible(to), matches(filter))}`,
  )
  return Number(row?.total ?? 0)
}

export async function caseById(database: ReadDatabase, id: string, to: Visibility): Promise<CaseView | undefined> {
  const [row] = await rowsOf<Row>(
    database,
    sql`select c.id, c.revision, c.state from case_file c where ${every(visible(to), sql`c.id = ${id}`)}`,
  )
  return row && view(row)
}
