import type pg from 'pg'
import { openDeadlineRunner, type DeadlineRunner } from '../../infra/commanding/deadlines.ts'
import type { Runtime } from '../../infra/commanding/execute.ts'
import { deadlinesIn } from '../../projections/processes/due.ts'
import { processesProjection } from '../../projections/processes/projection.ts'
import { openFollower } from '../../projections/runner/follower.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'
import { performDue } from './process/parts.ts'

const REACHED_MS = 2_000

/** Carries out what is due of these processes, by the rows that this or another process folds. */
export function parkDeadlines(runtime: Runtime, pool: pg.Pool, processes: readonly ProcessManager[]): DeadlineRunner {
  const follower = openFollower({ pool, projections: [processesProjection] })
  return openDeadlineRunner(runtime, {
    deadlines: deadlinesIn(pool, (position) => follower.waitFor(position, REACHED_MS)),
    processes,
    perform: performDue,
  })
}
