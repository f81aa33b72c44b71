import type { PartitionOffset } from '../../infra/feed/merge.ts'
import type { TopicPartition } from '../../infra/kafka/port.ts'
import { qualified, type Client } from './statements.ts'
import { plainTypes } from './types.ts'
import { createUnreadableTable } from './unreadable.ts'

/** How far a projection is, and who may carry it on. */
export interface Checkpoint {
  readonly version: number
  readonly storeEpoch: string
  readonly position: number
  readonly fence: number
}

/** An event that a fold failed on, or one of the same stream that waits behind it (`error` is then empty). */
export interface Parked {
  readonly projection: string
  readonly position: number
  readonly stream: string
  readonly error: string
  readonly attempts: number
}

/** Another process carries this projection on, or its tables were swapped: what was folded here is void. */
export class NotOwner extends Error {
  override readonly name = 'NotOwner'
}

/** The log is another one than the one the rows were folded from (restored from a backup): nothing but a rebuild helps. */
export class ForeignEpoch extends Error {
  override readonly name = 'ForeignEpoch'
}

/** Creates the runner's own tables; a projection's own come with its first checkpoint. */
export async function createRunnerTables(client: Client, schema: string): Promise<void> {
  await client.query({
    text: `create schema if not exists "${schema}";
      create table if not exists ${qualified(schema, 'checkpoint')} (
        projection text primary key,
        version integer not null,
        store_epoch text not null,
        position bigint not null,
        -- Counts up with every owner and every swap: a page is written only by who still has the number it began with.
        fence bigint not null default 0,
        updated_at timestamptz not null default now()
      ) with (fillfactor = 50);
      create table if not exists ${qualified(schema, 'parked')} (
        projection text not null,
        position bigint not null,
        stream text not null,
        error text not null,
        attempts integer not null,
        parked_at timestamptz not null default now(),
        primary key (projection, position)
      );
      -- Where the reading of Kafka goes on, written with the rows; never ahead of the position of its projection.
      create table if not exists ${qualified(schema, 'kafka_offset')} (
        projection text not null,
        topic text not null,
        partition integer not null,
        next_offset bigint not null,
        epoch text not null,
        primary key (projection, topic, partition)
      ) with (fillfactor = 50)`,
  })
  await createUnreadableTable(client, schema)
}

export async function readCheckpoint(
  client: Client,
  schema: string,
  projection: string,
): Promise<Checkpoint | undefined> {
  const { rows } = await client.query({
    text: `select version, store_epoch, position, fence from ${qualified(schema, 'checkpoint')} where projection = $1`,
    values: [projection],
    types: plainTypes,
  })
  const row = rows[0] as { version: number; store_epoch: string; position: number; fence: number } | undefined
  return row && { version: row.version, storeEpoch: row.store_epoch, position: row.position, fence: row.fence }
}

/** Keeps everybody from writing rows of a projection until the transaction ends. */
export async function lockCheckpoints(client: Client, schema: string, projection: string): Promise<void> {
  await client.query({
    text: `select from ${qualified(schema, 'checkpoint')} where projection = $1 or projection like $1 || '@%' order by projection for update`,
    values: [projection],
  })
}

/** How far each projection is; where it is folded by partitions, what is in the rows of all of them. */
export async function readPositions(
  client: Client,
  schema: string,
  projections: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query({
    text: `select split_part(projection, '@', 1) as name, coalesce(min(position) filter (where projection like '%@%'), min(position)) as position
      from ${qualified(schema, 'checkpoint')} where split_part(projection, '@', 1) = any($1) group by 1`,
    values: [projections],
    types: plainTypes,
  })
  return new Map((rows as { name: string; position: number }[]).map(({ name, position }) => [name, position]))
}

/** Name of the checkpoint of one partition of a projection. */
export const partitionCheckpoint = (projection: string, { topic, partition }: TopicPartition): string =>
  `${projection}@${topic}/${partition}`

/**
 * Makes the checkpoints of all partitions that have none yet: they begin where the projection as a whole is. They have no offset: those of the
 * whole may lie past a record that could not be read, which in a partition by itself no later record need show.
 */
export async function insertPartitions(
  client: Client,
  schema: string,
  projection: string,
  partitions: readonly TopicPartition[],
): Promise<void> {
  await client.query({
    text: `insert into ${qualified(schema, 'checkpoint')} (projection, version, store_epoch, position)
      select p.name, c.version, c.store_epoch, c.position from ${qualified(schema, 'checkpoint')} c, unnest($2::text[]) p (name)
      where c.projection = $1 on conflict do nothing`,
    values: [projection, partitions.map((one) => partitionCheckpoint(projection, one))],
  })
}

/**
 * Forgets the partitions of a projection: whoever folds one writes no more, because its row is gone. What they had ahead of the projection as a
 * whole is folded again, which changes nothing where a fold goes by streams.
 */
