import { settle } from '../../infra/commanding/settle.ts'
import { processesProjection } from '../../projections/processes/projection.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { parkDeadlines } from './deadlines.ts'
import type { Park } from './open.ts'
import { policies, processes } from './process/parts.ts'

/** Whose mark the caretaker of a park in one process keeps. */
export const PARK_CARE = 'park'

/**
 * Makes up for whatever a process of this park left out when it died, and carries out what is due. Deadlines are folded by the process that
 * folds the park's rows, or by this one where none does.
 */
export async function settlePark({
  runtime,
  pool,
  store,
  databaseUrl,
}: Pick<Park, 'runtime' | 'pool' | 'store' | 'databaseUrl'>): Promise<void> {
  const runner = await openRunner({ store, databaseUrl, projections: [processesProjection] })
  try {
    await runner.waitFor(await store.head(), FOLDED_MS)
    await settle(runtime, { service: PARK_CARE, pool, policies, deadlines: parkDeadlines(runtime, pool, processes) })
  } finally {
    await runner.stop()
  }
}

const FOLDED_MS = 60_000
