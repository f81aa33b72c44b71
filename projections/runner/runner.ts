import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import type { Feed } from '../../infra/kafka/feed/feed.ts'
import { becomeLeader, LOCK_SPACES } from '../../infra/postgres/leadership.ts'
import type { Projection } from '../projection.ts'
import { ForeignEpoch, readCheckpoint, readParked, type Parked } from './checkpoints.ts'
import { openKeeper } from './keeper.ts'
import { openLane, type Lane } from './lane.ts'
import { pagePool } from './page-transaction.ts'
import { prepareTables } from './prepare.ts'
import { keepUnreadable, readUnreadable, type KeptRecord } from './unreadable.ts'
import { inTransaction } from './transaction.ts'

export interface RunnerOptions {
  readonly store: EventStore
  readonly databaseUrl: string
  readonly projections: readonly Projection[]
  /** Where the log is read from: by default the store itself. */
  readonly feed?: Feed | undefined
  /** Schema of the read models. */
  readonly schema?: string
  /** Events a transaction. */
  readonly pageSize?: number
  /** Told of faults that are tried again and of events that were parked. */
  readonly onFault?: (fault: unknown) => void
}

/** How far a projection is behind the log. */
export interface Lag {
  readonly projection: string
  readonly position: Position
  readonly events: number
  /** Age of the oldest event that is not in the rows yet, seconds; 0 where none is missing. */
  readonly seconds: number
  readonly parked: number
}

export interface Runner {
  /** Waits until the rows hold everything up to `position`; false if they did not within `timeoutMs`. */
  waitFor(position: Position, timeoutMs: number, projection?: string): Promise<boolean>
  /** Position that the rows of a projection (of all: the least) are at. */
  position(projection?: string): Promise<Position>
  lags(): Promise<readonly Lag[]>
  parked(): Promise<readonly Parked[]>
  /** Records of Kafka that were none of this code's events. What they should have told was read from the store instead. */
  unreadable(): Promise<readonly KeptRecord[]>
  /** Folds parked events again, in this process if it leads. Answers how many found their way into the rows. */
  replayParked(): Promise<number>
  /** Calls `listener` after every committed page with the projection and its position. Answers how to stop that. */
  onAdvance(listener: (projection: string, position: Position) => void): () => void
  /** Whether this process is the one that folds. */
  leads(): boolean
  stop(): Promise<void>
  /** Settles when the runner was stopped; rejects with a fault that trying again cannot mend (ForeignEpoch). */
  readonly done: Promise<void>
}

const PAGE = 3_000
const POLL_MS = 20
const BACKOFF_MS = [50, 250, 1_000, 5_000]

/** The store's own subscription as a feed. */
const storeFeed = (store: EventStore): Feed => ({
  follow: ({ after }, onPage, options) => store.subscribe(after, (events) => onPage({ events, offsets: [] }), options),
})

