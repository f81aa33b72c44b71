import type { EventStore } from '../../infra/event-store/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { fromIntegration } from '../../schemas/integration/cloud-event.ts'
import type { Projection } from '../projection.ts'
import { NotOwner, readParked, readPositions } from './checkpoints.ts'
import { openKeeper } from './keeper.ts'
import { pagePool } from './page-transaction.ts'
import { forgetUnreadable, readUnreadableBytes } from './unreadable.ts'

export interface ReplayOptions {
  readonly databaseUrl: string
  readonly store: EventStore
  readonly projections: readonly Projection[]
  readonly schema?: string
}

export interface Replayed {
  /** Parked events that found their way into the rows, and those that still do not. */
  readonly replayed: number
  readonly parked: number
  /** Records that nobody could read: those whose event is in the rows by now are let go. */
  readonly settled: number
  readonly unreadable: number
}

const TRIES = 20

/** `lots@wufei.lots/3`: the partition of a checkpoint, where it is of one. */
function partitionIn(checkpoint: string): { readonly topic: string; readonly partition: number } | undefined {
  const [, topic, partition] = /@(.+)\/(\d+)$/.exec(checkpoint) ?? []
  return topic === undefined ? undefined : { topic, partition: Number(partition) }
}

/**
 * Folds what is parked once more, whoever folds the rows at the time: this claims the checkpoints for a moment, and their owner, who finds itself
 * deposed, claims them back and goes on with what is parked then.
 */
export async function replayParked({
  databaseUrl,
  store,
  projections,
  schema = 'rm',
}: ReplayOptions): Promise<Replayed> {
  const pool = openPool({ connectionString: databaseUrl, max: 2 })
  const pages = pagePool(databaseUrl, 1)
  try {
    const storeEpoch = await store.epoch()
    let replayed = 0
    for (const projection of projections) {
      const checkpoints = new Set((await readParked(pool, schema, projection.name)).map((parked) => parked.projection))
      for (const checkpoint of checkpoints) replayed += await replayOne(projection, checkpoint)
    }
    const settled = await settle()
    const parked = (await Promise.all(projections.map(({ name }) => readParked(pool, schema, name)))).flat()
    const unreadable = await readUnreadableBytes(pool, schema)
    return { replayed, parked: parked.length, settled, unreadable: unreadable.length }

    async function replayOne(projection: Projection, checkpoint: string): Promise<number> {
      const partition = partitionIn(checkpoint)
      for (let tries = 1; ; tries++) {
        try {
          const keeper = await openKeeper({
            pool,
            pages,
            schema,
            projection,
            store,
            storeEpoch,
            ...(partition ? { partition } : {}),
          })
          return await keeper.replay(async (at) => (await store.readAll(at - 1, 1))[0])
        } catch (fault) {
          if (!(fault instanceof NotOwner) || tries >= TRIES) throw fault
        }
      }
    }
  } finally {
    await Promise.all([pool.end(), pages.end()])
  }

  /** What such a record should have told was read from the store, where it is known what that was. */
  async function settle(): Promise<number> {
    const reached = Math.min(
      ...(
        await readPositions(
          pool,
          schema,
          projections.map(({ name }) => name),
        )
      ).values(),
    )
    const settled = (await readUnreadableBytes(pool, schema)).filter(({ position, value }) => {
      const told = position ?? positionIn(value)
      return told !== undefined && told <= reached
    })
    for (const record of settled) await forgetUnreadable(pool, schema, record)
    return settled.length
  }
}

/** Position of the event in bytes that this code can read, though the one that met them could not. */
function positionIn(value: Buffer | null): number | undefined {
  try {
    const restored = fromIntegration(JSON.parse(value?.toString('utf8') ?? ''))
    return restored.ok ? restored.event.position : undefined
  } catch {
    return undefined
  }
}
