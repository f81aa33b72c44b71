import type { Position } from '../../../infra/event-store/port.ts'
import type { Day } from '../../../schemas/values/time.ts'
import type { Stage, WasteStream } from '../../../schemas/values/waste.ts'
import { rowsOf, sql, type Sql } from '../../sql.ts'
import { kindNamed, stageCodes, streamCode } from '../kinds.ts'
import { readFlows, type Period } from './flows.ts'
import { sidesAt } from './ledger.ts'
import type { Known, Reading } from './reading.ts'
import { entriesIn, EVERYTHING, fromSide, toSide, type Scope, type VisibleTo } from './scope.ts'
import type { Kind } from '../../../schemas/mass/account.ts'

export interface CellQuestion extends Period {
  readonly stage: Stage
  readonly stream: WasteStream
  readonly known: Known
  readonly scope?: Scope
  readonly visible?: VisibleTo
}

/** An account as a reader sees it. Origins and ends have no holder. */
export interface PostingAccount {
  readonly kind: Kind
  readonly holder: string | null
  readonly place: string | null
  readonly document: string | null
}

/** One double entry of a cell's period, with the event that it comes from. */
export interface Posting {
  readonly entryNo: number
  readonly position: Position
  readonly businessDay: Day
  readonly occurredAt: string
  readonly lotFrom: string
  readonly lotTo: string
  readonly code: string
  readonly method: string
  readonly grams: number
  readonly from: PostingAccount
  readonly to: PostingAccount
}

/** Where a page of postings ends; the next one begins behind it. */
export interface PostingCursor {
  readonly businessDay: Day
  readonly entryNo: number
}

interface PostingRow {
  readonly entry_no: number
  readonly position: number
  readonly business_day: string
  readonly occurred_at: string
  readonly lot_from: string
  readonly lot_to: string
  readonly code: string
  readonly method: string
  readonly grams: number
  readonly from_kind: number
  readonly from_holder: string | null
  readonly from_place: string | null
  readonly from_document: string | null
  readonly to_kind: number
  readonly to_holder: string | null
  readonly to_place: string | null
  readonly to_document: string | null
}

/** An entry is a cell's where just one of its sides lies in the cell; or both do, but only one of them in the scope. */
function touches(stage: Stage, scope: Scope, visible: VisibleTo): Sql {
  const kinds = stageCodes(stage)
  return sql`(to_kind = any(${kinds}::smallint[]) and ${toSide(scope, visible)}) <> (from_kind = any(${kinds}::smallint[]) and ${fromSide(scope, visible)})`
}

/** The postings of a cell in its period, by business day and then as they were posted. */
export async function readCellPostings(
  reading: Reading,
  {
    from,
    to,
    stage,
    stream,
    known,
    scope = {},
    visible = EVERYTHING,
    first,
    after,
  }: CellQuestion & { readonly first: number; readonly after?: PostingCursor },
): Promise<readonly Posting[]> {
  const behind = after
    ? sql`and (business_day, entry_no) > (${after.businessDay}::date, ${after.entryNo}::bigint)`
    : sql``
  const rows = await rowsOf<PostingRow>(
    reading.database,
    sql`
    select entry_no::float8 as entry_no, position::float8 as position, to_char(business_day, 'YYYY-MM-DD') as business_day,
      to_char(occurred_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+08:00"') as occurred_at, lot_from, lot_to, code, method, grams::float8 as grams,
      from_kind, from_holder, from_place, from_document, to_kind, to_holder, to_place, to_document
    from journal_entry e
    where e.business_day >= ${from}::date and e.business_day <= ${to}::date and e.entry_no <= ${known.entryNo}::bigint and stream = ${streamCode(stream)}::smallint
      and ${touches(stage, scope, visible)} and ${entriesIn(scope, visible)} ${behind}
    order by e.business_day, e.entry_no
    limit ${first}::integer`,
  )
  return rows.map((row) => ({
    entryNo: row.entry_no,
    position: row.position,
    businessDay: row.business_day,
    occurredAt: row.occurred_at,
    lotFrom: row.lot_from,
    lotTo: row.lot_to,
    code: row.code,
    method: row.method,
    grams: row.grams,
    from: {
      kind: kindNamed(row.from_kind),
      holder: row.from_holder,
      place: row.from_place,
      document: row.from_document,
    },
    to: { kind: kindNamed(row.to_kind), holder: row.to_holder, place: row.to_place, document: row.to_document },
  }))
}

/** How many postings a cell has in its period: from the cube, where it can tell. */
export async function countCellPostings(
  reading: Reading,
  { from, to, stage, stream, known, scope = {}, visible = EVERYTHING }: CellQuestion,
): Promise<number> {
  const flows = await readFlows(reading, { from, to, known, scope, visible, stream, periodOnly: true })
  return flows.reduce((sum, flow) => {
    const { comes, goes } = sidesAt(stage, flow)
    return comes || goes ? sum + flow.entries : sum
  }, 0)
}