/** Folds the log into rows for as long as it is not stopped. Of several processes one folds; the others serve queries and stand by. */
export async function openRunner({
  store,
  databaseUrl,
  projections,
  feed = storeFeed(store),
  schema = 'rm',
  pageSize = PAGE,
  onFault = () => undefined,
}: RunnerOptions): Promise<Runner> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: projections.length + 12 })
  const pages = pagePool(databaseUrl, projections.length)
  for (const one of [pool, pages]) one.on('error', onFault)
  await prepareTables(pool, schema, projections, store)

  const stopping = new AbortController()
  const listeners = new Set<(projection: string, position: Position) => void>()
  let lanes: readonly Lane[] = []

  /** One term of leadership: claims every checkpoint and folds until stopped, deposed or out of luck. */
  async function lead(lost: AbortSignal): Promise<void> {
    const epoch = await store.epoch()
    const keepers = await Promise.all(projections.map((projection) => openKeeper({ pool, pages, schema, projection, storeEpoch: epoch })))
    lanes = keepers.map((keeper) =>
      openLane(keeper, pageSize, () => {
        for (const listener of listeners) listener(keeper.projection.name, keeper.position())
      }),
    )
    const term = lanes
    // Whoever is least far says where to begin, and its own offsets say where that is in Kafka.
    const [hindmost] = keepers.toSorted((a, b) => a.position() - b.position())
    const start = { after: hindmost?.position() ?? 0, offsets: hindmost?.offsets() ?? [] }
    const subscription = feed.follow(start, (page) => Promise.all(term.map((lane) => lane.give(page))).then(() => undefined), {
      pageSize,
      onUnreadable: (record) => keepUnreadable(pool, schema, record),
    })
    const stop = () => void subscription.stop()
    const end = AbortSignal.any([lost, stopping.signal])
    end.addEventListener('abort', stop)
    try {
      if (end.aborted) stop()
      // A lane that ended is no reason to wait for the next page.
      await Promise.race([subscription.done, ...term.map((lane) => lane.done)])
    } finally {
      end.removeEventListener('abort', stop)
      await Promise.all([subscription.stop(), ...term.map((lane) => lane.stop())])
      lanes = []
    }
  }

  // A lock for each projection: runners of different groups fold side by side, one of all of them waits for every group.
  const candidacy = {
    connectionString: databaseUrl,
    space: LOCK_SPACES.projections,
    names: projections.map(({ name }) => `${schema} ${name}`),
    until: stopping.signal,
  }

  async function run(): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; ) {
      const leadership = await becomeLeader(candidacy)
      if (!leadership) return
      const began = performance.now()
      try {
        await lead(leadership.lost)
      } catch (fault) {
        if (fault instanceof ForeignEpoch) throw fault
        onFault(fault)
        tries = performance.now() - began > 10_000 ? 0 : tries + 1
        await pause(BACKOFF_MS[Math.min(tries, BACKOFF_MS.length) - 1] ?? 50, undefined, { signal: stopping.signal }).catch(() => undefined)
      } finally {
        await leadership.release()
      }
    }
  }

  const checkpointOf = async (name: string): Promise<Position> => (await readCheckpoint(pool, schema, name))?.position ?? 0
  const named = (projection?: string) => projections.filter(({ name }) => projection === undefined || name === projection)
  // What this process folds it knows by itself; of what another one folds, the checkpoints tell.
  async function position(projection?: string): Promise<Position> {
    const own = lanes.map(({ keeper }) => keeper).filter((keeper) => projection === undefined || keeper.projection.name === projection)
    const positions = own.length > 0 ? own.map((keeper) => keeper.position()) : await Promise.all(named(projection).map(({ name }) => checkpointOf(name)))
    return Math.min(...positions)
  }
  const onAdvance: Runner['onAdvance'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  const done = run()
  done.catch(() => undefined)

  return {
    done,
    position,
    onAdvance,
    leads: () => lanes.length > 0,
    async waitFor(wanted, timeoutMs, projection) {
      const until = performance.now() + timeoutMs
      while ((await position(projection)) < wanted) {
        const left = until - performance.now()
        if (left <= 0 || stopping.signal.aborted) return false
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
      const head = await store.head()
      return Promise.all(
        projections.map(async ({ name }) => {
          const at = await checkpointOf(name)
          const [oldest] = at < head ? await store.readAll(at, 1) : []
          const { length: parked } = await readParked(pool, schema, name)
          return {
            projection: name,
            position: at,
            events: Math.max(0, head - at),
            seconds: oldest ? Math.max(0, (Date.now() - Date.parse(oldest.recordedAt)) / 1_000) : 0,
            parked,
          }
        }),
      )
    },
    async parked() {
      return (await Promise.all(projections.map(({ name }) => inTransaction(pool, (client) => readParked(client, schema, name))))).flat()
    },
    unreadable: () => readUnreadable(pool, schema),
    async replayParked() {
      const replayed = await Promise.all(lanes.map((lane) => lane.between(() => lane.keeper.replay(async (at) => (await store.readAll(at - 1, 1))[0]))))
      return replayed.reduce((sum, events) => sum + events, 0)
    },
    async stop() {
      stopping.abort()
      await done.catch(() => undefined)
      await Promise.all([pool, pages].filter((one) => !one.ending).map((one) => one.end()))
    },
  }
}
