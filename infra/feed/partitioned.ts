import { setTimeout as pause } from 'node:timers/promises'
import { keyOf } from '../../schemas/integration/cloud-event.ts'
import { channelOf, isEventType } from '../../schemas/integration/messages.ts'
import type { EventStore, Position, RecordedEvent, Subscription } from '../event-store/port.ts'
import { KafkaUnavailable } from '../kafka/faults.ts'
import { partitionOf } from '../kafka/partition.ts'
import type {
  Batch,
  Consumer,
  IncomingRecord,
  Kafka,
  Offset,
  StartOffset,
  TopicPartition,
  TopicSpecification,
} from '../kafka/port.ts'
import { traced } from '../kafka/traced-batch.ts'
import type { Page } from './feed.ts'
import { noCounts, type FeedCounts } from './counts.ts'
import { nameOf } from './merge.ts'
import { eventOf, placeOf, unreadable, type UnreadableRecord } from './record.ts'
import { LogReplaced } from './total-order.ts'

/** Where the rows of one partition are; no offset where none was written, or not of this epoch. */
export interface Claim extends TopicPartition {
  readonly after: Position
  readonly next: Offset | undefined
  /** Pages one after another. What is given after somebody else claimed the partition is void. */
  give(page: Page): Promise<void>
}

/** What a member of the group does with its share. */
export interface Share {
  /** Becomes the owner of these partitions and of no others: whoever had them before can write no more. */
  claim(partitions: readonly TopicPartition[]): Promise<readonly Claim[]>
  release(partitions: readonly TopicPartition[]): void
  onUnreadable(record: UnreadableRecord): Promise<void>
}

export interface PartitionedOptions {
  readonly connect: () => Promise<Kafka>
  readonly store: Pick<EventStore, 'readAll' | 'head' | 'epoch'>
  readonly topics: readonly TopicSpecification[]
  readonly group: string
  /** Up to where the log lies acknowledged in Kafka, in this epoch; it is how a partition that has nothing to tell is known to be up to date. */
  readonly published: (epoch: string) => Promise<Position>
  readonly coverMs?: number
  readonly onFault?: (fault: unknown) => void
  readonly counts?: FeedCounts
}

interface Line extends TopicPartition {
  readonly claim: Claim
  /** Every event of the partition up to here was handed over. */
  covered: Position
  next: Offset
  /** What is under way; the next thing waits for it. */
  turn: Promise<void>
}

const PAGE = 500
const COVER_MS = 100
const RETRY_MS = 1_000
/** Noted while the store fills what the broker has lost: no offset of the partition belongs to the rows until it is done. */
const NO_OFFSET: Offset = -1

/**
 * The log by partitions, shared by a consumer group, for read models that are folded by stream: of one stream everything comes in its order, of the
 * whole nothing is promised. Each record says that no event of its partition lies between it and the one before, so a hole is seen here too, and
 * filled from the store.
 */
