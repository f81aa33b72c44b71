import { eventId } from '../../../infra/event-store/event-id.ts'
import type { EventStore, Position } from '../../../infra/event-store/port.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import type { Projection } from '../../../projections/projection.ts'
import { rebuild } from '../../../projections/runner/rebuild.ts'

/** One command of a story: the events that it appends to its stream, and what was answered to whoever sent it. */
export interface Sent {
  readonly commandId: string
  readonly stream: string
  readonly events: number
  /** Position of its last event, once somebody was told. */
  acknowledged?: Position
}

/** What must be zero when a story is over. */
export interface Violations {
  readonly lost: number
  readonly doubled: number
  readonly gaps: number
  readonly inversions: number
  /** Rows that differ from a fold of the whole log anew, of all read models. */
  readonly rowsOff: number
  readonly parked: number
}

interface Row {
  readonly position: number
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly recorded: string
}

/** Holds the log against what was acknowledged, and the rows against the log. */
export async function audit(
  store: EventStore,
  url: string,
  projections: readonly Projection[],
  sent: readonly Sent[],
): Promise<Violations> {
  const pool = openPool({ connectionString: url })
  try {
    const { rows: log } = await pool.query<Row>(
      `select position::int, id::text, stream, revision::int, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as recorded from es.event order by position`,
    )
    const { rows: parked } = await pool.query('select 1 from rm.parked')
    const reports = await rebuild({ pool, store, schema: 'rm', projections, swap: false })
    return {
      ...logViolations(log, sent),
      rowsOff: reports.reduce((sum, { differences }) => sum + differences, 0),
      parked: parked.length,
    }
  } finally {
    await pool.end()
  }
}

function logViolations(log: readonly Row[], sent: readonly Sent[]) {
  const at = new Map(log.map(({ id, position }) => [id, position]))
  const lost = sent.filter(
    ({ commandId, events, acknowledged }) =>
      acknowledged !== undefined && at.get(eventId(commandId, events - 1)) !== acknowledged,
  )
  const reached = new Map<string, number>()
  let inversions = 0
  for (const [i, { stream, revision, recorded }] of log.entries()) {
    if (revision !== (reached.get(stream) ?? 0) + 1) inversions++
    reached.set(stream, revision)
    if (recorded < (log[i - 1]?.recorded ?? '')) inversions++
  }
  return {
    lost: lost.length,
    doubled: log.length - at.size + Math.max(0, log.length - sent.reduce((sum, { events }) => sum + events, 0)),
    gaps: log.filter(({ position }, i) => position !== i + 1).length,
    inversions,
  }
}
