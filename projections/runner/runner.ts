import { setTimeout as pause } from 'node:timers/promises'
import type { EventStore, Position } from '../../infra/event-store/port.ts'
import type { Feed, Page } from '../../infra/feed/feed.ts'
import { becomeLeader, LOCK_SPACES } from '../../infra/postgres/leadership.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import type { Projection } from '../projection.ts'
import { ForeignEpoch, type Parked } from './checkpoints.ts'
import { openKeeper } from './keeper.ts'
import { openLane, type Lane } from './lane.ts'
import { pagePool } from './page-transaction.ts'
import { prepareTables } from './prepare.ts'
import { openReporting, type Reporting } from './reporting.ts'
import { keepUnreadable } from './unreadable.ts'

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
  /** Called with faults that are tried again. */
  readonly onFault?: (fault: unknown) => void
  /** Called with every event that a fold failed on, once it is parked. */
  readonly onParked?: (parked: Parked) => void
  /** Called when this process begins to fold, with the position of each projection, and without when it folds no longer. */
  readonly onLeading?: (positions?: ReadonlyMap<string, Position>) => void
}

export interface Runner extends Reporting {
  /** Folds parked events again, in this process if it leads. Answers how many found their way into the rows. */
  replayParked(): Promise<number>
  /** Whether this process is the one that folds. */
  leads(): boolean
  stop(): Promise<void>
  /** Settles when the runner was stopped; rejects with a fault that trying again cannot mend (ForeignEpoch). */
  readonly done: Promise<void>
}

const PAGE = 3_000
/**
 * Time between two short pages, milliseconds: as long as writing the last one took, within these bounds. Pages then grow with the load instead of
 * coming as fast as they can be written, and writing them takes about half of the time.
 */
const GATHER_MS = { least: 5, most: 40 } as const
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
  onParked,
  onLeading = () => undefined,
}: RunnerOptions): Promise<Runner> {
  const pool = openPool({ connectionString: databaseUrl, max: projections.length + 12 }, onFault)
  const pages = pagePool(databaseUrl, projections.length, onFault)
  await prepareTables(pool, schema, projections, store)

  const stopping = new AbortController()
  let lanes: readonly Lane[] = []
  const own = (projection?: string) =>
    lanes
      .filter(({ keeper }) => projection === undefined || keeper.projection.name === projection)
      .map(({ keeper }) => keeper.position())
  const { advanced, ...reporting } = openReporting({
    pool,
    schema,
    store,
    names: projections.map(({ name }) => name),
    own,
    stopping: stopping.signal,
  })

  /** One term of leadership: claims every checkpoint and folds until stopped, deposed or out of luck. */
  async function lead(lost: AbortSignal): Promise<void> {
    const epoch = await store.epoch()
    const keepers = await Promise.all(
      projections.map((projection) =>
        openKeeper({ pool, pages, schema, projection, store, storeEpoch: epoch, onParked }),
      ),
    )
    lanes = keepers.map((keeper) =>
      openLane(keeper, pageSize, () => advanced(keeper.projection.name, keeper.position())),
    )
    const term = lanes
    onLeading(new Map(keepers.map(({ projection, position }) => [projection.name, position()])))
    // Whoever is least far says where to begin, and its own offsets say where that is in Kafka.
    const [hindmost] = keepers.toSorted((a, b) => a.position() - b.position())
    const start = { after: hindmost?.position() ?? 0, offsets: hindmost?.offsets() ?? [] }
    const give = async (page: Page) => {
      const took = Math.max(...term.map((lane) => lane.took()))
      const gathering = Math.min(GATHER_MS.most, Math.max(GATHER_MS.least, took))
      const gathered = page.events.length < pageSize ? pause(gathering) : undefined
      await Promise.all([...term.map((lane) => lane.give(page)), gathered])
    }
    const subscription = feed.follow(start, give, {
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
      onLeading()
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
        await pause(BACKOFF_MS[Math.min(tries, BACKOFF_MS.length) - 1] ?? 50, undefined, {
          signal: stopping.signal,
        }).catch(() => undefined)
      } finally {
        await leadership.release()
      }
    }
  }

  const done = run()
  done.catch(() => undefined)

  return {
    done,
    ...reporting,
    leads: () => lanes.length > 0,
    async replayParked() {
      const replayed = await Promise.all(
        lanes.map((lane) => lane.between(() => lane.keeper.replay(async (at) => (await store.readAll(at - 1, 1))[0]))),
      )
      return replayed.reduce((sum, events) => sum + events, 0)
    },
    async stop() {
      stopping.abort()
      await done.catch(() => undefined)
      await Promise.all([pool, pages].filter((one) => !one.ending).map((one) => one.end()))
    },
  }
}
