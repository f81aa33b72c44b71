import { setTimeout as pause } from 'node:timers/promises'
import type { EventStore, Subscription } from '../../infra/event-store/port.ts'
import { nameOf } from '../../infra/feed/merge.ts'
import type { Claim, Share } from '../../infra/feed/partitioned.ts'
import type { TopicPartition, TopicSpecification } from '../../infra/kafka/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { channelOf } from '../../schemas/integration/messages.ts'
import type { Projection } from '../projection.ts'
import { ForeignEpoch, insertPartitions, type Parked } from './checkpoints.ts'
import { openKeeper } from './keeper.ts'
import { openLane, type Lane } from './lane.ts'
import { pagePool } from './page-transaction.ts'
import { prepareTables } from './prepare.ts'
import type { Runner } from './runner.ts'
import { openReporting } from './reporting.ts'
import { inTransaction } from './transaction.ts'
import { keepUnreadable } from './unreadable.ts'

export interface PartitionedRunnerOptions {
  readonly store: EventStore
  readonly databaseUrl: string
  /** Only such as fold by stream: the events of a stream come in their order, those of the log do not. */
  readonly projections: readonly Projection[]
  readonly topics: readonly TopicSpecification[]
  /** Joins the group and follows what it is given. */
  readonly follow: (share: Share) => Subscription
  readonly schema?: string
  /** Events a transaction. */
  readonly pageSize?: number
  readonly onFault?: (fault: unknown) => void
  /** Called with every event that a fold failed on, once it is parked. */
  readonly onParked?: (parked: Parked) => void
}

const PAGE = 3_000
const WRITERS = 6
const BACKOFF_MS = [50, 250, 1_000, 5_000]

const partitionsOf = (topics: readonly TopicSpecification[]): readonly TopicPartition[] =>
  topics.flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  )

/** Whether a projection reads anything of that topic. */
const reads = ({ handles }: Projection, { topic }: TopicPartition): boolean =>
  handles.some((type) => topic.endsWith(`.${channelOf(type)}`))

/**
 * Folds by partitions, shared with all members of a consumer group: every partition of every projection has a checkpoint of its own, which is claimed
 * when the group assigns it. The claim raises the fence, so that the page a former owner has under way cannot be committed any more.
 */
export async function openPartitionedRunner({
  store,
  databaseUrl,
  projections,
  topics,
  follow,
  schema = 'rm',
  pageSize = PAGE,
  onFault = () => undefined,
  onParked,
}: PartitionedRunnerOptions): Promise<Runner> {
  const pool = openPool({ connectionString: databaseUrl, max: 8 }, onFault)
  const pages = pagePool(databaseUrl, WRITERS, onFault)
  await prepareTables(pool, schema, projections, store)

  const stopping = new AbortController()
  const lanes = new Map<string, readonly Lane[]>()
  const { advanced, ...reporting } = openReporting({
    pool,
    schema,
    store,
    names: projections.map(({ name }) => name),
    stopping: stopping.signal,
  })

  async function release(partitions: readonly TopicPartition[]): Promise<void> {
    const left = partitions.flatMap((partition) => lanes.get(nameOf(partition)) ?? [])
    for (const partition of partitions) lanes.delete(nameOf(partition))
    await Promise.all(left.map((lane) => lane.stop()))
  }

  async function claim(partition: TopicPartition, epoch: string, fail: (fault: unknown) => void): Promise<Claim> {
    const readers = projections.filter((projection) => reads(projection, partition))
    const keepers = await Promise.all(
      readers.map((projection) =>
        openKeeper({ pool, pages, schema, projection, store, storeEpoch: epoch, partition, onParked }),
      ),
    )
    const own = keepers.map((keeper) =>
      openLane(keeper, pageSize, () => advanced(keeper.projection.name, keeper.position())),
    )
    lanes.set(nameOf(partition), own)
    // A lane that was released ends without a fault; one that fails before is the end of the term.
    for (const lane of own) lane.done.catch((fault: unknown) => lanes.get(nameOf(partition)) === own && fail(fault))
    const offsets = keepers.map(
      (keeper) =>
        keeper.offsets().find((offset) => nameOf(offset) === nameOf(partition) && offset.epoch === epoch)?.next,
    )
    return {
      ...partition,
      after: Math.min(...keepers.map((keeper) => keeper.position())),
      next: offsets.some((next) => next === undefined) ? undefined : Math.min(...offsets.map(Number)),
      give: (page) => Promise.all(own.map((lane) => lane.give(page))).then(() => undefined),
    }
  }

  /** One term in the group, until stopped or out of luck. */
  async function lead(): Promise<void> {
    const epoch = await store.epoch()
    let fail: (fault: unknown) => void = () => undefined
    const failed = new Promise<never>((_, reject) => {
      fail = reject
    })
    failed.catch(() => undefined)
    const subscription = follow({
      async claim(partitions) {
        await release([...lanes.values()].flatMap((own) => own.flatMap(({ keeper }) => keeper.partition ?? [])))
        await inTransaction(pool, async (client) => {
          for (const projection of projections)
            await insertPartitions(
              client,
              schema,
              projection.name,
              partitionsOf(topics).filter((partition) => reads(projection, partition)),
            )
        })
        return Promise.all(partitions.map((partition) => claim(partition, epoch, fail)))
      },
      release: (partitions) => void release(partitions),
      onUnreadable: (record) => keepUnreadable(pool, schema, record),
    })
    const stop = () => void subscription.stop()
    stopping.signal.addEventListener('abort', stop)
    try {
      if (stopping.signal.aborted) stop()
      await Promise.race([subscription.done, failed])
    } finally {
      stopping.signal.removeEventListener('abort', stop)
      await Promise.all([subscription.stop(), ...[...lanes.values()].flat().map((lane) => lane.stop())])
      lanes.clear()
    }
  }

  async function run(): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; ) {
      const began = performance.now()
      try {
        await lead()
      } catch (fault) {
        if (fault instanceof ForeignEpoch) throw fault
        onFault(fault)
        tries = performance.now() - began > 10_000 ? 0 : tries + 1
        await pause(BACKOFF_MS[Math.min(tries, BACKOFF_MS.length) - 1] ?? 50, undefined, {
          signal: stopping.signal,
        }).catch(() => undefined)
      }
    }
  }

  const done = run()
  done.catch(() => undefined)

  return {
    done,
    ...reporting,
    leads: () => lanes.size > 0,
    async replayParked() {
      const all = [...lanes.values()].flat()
      const replayed = await Promise.all(
        all.map((lane) => lane.between(() => lane.keeper.replay(async (at) => (await store.readAll(at - 1, 1))[0]))),
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
