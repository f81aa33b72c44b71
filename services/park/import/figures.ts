import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { LOCK_SPACES } from '../../../infra/postgres/leadership.ts'
import { allProjections } from '../../../projections/all.ts'
import { openFollower } from '../../../projections/runner/follower.ts'

/** Whether figures hold everything up to a position: `behind` after all the time that was given, `not-folded` where no process folds. */
export type Shown = 'shown' | 'behind' | 'not-folded'

/** Waits until the park's figures hold everything up to this position of the log. */
export type AwaitFigures = (position: number) => Promise<Shown>

/** Folding takes about as long as recording did; what is not there by then is said. */
export const FIGURES_MS = 120_000

/** Figures of a park whose database this is, whichever process folds them. */
export const figuresIn =
  (pool: pg.Pool, timeoutMs = FIGURES_MS): AwaitFigures =>
  async (position) => {
    if (!(await isFolded(pool))) return 'not-folded'
    const follower = openFollower({ pool, projections: allProjections })
    return (await follower.waitFor(position, timeoutMs)) ? 'shown' : 'behind'
  }

/** Who folds holds session locks of its own space (leadership.ts). */
async function isFolded(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ folded: boolean }>(
    `select exists (select from pg_locks where locktype = 'advisory' and granted and classid = $1
       and database = (select oid from pg_database where datname = current_database())) as folded`,
    [LOCK_SPACES.projections],
  )
  return rows[0]?.folded ?? false
}

const POLL_MS = 100

/** The same where only the figures' own position can be asked for, by `ask`. */
export const figuresAsked =
  (ask: () => Promise<number>, timeoutMs = FIGURES_MS): AwaitFigures =>
  async (position) => {
    for (const until = performance.now() + timeoutMs; ; await pause(POLL_MS)) {
      if ((await ask()) >= position) return 'shown'
      if (performance.now() > until) return 'behind'
    }
  }
