import type { Position } from '../event-store/port.ts'
import type { IncomingRecord, Offset, TopicPartition } from '../kafka/port.ts'
import type { Place } from './record.ts'

/** Where the reading of a partition goes on after a page: every record below is in the rows, or is none that will be. */
export interface PartitionOffset extends TopicPartition {
  readonly next: Offset
  /** Epoch of the log that was told of. */
  readonly epoch: string
}

/** A record that waits for its turn. */
export interface Waiting extends Place {
  readonly record: IncomingRecord
}

/** Partitions on their way back into the one order of the log. */
export interface Merge {
  /** Position of the event that was taken last. */
  last(): Position
  add(record: IncomingRecord, place: Place): void
  /** A record without an event for us: its partition goes on behind it. */
  pass(record: IncomingRecord): void
  /** Takes the record of the event that follows the last one in the log; undefined where it is not here. */
  next(): Waiting | undefined
  /** The log was read elsewhere up to here; records of before are told a second time. */
  skipTo(position: Position): void
  /** What was taken last is not believed: the chain goes on from before it. */
  backTo(position: Position): void
  /** Least position that waits behind a hole; undefined where nothing waits. */
  ahead(): Position | undefined
  /** Bytes that wait of a partition. */
  waiting(partition: TopicPartition): number
  /** Offset of the next record to fetch; undefined for a partition that was not begun. */
  fetched(partition: TopicPartition): Offset | undefined
  /** Begins or goes on elsewhere in a partition; what waits of it is forgotten. */
  begin(partition: TopicPartition, offset: Offset): void
  /** Where every partition goes on after what was taken. */
  offsets(): readonly (TopicPartition & { readonly next: Offset })[]
  readonly counts: { duplicates: number }
}

interface Line extends TopicPartition {
  readonly queue: Waiting[]
  /** Index of the queue's head; what lies before was taken. */
  at: number
  bytes: number
  fetched: Offset
}

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`
const sizeOf = ({ value }: IncomingRecord): number => value?.length ?? 0

/**
 * Every record names the event before its own, so the chain alone says what comes next: no clock, no count, no assumption about positions. Of each
 * partition only the head can be next, because a partition is in the order of the log; a record that breaks that order leaves a hole, and holes
 * are filled from elsewhere.
 */
export function openMerge(after: Position): Merge {
  const lines = new Map<string, Line>()
  /** Heads by the position that they follow. */
  const heads = new Map<Position, Line>()
  const counts = { duplicates: 0 }
  let last = after

  function lineOf(partition: TopicPartition): Line {
    const name = nameOf(partition)
    const known = lines.get(name)
    if (known) return known
    const line: Line = {
      topic: partition.topic,
      partition: partition.partition,
      queue: [],
      at: 0,
      bytes: 0,
      fetched: 0,
    }
    lines.set(name, line)
    return line
  }

  function drop(line: Line): void {
    const head = line.queue[line.at]
    if (!head) return
    line.bytes -= sizeOf(head.record)
    line.at++
    if (line.at < 1_024 || line.at * 2 < line.queue.length) return
    line.queue.splice(0, line.at)
    line.at = 0
  }

  /** Drops what was told before and shows the head to the chain. */
  function show(line: Line): void {
    for (;;) {
      const head = line.queue[line.at]
      if (!head) return
      if (head.position > last) return void heads.set(head.previous, line)
      counts.duplicates++
      drop(line)
    }
  }

  function showAll(): void {
    heads.clear()
    for (const line of lines.values()) show(line)
  }

  return {
    counts,
    last: () => last,
    add(record, place) {
      const line = lineOf(record)
      if (record.offset < line.fetched) return
      line.fetched = record.offset + 1
      line.queue.push({ ...place, record })
      line.bytes += sizeOf(record)
      if (line.queue.length - line.at === 1) show(line)
    },
    pass(record) {
      const line = lineOf(record)
      if (record.offset >= line.fetched) line.fetched = record.offset + 1
    },
    next() {
      if (!heads.has(last)) showAll()
      const line = heads.get(last)
      const head = line?.queue[line.at]
      if (!line || !head || head.previous !== last || head.position <= last) return undefined
      heads.delete(last)
      last = head.position
      drop(line)
      show(line)
      return head
    },
    skipTo(position) {
      if (position <= last) return
      last = position
      showAll()
    },
    backTo(position) {
      last = position
      showAll()
    },
    ahead() {
      const positions = [...lines.values()]
        .flatMap(({ queue, at }) => queue[at]?.position ?? [])
        .filter((position) => position > last)
      return positions.length === 0 ? undefined : Math.min(...positions)
    },
    waiting: (partition) => lines.get(nameOf(partition))?.bytes ?? 0,
    fetched: (partition) => lines.get(nameOf(partition))?.fetched,
    begin(partition, offset) {
      lines.delete(nameOf(partition))
      lineOf(partition).fetched = offset
      showAll()
    },
    offsets: () =>
      [...lines.values()].map(({ topic, partition, queue, at, fetched }) => ({
        topic,
        partition,
        next: queue[at]?.record.offset ?? fetched,
      })),
  }
}