export function followPartitions(
  {
    connect,
    store,
    topics,
    group,
    published,
    coverMs = COVER_MS,
    onFault = () => undefined,
    counts = noCounts(),
  }: PartitionedOptions,
  share: Share,
): Subscription {
  const stopping = new AbortController()
  const stop = new Promise<never>((_, reject) =>
    stopping.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
  )
  stop.catch(() => undefined)
  let stopped = false
  const sizes = new Map(topics.map(({ topic, partitions }) => [topic, partitions]))
  let lines = new Map<string, Line>()
  /** Counts up with everything that the group says of our share. */
  let assignments = 0
  let claiming: Promise<unknown> = Promise.resolve()
  let fail: (fault: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => undefined)

  const isOf = ({ topic, partition }: TopicPartition, event: RecordedEvent): boolean =>
    isEventType(event.type) &&
    topic.endsWith(`.${channelOf(event.type)}`) &&
    partitionOf(keyOf(event), sizes.get(topic) ?? 1) === partition

  /**
   * Hands over what lies up to `covered`. `next` is where reading goes on for who finds these rows: every record before it was handed over,
   * because no later record need show what is missed at the end of a partition.
   */
  async function hand(line: Line, epoch: string, events: readonly RecordedEvent[], next = line.next): Promise<void> {
    const offsets = [{ topic: line.topic, partition: line.partition, next, epoch }]
    await line.claim.give({ events, offsets, upTo: line.covered })
  }

  /**
   * Hands over what the store has of this partition, up to a position of the log, but no further than the log goes, whatever a record said; false
   * where the partition was lost meanwhile. Who finds the rows of a part of it begins at `unfilled`.
   */
  async function fill(line: Line, epoch: string, until: Position, unfilled = line.next): Promise<boolean> {
    while (line.covered < until) {
      if (lines.get(nameOf(line)) !== line) return false
      const page = await store.readAll(line.covered, Math.min(PAGE, until - line.covered))
      const last = page.at(-1)
      if (!last) return true
      const events = page.filter((event) => isOf(line, event))
      counts.refetched += events.length
      line.covered = last.position
      await hand(line, epoch, events, line.covered < until ? unfilled : line.next)
    }
    return true
  }

  async function take(line: Line, epoch: string, { records, isOwned }: Batch): Promise<void> {
    let events: RecordedEvent[] = []
    /** The first record of which nothing says where its event lies. */
    let strange: Offset | undefined
    const flush = async () => {
      counts.told += events.length
      await hand(line, epoch, events, strange ?? line.next)
      events = []
    }
    /** False where the partition was lost meanwhile. */
    async function takeOne(record: IncomingRecord): Promise<boolean> {
      const place = placeOf(record)
      if (place && place.epoch !== epoch) {
        counts.foreign++
        strange ??= record.offset
        return true
      }
      if (place && place.position <= line.covered) {
        counts.duplicates++
        return true
      }
      const read = place
        ? eventOf(record)
        : { unreadable: unreadable(record, 'malformed', 'its headers do not say where in the log it belongs') }
      if (!place || 'unreadable' in read) {
        counts.unreadable++
        if ('unreadable' in read) await share.onUnreadable(read.unreadable)
        if (!place) {
          strange ??= record.offset
          return true
        }
        // The headers said where its event lies.
        await flush()
        return fill(line, epoch, place.position, strange)
      }
      if (place.before > line.covered) {
        counts.holes++
        await flush()
        if (!(await fill(line, epoch, place.before, strange))) return false
      }
      events.push(read.event)
      line.covered = place.position
      return true
    }
    for (const record of records) {
      if (!isOwned()) break
      if (record.offset < line.next) continue
      line.next = record.offset
      if (!(await takeOne(record))) return
      line.next = record.offset + 1
      if (events.length >= PAGE) await flush()
    }
    await flush()
    if (strange === undefined) return
    // What was passed over may have stood for an event that nothing after it will tell of.
    if ((await store.epoch()) !== epoch) throw new LogReplaced('the log that is followed was replaced by another one')
    await fill(line, epoch, await store.head(), strange)
  }

  /** One thing of a partition after another. */
  function inTurn(line: Line, work: () => Promise<unknown>): Promise<void> {
    line.turn = line.turn.then(async () => void (await work()))
    line.turn.catch(fail)
    return line.turn
  }

  /** One claim after another, lest an older assignment that took its time raises its fences over those of the newest. */
  function claimInTurn(partitions: readonly TopicPartition[], isNewest: () => boolean): Promise<readonly Claim[]> {
    const claims = claiming.then(() => (isNewest() ? share.claim(partitions) : []))
    claiming = claims.catch(() => undefined)
    return claims
  }

  async function assigned(
    kafka: Kafka,
    epoch: string,
    partitions: readonly TopicPartition[],
  ): Promise<readonly StartOffset[]> {
    const assignment = ++assignments
    const isNewest = () => assignment === assignments
    const claims = await claimInTurn(partitions, isNewest)
    // Asked before the ends of the partitions: what was published up to here lies before them, or was lost.
    const mark = await published(epoch)
    const ends = new Map(
      (await Promise.all(topics.map(({ topic }) => kafka.watermarks(topic)))).flat().map((end) => [nameOf(end), end]),
    )
    const head = await store.head()
    // Nobody waits for the answer to an older one any more.
    if (!isNewest()) return []
    lines = new Map()
    return claims.map((claim) => {
      const { topic, partition, after, next } = claim
      const { low = 0, high = 0 } = ends.get(nameOf(claim)) ?? {}
      const kept = next !== undefined && next >= low && next <= high
      // At the very beginning Kafka may have it all; the chain of its records shows where it has not.
      const fresh = !kept && after === 0
      const line: Line = {
        topic,
        partition,
        claim,
        covered: after,
        next: kept ? next : fresh ? low : high,
        turn: Promise.resolve(),
      }
      lines.set(nameOf(line), line)
      // Where it has no record, it has lost whatever was published to it.
      if (!kept) {
        const missing = !fresh ? head : high === low ? mark : 0
        void inTurn(line, () => fill(line, epoch, missing, NO_OFFSET))
      }
      return { topic, partition, offset: line.next }
    })
  }

  function consume(kafka: Kafka, epoch: string): Consumer {
    const consumer = kafka.consume({
      topics: [...sizes.keys()],
      group,
      assigned: (partitions) => assigned(kafka, epoch, partitions),
      revoked: (partitions) => {
        assignments++
        for (const partition of partitions) lines.delete(nameOf(partition))
        share.release(partitions)
      },
      async onBatch(batch) {
        const line = lines.get(nameOf(batch))
        if (line && batch.isOwned()) await inTurn(line, () => traced(batch, () => take(line, epoch, batch)))
      },
      outOfRange: ({ topic, partition, high }) => {
        const line = lines.get(nameOf({ topic, partition }))
        if (!line) return
        consumer.seek({ topic, partition, offset: high })
        void inTurn(line, async () => {
          line.next = high
          await fill(line, epoch, await store.head(), NO_OFFSET)
        })
      },
      onFault,
    })
    return consumer
  }

  /** Partitions that are read to their end as of now hold everything that was published before. */
  async function cover(kafka: Kafka, epoch: string): Promise<void> {
    const mark = await published(epoch)
    const behind = [...lines.values()]
      .filter(({ covered }) => covered < mark)
      .map((line) => ({ line, next: line.next }))
    const ends = (
      await Promise.all([...new Set(behind.map(({ line }) => line.topic))].map((topic) => kafka.watermarks(topic)))
    ).flat()
    await Promise.all(
      behind.map(async ({ line, next }) => {
        const end = ends.find((one) => nameOf(one) === nameOf(line))
        // A place behind the end is of a topic that is no more: it says nothing of what was read.
        if (!end || next > end.high || line.next < end.high) return
        await inTurn(line, async () => {
          if (line.next < end.high || line.covered >= mark || lines.get(nameOf(line)) !== line) return
          line.covered = mark
          await hand(line, epoch, [])
        })
      }),
    )
  }

  async function coverOn(kafka: Kafka, epoch: string): Promise<never> {
    for (;;) {
      await pause(coverMs, undefined, { signal: stopping.signal })
      await cover(kafka, epoch).catch((fault: unknown) => {
        if (!(fault instanceof KafkaUnavailable)) throw fault
        onFault(fault)
      })
    }
  }

  async function connected(): Promise<Kafka> {
    for (;;) {
      try {
        const kafka = await connect()
        await kafka.ensureTopics(topics)
        return kafka
      } catch (fault) {
        if (!(fault instanceof KafkaUnavailable)) throw fault
        onFault(fault)
        await pause(RETRY_MS, undefined, { signal: stopping.signal })
      }
    }
  }

  async function run(): Promise<void> {
    const epoch = await store.epoch()
    // Brokers that are away are not waited for by who stops.
    const kafka = await Promise.race([connected(), stop])
    const consumer = consume(kafka, epoch)
    try {
      await Promise.race([consumer.done, failed, coverOn(kafka, epoch)])
    } finally {
      stopping.abort()
      await consumer.stop()
      lines = new Map()
    }
  }

  const done = run().catch((fault: unknown) => {
    if (!stopped) throw fault
  })
  done.catch(() => undefined)
  return {
    done,
    async stop() {
      stopped = true
      stopping.abort()
      await done.catch(() => undefined)
    },
  }
}
