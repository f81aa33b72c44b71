import type pg from 'pg'
import type { Position } from '../event-store/port.ts'
import type { Migrations } from '../postgres/migrate.ts'

export const relayMigrations: Migrations = { part: 'relay', directory: new URL('migrations/', import.meta.url) }

/** Another process relays now: what was still sent here is told a second time, and nothing more may be sent. */
export class RelayDeposed extends Error {
  override readonly name = 'RelayDeposed'
}

/** How far the log lies acknowledged in Kafka, kept in PostgreSQL and moved by one process. */
export interface Mark {
  position(): Position
  /** @throws RelayDeposed where another process claimed the mark since */
  move(to: Position): Promise<void>
  /** Asks whether the mark is still ours, unless that is known since a moment. @throws RelayDeposed */
  confirm(): Promise<void>
}

/** How long an answer about the fence is believed: a process that was stopped for longer asks before it sends. */
const BELIEVED_MS = 1_000

/**
 * Claims the mark: whoever had it before moves it no more. Of another epoch of the log it says nothing, and everything is told again from
 * the beginning, under the new epoch.
 */
export async function claimMark(pool: pg.Pool, name: string, epoch: string): Promise<Mark> {
  const { rows } = await pool.query<{ position: string; fence: string }>(
    `insert into relay.mark as m (name, epoch, position, fence) values ($1, $2, 0, 1)
     on conflict (name) do update set fence = m.fence + 1, epoch = excluded.epoch, position = case when m.epoch = excluded.epoch then m.position else 0 end
     returning position, fence`,
    [name, epoch],
  )
  const fence = rows[0]?.fence
  let position = Number(rows[0]?.position ?? 0)
  let confirmedAt = performance.now()

  function known(owned: boolean): void {
    if (!owned) throw new RelayDeposed(`${name} is another process`)
    confirmedAt = performance.now()
  }

  return {
    position: () => position,
    async move(to) {
      const { rowCount } = await pool.query({
        name: 'move-relay-mark',
        text: 'update relay.mark set position = $4, moved_at = now() where name = $1 and fence = $2 and position = $3',
        values: [name, fence, position, to],
      })
      known(rowCount === 1)
      position = to
    },
    async confirm() {
      if (performance.now() - confirmedAt < BELIEVED_MS) return
      const { rowCount } = await pool.query('select from relay.mark where name = $1 and fence = $2', [name, fence])
      known(rowCount === 1)
    },
  }
}

export async function readMark(
  pool: pg.Pool,
  name: string,
): Promise<{ readonly epoch: string; readonly position: Position } | undefined> {
  const { rows } = await pool.query<{ epoch: string; position: string }>(
    'select epoch, position from relay.mark where name = $1',
    [name],
  )
  const [row] = rows
  return row && { epoch: row.epoch, position: Number(row.position) }
}
