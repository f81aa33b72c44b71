import type pg from 'pg'
import type { Deadlines, DueDeadline } from '../../infra/commanding/deadlines.ts'
import type { Position } from '../../infra/event-store/port.ts'
import type { Cause, Effect } from '../../schemas/processes/process.ts'
import type { Moment } from '../../schemas/values/time.ts'

interface Row {
  readonly id: string
  readonly process: string
  readonly effect: Effect & { readonly due: Moment }
  readonly cause: Cause
  readonly attempts: number
}

/** Deadlines as the projection `processes` keeps them in `schema`. `reached` says whether its rows hold everything up to a position. */
export function deadlinesIn(
  pool: pg.Pool,
  reached: (position: Position) => Promise<boolean>,
  schema = 'rm',
): Deadlines {
  const same = `a.deadline = d.id and a.cause = (d.cause->>'eventId')::uuid`
  return {
    reached,

    async due(processes, now, most) {
      const { rows } = await pool.query<Row>({
        name: `due deadlines of ${schema}`,
        text: `select d.id, d.process, d.effect, d.cause, coalesce(a.attempts, 0) as attempts
          from "${schema}".deadline d left join commanding.deadline_attempt a on ${same}
          where d.process = any($1) and d.fire_at <= to_timestamp($2::float8 / 1000)
            and (a.next_at is null or a.next_at <= to_timestamp($2::float8 / 1000))
          order by d.fire_at, d.id limit $3`,
        values: [processes, now, most],
      })
      return rows.map(({ effect: { due, ...effect }, ...row }): DueDeadline => ({ ...row, effect, due }))
    },

    async done(carried) {
      if (carried.length === 0) return
      await pool.query(
        `insert into commanding.deadline_attempt (deadline, cause, next_at) select id, cause, 'infinity' from unnest($1::text[], $2::uuid[]) t (id, cause)
         on conflict (deadline, cause) do update set next_at = 'infinity', last_error = null, tried_at = now()`,
        [carried.map(({ id }) => id), carried.map(({ cause }) => cause.eventId)],
      )
      // What was carried out and folded meanwhile needs no note any more.
      await pool.query(
        `delete from commanding.deadline_attempt a where not exists (select from "${schema}".deadline d where ${same})`,
      )
    },

    async postpone({ id, cause }, why, until) {
      await pool.query(
        `insert into commanding.deadline_attempt (deadline, cause, attempts, last_error, next_at)
         values ($1, $2, 1, $3, to_timestamp($4::float8 / 1000))
         on conflict (deadline, cause) do update set attempts = commanding.deadline_attempt.attempts + 1,
           last_error = excluded.last_error, next_at = excluded.next_at, tried_at = now()`,
        [id, cause.eventId, why, until],
      )
    },
  }
}
