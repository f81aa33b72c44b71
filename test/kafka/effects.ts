import type pg from 'pg'
import type { Batch, Consumer, Kafka, StartOffset, TopicPartition } from '../../infra/kafka/port.ts'

/** Offsets and effects of a reader, written as a projection writes them: together, behind the row of the partition. */
export const EFFECTS = `
  create table public.effect (position bigint not null);
  create table public.effect_offset (topic text, partition int, next bigint not null, last bigint not null, fence int not null, primary key (topic, partition))`

/** Another member has the partition now. */
class Fenced extends Error {
  override readonly name = 'Fenced'
}

interface Owned {
  next: number
  /** Position up to which the partition's events have had their effect: within a partition whatever is told twice lies below it. */
  last: number
  readonly fence: number
}

/** A member of a group that gives every event one effect, whatever is told twice and whoever else believes to have the partition. */
export function openEffects(
  kafka: Kafka,
  pool: pg.Pool,
  { topics, group }: { readonly topics: readonly string[]; readonly group: string },
): Consumer {
  const owned = new Map<string, Owned>()
  const nameOf = ({ topic, partition }: TopicPartition) => `${topic} ${partition}`

  async function claim(partition: TopicPartition): Promise<StartOffset> {
    const { rows } = await pool.query<{ next: string; last: string; fence: number }>(
      `insert into public.effect_offset as o values ($1, $2, 0, 0, 1) on conflict (topic, partition) do update set fence = o.fence + 1 returning next, last, fence`,
      [partition.topic, partition.partition],
    )
    const [row] = rows
    owned.set(nameOf(partition), { next: Number(row?.next), last: Number(row?.last), fence: Number(row?.fence) })
    return { topic: partition.topic, partition: partition.partition, offset: Number(row?.next) }
  }

  async function apply(batch: Batch): Promise<void> {
    const mine = owned.get(nameOf(batch))
    if (!mine || !batch.isOwned()) return
    const positions: number[] = []
    let { last } = mine
    for (const { headers } of batch.records) {
      const position = Number(headers['position'])
      if (position <= last) continue
      positions.push(position)
      last = position
    }
    const next = (batch.records.at(-1)?.offset ?? 0) + 1
    const client = await pool.connect()
    try {
      await client.query('begin')
      const { rowCount } = await client.query(
        'update public.effect_offset set next = $3, last = $4 where topic = $1 and partition = $2 and fence = $5 and next = $6',
        [batch.topic, batch.partition, next, last, mine.fence, mine.next],
      )
      if (rowCount !== 1) throw new Fenced(nameOf(batch))
      await client.query('insert into public.effect select unnest($1::bigint[])', [positions])
      await client.query('commit')
      Object.assign(mine, { next, last })
    } catch (fault) {
      await client.query('rollback')
      // Whoever claimed it goes on; this member is told so by the group soon, or has it back already.
      if (!(fault instanceof Fenced)) throw fault
    } finally {
      client.release()
    }
  }

  return kafka.consume({
    topics,
    group,
    assigned: (partitions) => Promise.all(partitions.map(claim)),
    revoked: (partitions) => {
      for (const partition of partitions) owned.delete(nameOf(partition))
    },
    onBatch: apply,
    outOfRange: (report) => {
      throw new Error(`out of range: ${JSON.stringify(report)}`)
    },
    maxBytesPerPartition: 32_768,
    sessionTimeoutMs: 2_000,
  })
}
