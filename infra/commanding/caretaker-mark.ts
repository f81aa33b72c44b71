import type pg from 'pg'
import type { Position } from '../event-store/port.ts'

/** Up to where everything that follows from events is done. Of another epoch of the log it says nothing, and the care starts from the beginning. */
export interface CaretakerMark {
  load(epoch: string): Promise<Position>
  save(epoch: string, position: Position): Promise<void>
}

/** Kept by the process alone: the next one looks through the whole log once. */
export function memoryMark(): CaretakerMark {
  let kept: { readonly epoch: string; readonly position: Position } | undefined
  return {
    load: (epoch) => Promise.resolve(kept?.epoch === epoch ? kept.position : 0),
    save(epoch, position) {
      kept = { epoch, position }
      return Promise.resolve()
    },
  }
}

/**
 * The time by the clock of the database: the one that events are recorded by where the log lies there, and everywhere the same for all processes. One
 * whose own clock stands wrong must take nothing for overdue that is under way.
 */
export async function databaseTime(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  )
  return rows[0]?.now ?? Number.NEGATIVE_INFINITY
}

/** Another process looks after this service now: what is still done here is harmless, but it is not this process's mark to move. */
export class CareHandedOver extends Error {
  override readonly name = 'CareHandedOver'
}

/**
 * The mark of one service, kept in PostgreSQL (`0001-caretaker.sql`, `0002-caretakers.sql`) and claimed for whoever asks: from now on
 * whoever claimed it before saves nothing. A leader that was deposed without a word can thus never move the mark past what its
 * successor has yet to do.
 */
export async function claimMark(pool: pg.Pool, service: string): Promise<CaretakerMark> {
  const { rows } = await pool.query<{ fence: string }>(
    `insert into commanding.caretaker (service, epoch, position, fence) values ($1, '', 0, 1)
     on conflict (service) do update set fence = commanding.caretaker.fence + 1 returning fence`,
    [service],
  )
  const fence = rows[0]?.fence
  return {
    async load(epoch) {
      const { rows: marks } = await pool.query<{ position: string }>(
        'select position from commanding.caretaker where service = $1 and epoch = $2',
        [service, epoch],
      )
      return Number(marks[0]?.position ?? 0)
    },
    async save(epoch, position) {
      const { rowCount } = await pool.query(
        'update commanding.caretaker set epoch = $3, position = $4, moved_at = now() where service = $1 and fence = $2',
        [service, fence, epoch, position],
      )
      if (rowCount === 0) throw new CareHandedOver(`the caretaker of ${service} is another process`)
    },
  }
}
