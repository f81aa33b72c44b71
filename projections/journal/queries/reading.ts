import type { Position } from '../../../infra/event-store/port.ts'
import { rowsOf, sql, type ReadDatabase } from '../../sql.ts'
import { LEVELS } from '../cube.ts'

/** What every question to the journal is asked with. */
export interface Reading {
  readonly database: ReadDatabase
  /** Last position recorded at or before a moment: the store's. */
  positionAt(moment: string): Promise<Position>
  /** Sizes of the cube's blocks as the journal was folded with. */
  readonly levels?: readonly number[]
}

/** Now, without either; both are what the system knew then. */
export interface AsOf {
  readonly knownAt?: string
  readonly position?: Position
}

/** A prefix of the log and of the journal. Both only grow, so whatever is read of a prefix later is still the same. */
export interface Known {
  readonly position: Position
  readonly entryNo: number
}

/** The prefix that is asked for: no further than the journal is. */
export async function knownAt(reading: Reading, asOf: AsOf = {}): Promise<Known> {
  const asked = asOf.position ?? (asOf.knownAt === undefined ? undefined : await reading.positionAt(asOf.knownAt))
  const [now] = await rowsOf<{ position: number; entry_no: number }>(
    reading.database,
    sql`
    select c.position::float8 as position, coalesce(h.entry_no, 0)::float8 as entry_no
    from checkpoint c left join journal_head h on h.id = 1
    where c.projection = 'journal'`,
  )
  const newest: Known = { position: now?.position ?? 0, entryNo: now?.entry_no ?? 0 }
  if (asked === undefined || asked >= newest.position) return newest
  return { position: asked, entryNo: await entriesAt(reading, asked, newest.entryNo) }
}

/** Number of entries known at a position: the blocks full by then, and the entries of the next one up to the first later one. */
async function entriesAt({ database, levels = LEVELS }: Reading, position: Position, newest: number): Promise<number> {
  const size = 2 ** (levels[0] ?? 0)
  const [row] = await rowsOf<{ entries: number }>(
    database,
    sql`
    with full_blocks as (
      select coalesce((select block + 1 from journal_block where position <= ${position}::bigint order by position desc limit 1), 0) * ${size}::bigint as entry_no
    )
    select coalesce(
      (select min(e.entry_no) - 1 from journal_entry e, full_blocks f
        where e.entry_no > f.entry_no and e.entry_no <= f.entry_no + ${size}::bigint and e.position > ${position}::bigint),
      (select least(f.entry_no + ${size}::bigint, ${newest}::bigint) from full_blocks f)
    )::float8 as entries`,
  )
  return row?.entries ?? 0
}
