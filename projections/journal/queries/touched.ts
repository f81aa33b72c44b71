import type { Position } from '../../../infra/event-store/port.ts'
import type { Day } from '../../../schemas/values/time.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import { rowsOf, sql } from '../../sql.ts'
import { streamNamed } from '../kinds.ts'
import { knownAt, type Reading } from './reading.ts'

/** A business day and a stream of waste whose sums an event changed. */
export interface Touched {
  readonly position: Position
  readonly day: Day
  readonly stream: WasteStream
}

interface TouchedRow {
  readonly position: number
  readonly day: string
  readonly stream: number
}

/**
 * What the postings of these events changed, in the order of their positions. Read from the entries, because a correction posts on the days of
 * the events that it corrects and of those that follow from them.
 */
export async function readTouched(reading: Reading, positions: readonly Position[]): Promise<readonly Touched[]> {
  if (positions.length === 0) return []
  const [before, upTo] = await Promise.all([
    knownAt(reading, { position: Math.min(...positions) - 1 }),
    knownAt(reading, { position: Math.max(...positions) }),
  ])
  const rows = await rowsOf<TouchedRow>(
    reading.database,
    sql`
    select distinct position::float8 as position, business_day::text as day, stream
    from journal_entry
    where entry_no > ${before.entryNo}::bigint and entry_no <= ${upTo.entryNo}::bigint
      and position = any(${[...positions]}::bigint[])
    order by position, day, stream`,
  )
  return rows.map(({ position, day, stream }) => ({ position, day, stream: streamNamed(stream) }))
}
