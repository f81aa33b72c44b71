import { monthOf, type Day } from '../../../schemas/values/time.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import { totalOf, type Total } from '../../../schemas/values/total.ts'
import { every, sql, type Sql } from '../../sql.ts'
import { blocksUpTo, LEVELS } from '../cube.ts'
import { kindNamed, streamCode, streamNamed } from '../kinds.ts'
import {
  entriesIn,
  EVERYTHING,
  fromSide,
  insideOnly,
  isWholePark,
  streamsIn,
  toSide,
  type Scope,
  type VisibleTo,
} from './scope.ts'
import type { Known, Reading } from './reading.ts'
import { massRows, type Arithmetic } from './mass-rows.ts'
import { wholeMonths } from './whole-months.ts'
import type { Kind } from '../../../schemas/mass/account.ts'

export interface Period {
  /** First and last business day, both included. */
  readonly from: Day
  readonly to: Day
}

/** How much went from kind to kind: the sum of many entries, before the period or within it. */
export interface Flow {
  readonly opening: boolean
  readonly stream: WasteStream
  readonly from: Kind
  readonly to: Kind
  /** Whether the accounts on either side belong to the scope. */
  readonly fromCounts: boolean
  readonly toCounts: boolean
  readonly method: string
  readonly prior: boolean
  readonly derived: boolean
  readonly grams: Total
  readonly entries: number
}

export interface FlowQuestion extends Period {
  readonly known: Known
  readonly scope: Scope
  readonly visible?: VisibleTo
  readonly stream?: WasteStream
  /** Leave out what was before the period. */
  readonly periodOnly?: boolean
  /** Tell apart methods, earlier years and residues. */
  readonly detailed?: boolean
}

interface FlowRow {
  readonly opening: boolean
  readonly stream: number
  readonly from_kind: number
  readonly to_kind: number
  readonly from_counts?: boolean
  readonly to_counts?: boolean
  readonly method?: string
  readonly prior?: boolean
  readonly derived?: boolean
  readonly grams: number | string
  /** What was added and taken away together. */
  readonly weight: number
  readonly entries: number
}

/** The sums that ledger, mass balance and rate are made of: from the cube where it can tell, from the journal by its indexes where not. */
export async function readFlows(reading: Reading, question: FlowQuestion): Promise<readonly Flow[]> {
  const whole = isWholePark(question.scope, question.visible ?? EVERYTHING)
  const rows = await massRows<FlowRow>(
    reading.database,
    (arithmetic) => (whole ? fromCube(reading, question, arithmetic) : fromJournal(question, arithmetic)),
    ({ weight }) => weight,
  )
  return rows.map((row) => ({
    opening: row.opening,
    stream: streamNamed(row.stream),
    from: kindNamed(row.from_kind),
    to: kindNamed(row.to_kind),
    fromCounts: row.from_counts ?? true,
    toCounts: row.to_counts ?? true,
    method: row.method ?? '',
    prior: row.prior ?? false,
    derived: row.derived ?? false,
    grams: totalOf(row.grams),
    entries: row.entries,
  }))
}

// A block's month may be taken away from a later one, so that a small sum may be one of large ones: the weight says how large they were.
const sums = ({ sum }: Arithmetic): Sql =>
  sql`${sum(sql`grams`)} as grams, sum(abs(grams::float8)) as weight, sum(entries::float8) as entries`
const DETAIL = sql`, method, prior, derived`
const NOTHING = sql``

const streamIs = (stream: WasteStream | undefined): Sql | undefined =>
  stream === undefined ? undefined : sql`stream = ${streamCode(stream)}::smallint`

/**
 * Of whole months, and of all that was before the period, what each block holds at the end of a month; days of months that the period cuts and
 * of the lowest blocks; and the entries behind the blocks. So it reads as much after ten years as after one.
 */
