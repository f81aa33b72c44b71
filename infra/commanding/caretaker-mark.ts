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

/** Kept in PostgreSQL; needs the table of `0001-caretaker.sql`. */
export const postgresMark = (pool: pg.Pool): CaretakerMark => ({
  async load(epoch) {
    const { rows } = await pool.query<{ position: string }>('select position::text from commanding.caretaker where epoch = $1', [epoch])
    return Number(rows[0]?.position ?? 0)
  },
  async save(epoch, position) {
    await pool.query(
      `insert into commanding.caretaker (epoch, position) values ($1, $2)
       on conflict (singleton) do update set epoch = excluded.epoch, position = excluded.position, moved_at = now()`,
      [epoch, position],
    )
  },
})
