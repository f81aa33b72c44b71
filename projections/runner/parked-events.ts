import type { EventStore, Position } from '../../infra/event-store/port.ts'
import type { ReadDatabase } from '../sql.ts'
import { qualified } from './statements.ts'

/** An event that a projection could not fold, or one of the same stream that waits behind it. */
export interface ParkedEvent {
  /** Name of the projection, without the partition. */
  readonly projection: string
  readonly position: Position
  readonly stream: string
  /** Type as stored; absent where the log no longer has the event. */
  readonly type?: string
  readonly occurredAt?: string
  readonly recordedAt?: string
  /** RFC 3339. */
  readonly parkedAt: string
  readonly attempts: number
  /** What the fold or the database said; empty for an event that waits. */
  readonly error: string
  /** Position of the first event of the stream that could not be folded, for an event that waits behind it. */
  readonly waitsFor?: Position
}

export interface ParkedCursor {
  readonly position: Position
  readonly projection: string
}

interface Row {
  readonly projection: string
  readonly position: number
  readonly stream: string
  readonly error: string
  readonly attempts: number
  readonly parked_at: string
  readonly waits_for: number | null
}

const UNDEFINED_TABLE = '42P01'

/** The answer of a query, or `none` where no process has made the runner's tables yet. */
async function unlessUnmade<T>(query: Promise<T>, none: T): Promise<T> {
  try {
    return await query
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === UNDEFINED_TABLE) return none
    throw fault
  }
}

/** How many events are parked, those that wait behind others included. */
export async function countParked(database: ReadDatabase, schema = 'rm'): Promise<number> {
  const text = `select count(*)::int as count from ${qualified(schema, 'parked')}`
  const counted = database.query<{ count: number }>({ name: `count parked ${schema}`, text, values: [] })
  return await unlessUnmade(
    counted.then(({ rows }) => rows[0]?.count ?? 0),
    0,
  )
}

/** Parked events in the order of the log, with what the log says of them. */
export async function listParked(
  database: ReadDatabase,
  store: Pick<EventStore, 'readAll'>,
  { first, after, schema = 'rm' }: { readonly first: number; readonly after?: ParkedCursor; readonly schema?: string },
): Promise<readonly ParkedEvent[]> {
  const table = qualified(schema, 'parked')
  const listed = database.query<Row>({
    name: `list parked ${schema}`,
    text: `select split_part(p.projection, '@', 1) as projection, p.position::float8 as position, p.stream, p.error, p.attempts,
        to_char(p.parked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as parked_at,
        case when p.error = '' then (select min(q.position)::float8 from ${table} q
          where q.projection = p.projection and q.stream = p.stream and q.error <> '') end as waits_for
      from ${table} p
      where (p.position, split_part(p.projection, '@', 1)) > ($1::bigint, $2::text)
      order by p.position, split_part(p.projection, '@', 1) limit $3`,
    values: [after?.position ?? 0, after?.projection ?? '', first],
  })
  const rows = await unlessUnmade(
    listed.then(({ rows: found }) => found),
    [],
  )
  const events = new Map(
    await Promise.all(
      [...new Set(rows.map(({ position }) => position))].map(
        async (position) => [position, (await store.readAll(position - 1, 1))[0]] as const,
      ),
    ),
  )
  return rows.map(({ parked_at: parkedAt, waits_for: waitsFor, ...row }) => {
    const event = events.get(row.position)
    const stored = event?.position === row.position ? event : undefined
    return {
      ...row,
      parkedAt,
      ...(stored ? { type: stored.type, occurredAt: stored.occurredAt, recordedAt: stored.recordedAt } : {}),
      ...(waitsFor === null ? {} : { waitsFor }),
    }
  })
}
