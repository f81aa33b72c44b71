import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Projection } from '../projection.ts'
import { readPositions } from './checkpoints.ts'
import type { Runner } from './runner.ts'

const POLL_MS = 20

/** How far the rows are, for a process that serves queries and folds nothing: the checkpoints tell, because they move with the rows. */
export function openFollower({
  pool,
  projections,
  schema = 'rm',
}: {
  readonly pool: pg.Pool
  readonly projections: readonly Pick<Projection, 'name'>[]
  readonly schema?: string
}): Pick<Runner, 'position' | 'waitFor'> {
  async function position(projection?: string): Promise<number> {
    const names = projections.map(({ name }) => name).filter((name) => projection === undefined || name === projection)
    const positions = await readPositions(pool, schema, names)
    return Math.min(...names.map((name) => positions.get(name) ?? 0))
  }

  return {
    position,
    async waitFor(wanted, timeoutMs, projection) {
      const until = performance.now() + timeoutMs
      while ((await position(projection)) < wanted) {
        const left = until - performance.now()
        if (left <= 0) return false
        await pause(Math.min(left, POLL_MS))
      }
      return true
    },
  }
}
