import pg from 'pg'
import type { EventType } from '../../schemas/streams.ts'
import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Page } from '../../infra/feed/feed.ts'
import type { PartitionOffset } from '../../infra/feed/merge.ts'
import type { TopicPartition } from '../../infra/kafka/port.ts'
import { isEventType } from '../../schemas/integration/messages.ts'
import type { Changes, Folding, Projection, Rows } from '../projection.ts'
import {
  advanceCheckpoint,
  claimCheckpoint,
  dropPartitions,
  ForeignEpoch,
  park,
  partitionCheckpoint,
  readOffsets,
  readParked,
  unpark,
  type Parked,
} from './checkpoints.ts'
import { inTwoFlights } from './page-transaction.ts'
import { openPast } from './past.ts'
import { foldFailed, isPoison } from './poison.ts'
import { rowsIn, RowsUnreadable, writesOf, type Client } from './statements.ts'
import { inTransaction } from './transaction.ts'

/** Carries one projection on, page by page, for as long as its fence holds. */
export interface Keeper {
  readonly projection: Projection
  readonly partition: TopicPartition | undefined
  /** Position up to which its rows are committed. The checkpoint may be behind it by events that change no row. */
  position(): number
  /** Offsets that belong to that position. */
  offsets(): readonly PartitionOffset[]
  /** Goes past the page if it holds nothing of concern, and leaves the checkpoint for later; false where it must be taken. */
  pass(page: Page): boolean
  /** Brings the checkpoint to the position. @throws NotOwner, or whatever the database throws. */
  settle(): Promise<void>
  /** Folds what is new in the page and commits it, with where the reading goes on behind it. @throws NotOwner, or whatever the database throws. */
  take(page: Page): Promise<void>
  /** Folds parked events again, stream by stream; those that fail once more stay. Answers how many found their way. */
  replay(eventAt: (position: number) => Promise<RecordedEvent | undefined>): Promise<number>
}

const MESSAGE = 2_000
const DEADLOCK = '40P01'
const DEADLOCKS = 10

export interface KeeperOptions {
  readonly pool: pg.Pool
  /** Where pages are written (`pagePool`). */
  readonly pages: pg.Pool
  readonly schema: string
  readonly projection: Projection
  /** Where a fold reads what its streams held before. */
  readonly store: EventStore
  readonly storeEpoch: string
  /** The one partition that is kept, where the projection is folded by partitions. */
  readonly partition?: TopicPartition
  /** Called for every event that a fold failed on, once it is committed as parked; not for those that wait behind it. */
  readonly onParked?: ((parked: Parked) => void) | undefined
}