export async function dropPartitions(client: Client, schema: string, projection: string): Promise<void> {
  const values = [projection]
  await client.query({
    text: `update ${qualified(schema, 'checkpoint')} c set position = greatest(c.position, p.position)
      from (select min(position) as position from ${qualified(schema, 'checkpoint')} where projection like $1 || '@%') p where c.projection = $1 and p.position > c.position`,
    values,
  })
  for (const table of ['checkpoint', 'kafka_offset'])
    await client.query({ text: `delete from ${qualified(schema, table)} where projection like $1 || '@%'`, values })
}

export async function insertCheckpoint(
  client: Client,
  schema: string,
  projection: string,
  { version, storeEpoch, position }: Omit<Checkpoint, 'fence'>,
): Promise<void> {
  await client.query({
    text: `insert into ${qualified(schema, 'checkpoint')} (projection, version, store_epoch, position) values ($1, $2, $3, $4)`,
    values: [projection, version, storeEpoch, position],
  })
}

/** Becomes the owner: whoever owned it before will find no row with its number. */
export async function claimCheckpoint(client: Client, schema: string, projection: string): Promise<Checkpoint> {
  const { rows } = await client.query({
    text: `update ${qualified(schema, 'checkpoint')} set fence = fence + 1 where projection = $1 returning version, store_epoch, position, fence`,
    values: [projection],
    types: plainTypes,
  })
  const row = rows[0] as { version: number; store_epoch: string; position: number; fence: number } | undefined
  if (!row) throw new NotOwner(`${projection} has no checkpoint`)
  return { version: row.version, storeEpoch: row.store_epoch, position: row.position, fence: row.fence }
}

/**
 * Moves the checkpoint on, and the offsets with it, as the first statement of a page's transaction: its row lock keeps swaps and other owners
 * out until the page is committed, and no row means that the page must not be written.
 * @throws NotOwner
 */
export async function advanceCheckpoint(
  client: Client,
  schema: string,
  projection: string,
  from: Pick<Checkpoint, 'position' | 'fence'>,
  to: number,
  offsets: readonly PartitionOffset[] = [],
): Promise<void> {
  const advance = `update ${qualified(schema, 'checkpoint')} set position = $4, updated_at = now() where projection = $1 and fence = $2 and position = $3`
  const values = [projection, from.fence, from.position, to]
  const { rowCount } = await client.query(
    offsets.length === 0
      ? { name: `advance-${schema}`, text: advance, values }
      : {
          name: `advance-offsets-${schema}`,
          text: `with advanced as (${advance} returning projection), noted as (
              insert into ${qualified(schema, 'kafka_offset')} (projection, topic, partition, next_offset, epoch)
              select projection, noted.* from advanced, unnest($5::text[], $6::integer[], $7::bigint[], $8::text[]) noted
              on conflict (projection, topic, partition) do update set next_offset = excluded.next_offset, epoch = excluded.epoch
            ) select from advanced`,
          values: [
            ...values,
            offsets.map(({ topic }) => topic),
            offsets.map(({ partition }) => partition),
            offsets.map(({ next }) => next),
            offsets.map(({ epoch }) => epoch),
          ],
        },
  )
  if (rowCount === 0) throw new NotOwner(`${projection} is carried on elsewhere`)
}

export async function readOffsets(
  client: Client,
  schema: string,
  projection: string,
): Promise<readonly PartitionOffset[]> {
  const { rows } = await client.query({
    text: `select topic, partition, next_offset as next, epoch from ${qualified(schema, 'kafka_offset')} where projection = $1`,
    values: [projection],
    types: plainTypes,
  })
  return rows as PartitionOffset[]
}

/** Of a projection, with all its partitions. */
export async function readParked(client: Client, schema: string, projection: string): Promise<readonly Parked[]> {
  const { rows } = await client.query({
    text: `select projection, position, stream, error, attempts from ${qualified(schema, 'parked')} where projection = $1 or projection like $1 || '@%' order by position`,
    values: [projection],
    types: plainTypes,
  })
  return rows as Parked[]
}

export async function park(client: Client, schema: string, parked: readonly Parked[]): Promise<void> {
  if (parked.length === 0) return
  await client.query({
    text: `insert into ${qualified(schema, 'parked')} as p (projection, position, stream, error, attempts)
      select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::integer[])
      on conflict (projection, position) do update set error = excluded.error, attempts = p.attempts + 1`,
    values: [
      parked.map((p) => p.projection),
      parked.map((p) => p.position),
      parked.map((p) => p.stream),
      parked.map((p) => p.error),
      parked.map((p) => p.attempts),
    ],
  })
}

export async function unpark(
  client: Client,
  schema: string,
  projection: string,
  positions?: readonly number[],
): Promise<void> {
  const some = positions === undefined ? '' : ' and position = any($2::bigint[])'
  await client.query({
    text: `delete from ${qualified(schema, 'parked')} where (projection = $1 or projection like $1 || '@%')${some}`,
    values: positions === undefined ? [projection] : [projection, positions],
  })
}
