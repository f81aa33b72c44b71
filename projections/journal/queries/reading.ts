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

interface KnownRow {
  readonly position: number
  readonly entry_no: number
  readonly asked_entry_no: number | null
}

/**
 * The prefix that is asked for: no further than the journal is. Entries known at a position are the blocks full by then, and of the next
 * block those before the first later one.
 */
export async function knownAt(reading: Reading, asOf: AsOf = {}): Promise<Known> {
  const { database, levels = LEVELS } = reading
  const asked = asOf.position ?? (asOf.knownAt === undefined ? undefined : await reading.positionAt(asOf.knownAt))
  const size = 2 ** (levels[0] ?? 0)
  const past =
    asked === undefined
      ? sql`null`
      : sql`(
        with full_blocks as (
          select coalesce((select block + 1 from journal_block where position <= ${asked}::bigint order by position desc limit 1), 0) * ${size}::bigint as entry_no
        )
        -- The bounds as single values: joined in, they would be guessed at and the entries walked from the first one.
        select coalesce(
          (select e.entry_no - 1 from journal_entry e
            where e.entry_no > (select entry_no from full_blocks) and e.entry_no <= (select entry_no from full_blocks) + ${size}::bigint and e.position > ${asked}::bigint
            order by e.entry_no limit 1),
          least((select entry_no from full_blocks) + ${size}::bigint, h.entry_no))
      )`
  const [row] = await rowsOf<KnownRow>(
    database,
    sql`
    select c.position::float8 as position, coalesce(h.entry_no, 0)::float8 as entry_no, ${past}::float8 as asked_entry_no
    from checkpoint c left join journal_head h on h.id = 1
    where c.projection = 'journal'`,
  )
  const newest: Known = { position: row?.position ?? 0, entryNo: row?.entry_no ?? 0 }
  return asked === undefined || asked >= newest.position
    ? newest
    : { position: asked, entryNo: row?.asked_entry_no ?? 0 }
}
