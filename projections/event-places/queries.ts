import type pg from 'pg'
import { streamsInLog } from '../../infra/commanding/event-streams.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { readPositions } from '../runner/checkpoints.ts'
import { headOf } from './fold.ts'
import { eventPlacesProjection } from './projection.ts'

/**
 * Streams of events that may be corrected, by the events' ids. What the rows do not hold yet is looked for in the log behind them, so an event
 * is found from the moment at which its command was answered.
 */
export function openEventPlaces(
  pool: pg.Pool,
  store: EventStore,
  schema = 'rm',
): (ids: readonly string[]) => Promise<ReadonlyMap<string, string>> {
  /** 0 where no read model was ever folded here. */
  async function reached(): Promise<number> {
    const { rows } = await pool.query<{ there: boolean }>({
      name: `event places of ${schema} are there`,
      text: `select to_regclass('"${schema}".event_place') is not null as there`,
    })
    if (rows[0]?.there !== true) return 0
    const { name } = eventPlacesProjection
    return (await readPositions(pool, schema, [name])).get(name) ?? 0
  }

  return async (asked) => {
    const ids = asked.map((id) => id.toLowerCase())
    const upTo = await reached()
    const found = new Map<string, string>()
    if (upTo > 0) {
      const { rows } = await pool.query<{ position: string }>({
        name: `event places of ${schema}`,
        text: `select position from "${schema}".event_place where id_head = any($1::bigint[])`,
        values: [ids.map(headOf)],
      })
      for (const { position } of rows) {
        const [event] = await store.readAll(Number(position) - 1, 1)
        if (event && ids.includes(event.id)) found.set(event.id, event.stream)
      }
    }
    const missing = ids.filter((id) => !found.has(id))
    for (const [id, stream] of await streamsInLog(store, missing, upTo)) found.set(id, stream)
    return found
  }
}
