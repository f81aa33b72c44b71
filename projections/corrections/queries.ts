import type { Visibility } from '../../infra/identity/visibility.ts'
import type { CorrectionStatus, KnownCorrection } from '../../schemas/correction/events.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase } from '../sql.ts'
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

interface Row {
  readonly id: string
  readonly revision: number
  readonly state: FoldedCorrection & { readonly correction: KnownCorrection }
}

const view = ({ id, revision, state: { correction: known, ...folded } }: Row): CorrectionView => ({
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

const matches = ({ status, unit, lot, manifest }: CorrectionFilter) =>
  every(
    status === undefined ? undefined : sql`c.status = ${status}`,
    unit === undefined ? undefined : sql`c.units ?| ${[unit]}::text[]`,
    lot === undefined ? undefined : sql`c.document = ${lot}`,
    manifest === undefined ? undefined : sql`c.document = ${manifest}`,
  )

/** A page of corrections, the one proposed last first; `after` is the position of a proposal. */
export async function listCorrections(
  database: ReadDatabase,
  filter: CorrectionFilter,
  { first, after }: { readonly first: number; readonly after?: number },
  to: Visibility,
): Promise<readonly CorrectionView[]> {
  const behind = after === undefined ? undefined : sql`c.proposed_position < ${after}`
  const found = await rowsOf<Row>(
    database,
    sql`select c.id, c.revision, c.state from correction c
      where ${every(visible(to), matches(filter), behind)} order by c.proposed_position desc limit ${first}`,
  )
  return found.map(view)
}

export async function countCorrections(
  database: ReadDatabase,
  filter: CorrectionFilter,
  to: Visibility,
): Promise<number> {
  const [row] = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from correction c where ${every(visible(to), matches(filter))}`,
  )
  return Number(row?.total ?? 0)
}

export async function correctionById(
  database: ReadDatabase,
  id: string,
  to: Visibility,
): Promise<CorrectionView | undefined> {
  const [row] = await rowsOf<Row>(
    database,
    sql`select c.id, c.revision, c.state from correction c where ${every(visible(to), sql`c.id = ${id}`)}`,
  )
  return row && view(row)
}
