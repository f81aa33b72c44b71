import type { Day } from '../../../schemas/values/time.ts'
import { totalOf, type Total } from '../../../schemas/values/total.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import { every, sql } from '../../sql.ts'
import { kindCode, kindNamed, streamCode, streamNamed } from '../kinds.ts'
import { massRows } from './mass-rows.ts'
import { knownAt, type AsOf, type Reading } from './reading.ts'
import { EVERYTHING, streamsIn, type Scope, type VisibleTo } from './scope.ts'
import type { Kind } from '../../../schemas/mass/account.ts'

export interface StockQuestion {
  readonly scope?: Scope
  readonly asOf?: AsOf
  readonly visible?: VisibleTo
  readonly streams?: readonly WasteStream[]
  /** What counts as stock; by default all that lies somewhere and is not on the road. */
  readonly kinds?: readonly Kind[]
}

/** What lies with one holder at one place. */
export interface StockRow {
  readonly holder: string
  readonly site: string
  readonly kind: Kind
  readonly stream: WasteStream
  readonly code: string
  /** With `insideParkOnly`, only what units inside the park generated. */
  readonly grams: Total
  readonly lots: number
  /** Day on which the oldest of it was generated. */
  readonly oldestDay: Day
}

// Spans of up to 2^40 positions: more than any log will have.
const SPAN_CLASSES = 39

const STOCK: readonly Kind[] = ['generation', 'classification', 'collection', 'disposal']

/** Stock at a moment, as the system knew it then. What lay there then is found by what lay where since when, so the past costs what now costs. */
export async function readStock(
  reading: Reading,
  { scope = {}, asOf, visible = EVERYTHING, streams, kinds = STOCK }: StockQuestion,
): Promise<readonly StockRow[]> {
  const { position } = await knownAt(reading, asOf)
  const { unit, site, wasteCode, insideParkOnly } = scope
  const grams = insideParkOnly ? sql`inside_grams` : sql`grams`
  const wanted = every(
    sql`kind = any(${kinds.map(kindCode)}::smallint[])`,
    unit === undefined ? undefined : sql`holder = ${unit}::text`,
    site === undefined ? undefined : sql`place = ${site}::text`,
    wasteCode === undefined ? undefined : sql`code = ${wasteCode}::text`,
    insideParkOnly ? sql`inside_grams > 0` : undefined,
    streams ? sql`stream = any(${streams.map(streamCode)}::smallint[])` : undefined,
    streamsIn(visible),
    visible.units
      ? sql`(holder = any(${visible.units}::text[]) or origin_unit = any(${visible.units}::text[]))`
      : undefined,
  )
  const rows = await massRows<{
    holder: string
    place: string
    kind: number
    stream: number
    code: string
    grams: number | string
    lots: number
    oldest: string
  }>(
    reading.database,
    ({ sum, partial }) => sql`
    with lying as (
      select lot, holder, place, kind, stream, code, ${grams} as grams, oldest
      from journal_balance where since <= ${position}::bigint and ${wanted}
      union all
      select s.lot, holder, place, kind, stream, code, ${grams} as grams, oldest
      from generate_series(0, ${SPAN_CLASSES}::integer) c
      cross join lateral (
        select * from journal_balance_past p
        where p.span_class = c and p.since > ${position}::bigint - (2::bigint << c) and p.since <= ${position}::bigint and p.until > ${position}::bigint
        -- Keeps one range of the index a class: merged into one join it would be guessed at, and the table scanned.
        offset 0
      ) s
      where ${wanted}
    ), by_lot as (
      -- Lots first, so that they are counted by hashing; count(distinct) would sort them all.
      select lot, holder, place, kind, stream, code, ${partial(sql`grams`)} as grams, min(oldest) as oldest from lying group by lot, holder, place, kind, stream, code
    )
    select holder, place, kind, stream, code, ${sum(sql`grams`)} as grams, count(*)::float8 as lots, to_char(min(oldest), 'YYYY-MM-DD') as oldest
    from by_lot group by holder, place, kind, stream, code order by holder, place, kind, stream, code`,
    ({ grams: mass }) => Number(mass),
  )
  return rows.map(({ holder, place, kind, stream, code, grams: mass, lots, oldest }) => ({
    holder,
    site: place,
    kind: kindNamed(kind),
    stream: streamNamed(stream),
    code,
    grams: totalOf(mass),
    lots,
    oldestDay: oldest,
  }))
}