export async function openKeeper({
  pool,
  pages,
  schema,
  projection,
  store,
  storeEpoch,
  partition,
  onParked = () => undefined,
}: KeeperOptions): Promise<Keeper> {
  const name = partition ? partitionCheckpoint(projection.name, partition) : projection.name
  const handles = new Set<string>(projection.handles satisfies readonly EventType[])
  const claimed = await inTransaction(pool, async (client) => {
    if (!partition) await dropPartitions(client, schema, name)
    const checkpoint = await claimCheckpoint(client, schema, name)
    if (checkpoint.storeEpoch !== storeEpoch)
      throw new ForeignEpoch(
        `${name} was folded from the log ${checkpoint.storeEpoch}, but this is ${storeEpoch}: run a rebuild`,
      )
    return {
      ...checkpoint,
      parked: await readParked(client, schema, projection.name),
      offsets: await readOffsets(client, schema, name),
    }
  })
  const { fence } = claimed
  let { position, offsets } = claimed
  // Where the checkpoint is: what lies between it and the position changes no row, so whoever begins at it comes to the same rows.
  let settled = position
  let folding: Folding = projection.open()
  // Where a projection went over to partitions, what was parked before holds its streams back still.
  const held = new Map<string, number>()
  for (const { stream, position: at } of claimed.parked) if (!held.has(stream)) held.set(stream, at)

  /** To the rows, nothing has happened in a stream from its first parked event on, but for what is folded now. */
  const pastUpTo = (to: number, events: readonly RecordedEvent[]) => {
    const folding_ = new Set(held.size === 0 ? [] : events.map(({ position: at }) => at))
    return openPast(store, {
      upTo: Math.max(to, position),
      happened: ({ stream, position: at }) => at < (held.get(stream) ?? Number.POSITIVE_INFINITY) || folding_.has(at),
    })
  }

  async function folded(to: number, events: readonly RecordedEvent[], rows: Rows): Promise<readonly Changes[]> {
    try {
      const strange = events.find(({ type }) => !isEventType(type))
      if (strange) throw new Error(`${strange.type} is no event that this code knows`)
      return events.length === 0 ? [] : await folding.fold(events, rows, pastUpTo(to, events))
    } catch (cause) {
      if (cause instanceof RowsUnreadable) throw cause
      throw foldFailed(cause)
    }
  }

  /** One transaction: the fence, the rows, and what is parked. What the folding keeps is void if it fails. */
  async function attempt(
    to: number,
    events: readonly RecordedEvent[],
    parked: readonly Parked[],
    {
      noting = [],
      also,
    }: { readonly noting?: readonly PartitionOffset[]; readonly also?: (client: Client) => Promise<void> },
  ): Promise<void> {
    try {
      // With no rows the checkpoint is all there is to write, and a statement alone is a transaction.
      if (events.length === 0 && parked.length === 0 && !also)
        await advanceCheckpoint(pages, schema, name, { position: settled, fence }, to, noting)
      else
        await inTwoFlights(
          pages,
          async (client) => {
            const [fenced, changes] = await Promise.allSettled([
              advanceCheckpoint(client, schema, name, { position: settled, fence }, to, noting),
              folded(to, events, rowsIn(client, schema)),
            ])
            // Without the fence nothing that was read or folded says anything.
            for (const one of [fenced, changes]) if (one.status === 'rejected') throw one.reason
            return changes.status === 'fulfilled' ? changes.value : []
          },
          (client, changes) => [
            ...writesOf(schema, changes).map((write) => client.query(write)),
            park(client, schema, parked),
            ...(also ? [also(client)] : []),
          ],
        )
    } catch (fault) {
      folding = projection.open()
      throw fault
    }
    moveTo(to, noting)
    settled = to
  }

  function moveTo(to: number, noting: readonly PartitionOffset[]): void {
    position = to
    if (noting.length > 0) offsets = noting
  }

  /** Partitions may write the same row (who has to do with whom), each in its own order: where two wait for each other, one is sent back by the database. */
  async function commit(
    to: number,
    events: readonly RecordedEvent[],
    parked: readonly Parked[],
    more: Parameters<typeof attempt>[3] = {},
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(to, events, parked, more)
      } catch (fault) {
        if (!(fault instanceof pg.DatabaseError && fault.code === DEADLOCK) || tries >= DEADLOCKS) throw fault
      }
    }
  }

  // What nobody knows may be of anybody's concern: it is parked until somebody does.
  const concerns = (event: RecordedEvent): boolean =>
    handles.has(event.type) ? (projection.concerns?.(event) ?? true) : !isEventType(event.type)
  const waiting = ({ position: at, stream }: RecordedEvent): Parked => ({
    projection: name,
    position: at,
    stream,
    error: '',
    attempts: 0,
  })

  async function takeOneByOne(page: readonly RecordedEvent[]): Promise<void> {
    for (const event of page) {
      const concerned = concerns(event)
      try {
        if (concerned && held.has(event.stream)) await commit(event.position, [], [waiting(event)])
        else await commit(event.position, concerned ? [event] : [], [])
      } catch (fault) {
        if (!isPoison(fault)) throw fault
        const parked = { ...waiting(event), error: messageOf(fault), attempts: 1 }
        await commit(event.position, [], [parked])
        held.set(event.stream, event.position)
        onParked(parked)
      }
    }
  }

  return {
    projection,
    partition,
    position: () => position,
    offsets: () => offsets,

    pass({ events, offsets: noting, upTo = 0 }) {
      if (events.some((event) => event.position > position && concerns(event))) return false
      const to = Math.max(events.at(-1)?.position ?? 0, upTo)
      if (to > position) moveTo(to, noting)
      return true
    },

    async settle() {
      if (settled < position) await commit(position, [], [], { noting: offsets })
    },

    async take({ events, offsets: noting, upTo = 0 }) {
      const fresh = events.filter((event) => event.position > position)
      const last = fresh.at(-1)
      const to = Math.max(last?.position ?? 0, upTo)
      if (to <= position) return
      const concerned = fresh.filter(concerns)
      const free = held.size === 0 ? concerned : concerned.filter(({ stream }) => !held.has(stream))
      const behind = held.size === 0 ? [] : concerned.filter(({ stream }) => held.has(stream)).map(waiting)
      try {
        await commit(to, free, behind, { noting })
      } catch (fault) {
        if (!isPoison(fault)) throw fault
        // Only the event that fails is set aside, so the page is folded again event by event.
        await takeOneByOne(fresh)
        await commit(to, [], [], { noting })
      }
    },

    async replay(eventAt) {
      const parked = await inTransaction(pool, (client) => readParked(client, schema, name))
      let replayed = 0
      for (const stream of new Set(parked.map((event) => event.stream))) {
        const waits = parked.filter((event) => event.stream === stream)
        const events = (await Promise.all(waits.map((event) => eventAt(event.position)))).filter(
          (event) => event !== undefined,
        )
        try {
          const positions = waits.map((event) => event.position)
          await commit(position, events, [], { also: (client) => unpark(client, schema, name, positions) })
          held.delete(stream)
          replayed += events.length
        } catch (fault) {
          if (!isPoison(fault)) throw fault
          const [first] = waits
          if (first) await commit(position, [], [{ ...first, error: messageOf(fault) }])
        }
      }
      return replayed
    },
  }
}

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault)).slice(0, MESSAGE)
