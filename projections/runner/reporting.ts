import type pg from 'pg'
import { behind, type Behind } from '../../infra/event-store/behind.ts'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import { readParked, readPositions, type Parked } from './checkpoints.ts'
import { inTransaction } from './transaction.ts'
import { readUnreadable, type KeptRecord } from './unreadable.ts'

/** How far a projection is behind the log. */
export interface Lag extends Behind {
  readonly projection: string
  readonly position: Position
  readonly parked: number
}

/** What a runner says of its rows, whoever folds them. */
export interface Reporting {
  /** Position that the rows of a projection (of all: the least) are at. */
  position(projection?: string): Promise<Position>
  /** Waits until the rows hold everything up to `position`; false if they did not within `timeoutMs`. */
  waitFor(position: Position, timeoutMs: number, projection?: string): Promise<boolean>
  lags(): Promise<readonly Lag[]>
  parked(): Promise<readonly Parked[]>
  /** Records of Kafka that were none of this code's events. What they should have told was read from the store instead. */
  unreadable(): Promise<readonly KeptRecord[]>
  /** Calls `listener` after every committed page with the projection and its position. Answers how to stop that. */
  onAdvance(listener: (projection: string, position: Position) => void): () => void
}

export interface ReportingOptions {
  readonly pool: pg.Pool
  readonly schema: string
  readonly store: Pick<EventStore, 'readAll'>
  /** Names of the projections. */
  readonly names: readonly string[]
  /** What this process folds it knows by itself; of what another one folds, the checkpoints tell. */
  readonly own?: (projection?: string) => readonly Position[]
  readonly stopping: AbortSignal
}

const POLL_MS = 20

export function openReporting({ pool, schema, store, names, own = () => [], stopping }: ReportingOptions): Reporting & {
  advanced(projection: string, position: Position): void
} {
  const listeners = new Set<(projection: string, position: Position) => void>()

  async function position(projection?: string): Promise<Position> {
    const known = own(projection)
    if (known.length > 0) return Math.min(...known)
    const asked = names.filter((name) => projection === undefined || name === projection)
    const positions = await readPositions(pool, schema, asked)
    return Math.min(...asked.map((name) => positions.get(name) ?? 0))
  }

  function onAdvance(listener: (projection: string, position: Position) => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    position,
    onAdvance,
    advanced(projection, to) {
      for (const listener of listeners) listener(projection, to)
    },
    async waitFor(wanted, timeoutMs, projection) {
      const until = performance.now() + timeoutMs
      // A database that is away for a moment is no answer.
      while ((await position(projection).catch(() => -1)) < wanted) {
        const left = until - performance.now()
        if (left <= 0 || stopping.aborted) return false
        await new Promise<void>((resolve) => {
          const wake = () => {
            clearTimeout(timer)
            forget()
            resolve()
          }
          const timer = setTimeout(wake, Math.min(left, POLL_MS))
          const forget = onAdvance(wake)
        })
      }
      return true
    },
    async lags() {
      const positions = await readPositions(pool, schema, names)
      return Promise.all(
        names.map(async (name) => {
          const at = positions.get(name) ?? 0
          const { length: parked } = await readParked(pool, schema, name)
          return { projection: name, position: at, ...(await behind(store, at)), parked }
        }),
      )
    },
    async parked() {
      return (
        await Promise.all(names.map((name) => inTransaction(pool, (client) => readParked(client, schema, name))))
      ).flat()
    },
    unreadable: () => readUnreadable(pool, schema),
  }
}