function fromCube({ levels = LEVELS }: Reading, question: FlowQuestion, arithmetic: Arithmetic): Sql {
  const { from, to, known, scope, visible = EVERYTHING, stream, periodOnly, detailed } = question
  const { lowest, higher, covered } = blocksUpTo(known.entryNo, levels)
  const { first, behind } = wholeMonths(question)
  const detail = detailed ? DETAIL : NOTHING
  const only = every(streamIs(stream), streamsIn(visible), insideOnly(scope))
  const ofDays = every(
    sql`business_day <= ${to}::date`,
    periodOnly ? sql`business_day >= ${from}::date` : undefined,
    only,
  )
  const days = (blocks: readonly number[], within?: Sql): Sql => sql`
      select business_day < ${from}::date as opening, stream, from_kind, to_kind, grams, entries${detail}
      from journal_day where ${every(sql`block = any(${blocks}::bigint[])`, within, ofDays)}
      union all`
  return sql`
    with month_end as (${monthEnds(higher, [
      ...(periodOnly ? [] : [{ before: monthOf(from), opening: true, sign: 1 }]),
      { before: first, opening: false, sign: -1 },
      { before: behind, opening: false, sign: 1 },
    ])}), flow as (
      select opening, stream, from_kind, to_kind, grams * sign as grams, entries * sign as entries${detail}
      from month_end e cross join lateral (
        -- Keeps one range of the index for each: merged into one join it would be guessed at, and the table scanned.
        select * from journal_month m where m.block = e.block and m.month = e.month offset 0
      ) held
      where ${only}
      union all
      ${first > monthOf(from) ? days(higher, sql`business_day >= ${monthOf(from)}::date and business_day < ${first}::date`) : NOTHING}
      ${behind <= to ? days(higher, sql`business_day >= ${behind}::date`) : NOTHING}
      ${days(lowest)}
      select business_day < ${from}::date as opening, stream, from_kind, to_kind, grams, 1${detailed ? sql`, method, extract(year from origin_day) < extract(year from business_day) as prior, derived` : NOTHING}
      from journal_entry where entry_no > ${covered}::bigint and entry_no <= ${known.entryNo}::bigint and ${ofDays}
    )
    select opening, stream, from_kind, to_kind${detail}, ${sums(arithmetic)}
    from flow group by opening, stream, from_kind, to_kind${detail} having sum(entries::float8) <> 0`
}

interface Cut {
  /** First day of a month. */
  readonly before: Day
  readonly opening: boolean
  /** Whether what was held before that month is added or taken away. */
  readonly sign: number
}

/** The last month that each block knows before each cut; of a block that has none between two cuts, they cancel. */
function monthEnds(blocks: readonly number[], cuts: readonly Cut[]): Sql {
  return sql`
      select b.block, m.month, c.opening, sum(c.sign) as sign
      from unnest(${blocks}::bigint[]) b (block)
      cross join unnest(${cuts.map(({ before }) => before)}::date[], ${cuts.map(({ opening }) => opening)}::boolean[], ${cuts.map(({ sign }) => sign)}::integer[]) c (before, opening, sign)
      cross join lateral (select month from journal_month m where m.block = b.block and m.month < c.before order by m.month desc limit 1) m
      group by b.block, m.month, c.opening having sum(c.sign) <> 0`
}

function fromJournal(
  { from, to, known, scope, visible = EVERYTHING, stream, periodOnly, detailed }: FlowQuestion,
  arithmetic: Arithmetic,
): Sql {
  const detail = detailed ? DETAIL : NOTHING
  return sql`
    with flow as (
      select business_day < ${from}::date as opening, stream, from_kind, to_kind, grams, 1 as entries,
        ${fromSide(scope, visible)} as from_counts, ${toSide(scope, visible)} as to_counts${
          detailed
            ? sql`, method, extract(year from origin_day) < extract(year from business_day) as prior, derived`
            : NOTHING
        }
      from journal_entry
      where entry_no <= ${known.entryNo}::bigint and business_day <= ${to}::date ${periodOnly ? sql`and business_day >= ${from}::date` : NOTHING}
        and ${every(streamIs(stream), entriesIn(scope, visible))}
    )
    select opening, stream, from_kind, to_kind, from_counts, to_counts${detail}, ${sums(arithmetic)}
    from flow group by opening, stream, from_kind, to_kind, from_counts, to_counts${detail}`
}
