import { StoreUnavailable } from '../event-store/faults.ts'
import type { EventStore, Position, RecordedEvent, Subscription } from '../event-store/port.ts'
import { openSignal } from '../event-store/signal.ts'
import { KafkaUnavailable } from '../kafka/faults.ts'
import type { Batch, Consumer, Kafka, StartOffset, TopicSpecification } from '../kafka/port.ts'
import { traced } from '../kafka/traced-batch.ts'
import { noCounts, type FeedCounts } from './counts.ts'
import type { Feed, FollowOptions, Page, Start } from './feed.ts'
import { nameOf, openMerge } from './merge.ts'
import { eventOf, placeOf, unreadable, type UnreadableRecord } from './record.ts'

export interface TotalOrderOptions {
  /** Asked until there is one: without brokers at the beginning the store is all there is. */
  readonly connect: () => Promise<Kafka>
  /** Asked for what Kafka does not have: a hole, the time before, another epoch. */
  readonly store: Pick<EventStore, 'readAll' | 'head' | 'epoch'>
  readonly topics: readonly TopicSpecification[]
  /** How long the record that is missing in the chain is waited for, milliseconds. */
  readonly patienceMs?: number
  /** After so long without a record the store is asked whether there is more, milliseconds. */
  readonly silenceMs?: number
  /** Told of faults that are tried again. */
  readonly onFault?: (fault: unknown) => void
  /** Told what became of records and events, for metrics and tests. */
  readonly counts?: FeedCounts
}

const PAGE = 500
const PATIENCE_MS = 1_000
const SILENCE_MS = 5_000
// Of one partition; a fetch may bring as much again before the pause is felt.
const PAUSE_ABOVE_BYTES = 4 * 1024 * 1024
const RESUME_BELOW_BYTES = 1024 * 1024

/** The log was restored from a backup while it was followed: its owner has to look at its checkpoint again. */
export class LogReplaced extends Error {
  override readonly name = 'LogReplaced'
}

/**
 * The whole log out of all partitions of all topics, in its one order. The chain of `previous` says what comes next, whatever the partitions' pace;
 * what is told twice is dropped. Kafka is only the fast way: wherever the chain breaks and is not mended within a moment, an offset is gone, records
 * are of another log or nothing comes at all, the store is read from the last position, so nothing is ever skipped.
 */
export function openTotalOrderFeed(options: TotalOrderOptions): Feed {
  return { follow: (start, onPage, follow = {}) => followTotalOrder(options, start, onPage, follow) }
}

function followTotalOrder(
  {
    connect,
    store,
    topics,
    patienceMs = PATIENCE_MS,
    silenceMs = SILENCE_MS,
    onFault = () => undefined,
    counts = noCounts(),
  }: TotalOrderOptions,
  start: Start,
  onPage: (page: Page) => Promise<void>,
  { pageSize = PAGE, onUnreadable = () => Promise.resolve() }: FollowOptions,
): Subscription {
  const signal = openSignal()
  const merge = openMerge(start.after)
  const paused = new Set<string>()
  const strange: UnreadableRecord[] = []
  let epoch = ''
  let stopped = false
  let consumer: Consumer | undefined
  let ended: { readonly fault: unknown } | undefined
  /** How often the store had to be asked for what Kafka will not tell any more, and up to which time it was. */
  let [asks, answered] = [0, 0]
  let foreignSeen = false
  let heardAt = performance.now()
  /** Position that was handed over; ahead of it the chain is only while a page is put together. */
  let reached = start.after

  function take({ records, topic, partition, isOwned }: Batch): void {
    if (!isOwned() || stopped) return
    heardAt = performance.now()
    for (const record of records) {
      const place = placeOf(record)
      if (place?.epoch === epoch) {
        merge.add(record, place)
        continue
      }
      if (place) {
        counts.foreign++
        foreignSeen = true
      } else strange.push(unreadable(record, 'malformed', 'its headers do not say where in the log it belongs'))
      merge.pass(record)
    }
    if (merge.waiting({ topic, partition }) > PAUSE_ABOVE_BYTES) {
      paused.add(nameOf({ topic, partition }))
      consumer?.pause({ topic, partition })
    }
    signal.raise()
  }

  function resumeDrained(): void {
    if (paused.size === 0) return
    for (const { topic, partition } of merge.offsets()) {
      const name = nameOf({ topic, partition })
      if (!paused.has(name) || merge.waiting({ topic, partition }) >= RESUME_BELOW_BYTES) continue
      paused.delete(name)
      consumer?.resume({ topic, partition })
    }
  }

  async function hand(events: readonly RecordedEvent[]): Promise<void> {
    for (const record of strange.splice(0)) {
      counts.unreadable++
      await onUnreadable(record)
    }
    counts.duplicates += merge.counts.duplicates
    merge.counts.duplicates = 0
    if (events.length > 0 && !stopped)
      await onPage({ events, offsets: merge.offsets().map((offset) => ({ ...offset, epoch })) })
    reached = events.at(-1)?.position ?? reached
    resumeDrained()
  }

  /** Hands over what the chain gives, a page at most; false where it gives nothing. */
  async function handTold(): Promise<boolean> {
    const events: RecordedEvent[] = []
    let reread: Position | undefined
    while (events.length < pageSize && reread === undefined) {
      const waiting = merge.next()
      if (!waiting) break
      const read = eventOf(waiting.record)
      if ('event' in read) events.push(read.event)
      else {
        strange.push(read.unreadable)
        // Where its headers say that its event lies is believed once the store has one there.
        merge.backTo(waiting.previous)
        reread = waiting.position
      }
    }
    counts.told += events.length
    await hand(events)
    // Only that one is read elsewhere, if its headers were right.
    if (reread !== undefined) await handStored(reread)
    return events.length > 0 || reread !== undefined
  }

  /** Hands over what the store has, up to `until` at least. */
  async function handStored(until: Position): Promise<void> {
    while (reached < until && !stopped) {
      // Positions only ever grow, so no more events than this lie in between, whatever their gaps.
      const events = await store.readAll(reached, Math.min(pageSize, until - reached))
      const last = events.at(-1)
      if (last) merge.skipTo(last.position)
      counts.refetched += events.length
      await hand(events)
      if (!last) return
    }
  }

  /** Where to begin in every partition, and whether the store has to be read first. */
  async function begin(kafka: Kafka): Promise<readonly StartOffset[]> {
    const known = new Map(
      start.offsets.filter((offset) => offset.epoch === epoch).map((offset) => [nameOf(offset), offset.next]),
    )
    const marks = (await Promise.all(topics.map(({ topic }) => kafka.watermarks(topic)))).flat()
    const kept = marks.every((mark) => {
      const next = known.get(nameOf(mark))
      return next !== undefined && next >= mark.low && next <= mark.high
    })
    // From the very beginning Kafka may have it all; the chain shows where it has not. Otherwise the store bridges from the checkpoint to the ends:
    // whatever is recorded after this moment will be told behind them.
    const fresh = reached === 0
    if (!kept && !fresh) asks++
    return marks.map((mark) => ({
      ...mark,
      offset: kept ? (known.get(nameOf(mark)) ?? mark.high) : fresh ? mark.low : mark.high,
    }))
  }

  function consume(kafka: Kafka, starts: readonly StartOffset[]): Consumer {
    for (const { topic, partition, offset } of starts) merge.begin({ topic, partition }, Number(offset))
    return kafka.consume({
      topics: topics.map(({ topic }) => topic),
      // Asked again after every break of the connection: what waits here need not be fetched a second time.
      assigned: (partitions) => {
        paused.clear()
        heardAt = performance.now()
        return Promise.resolve(
          partitions.map((partition) => ({ ...partition, offset: merge.fetched(partition) ?? ('earliest' as const) })),
        )
      },
      onBatch: (batch) => Promise.resolve(traced(batch, () => take(batch))),
      outOfRange: ({ topic, partition, high }) => {
        merge.begin({ topic, partition }, high)
        asks++
        consumer?.seek({ topic, partition, offset: high })
        signal.raise()
      },
      onFault,
    })
  }

  async function checkEpoch(): Promise<void> {
    foreignSeen = false
    if ((await store.epoch()) !== epoch) throw new LogReplaced('the log that is followed was replaced by another one')
  }

  /** One look at what there is: true where something was handed over. */
  async function step(blockedSince: number | undefined): Promise<boolean> {
    if (foreignSeen) await checkEpoch()
    if (asks !== answered) {
      const asked = asks
      await handStored(await store.head())
      answered = asked
      return true
    }
    if (await handTold()) return true
    const now = performance.now()
    const ahead = merge.ahead()
    if (ahead !== undefined && blockedSince !== undefined && now - blockedSince >= patienceMs) {
      counts.holes++
      await handStored(ahead)
      return true
    }
    if (ahead === undefined && now - heardAt >= silenceMs) {
      heardAt = now
      await checkEpoch()
      await handStored(await store.head())
    }
    if (strange.length > 0) await hand([])
    return false
  }

  /** Until the brokers answer for the first time the store is all there is; a consumer then looks after itself. */
  async function read(): Promise<void> {
    while (!stopped && !ended && !consumer) {
      try {
        const kafka = await connect()
        await kafka.ensureTopics(topics)
        const starts = await begin(kafka)
        if (!stopped) consumer = consume(kafka, starts)
        await consumer?.done
      } catch (fault) {
        if (consumer || !(fault instanceof KafkaUnavailable)) ended = { fault }
        else onFault(fault)
        signal.raise()
        await signal.changed(signal.count, patienceMs)
      }
    }
  }

  async function follow(): Promise<void> {
    epoch = await store.epoch()
    void read()
    let blockedSince: number | undefined
    while (!stopped) {
      if (ended) throw ended.fault
      const seen = signal.count
      let moved = false
      try {
        moved = await step(blockedSince)
      } catch (fault) {
        if (!(fault instanceof StoreUnavailable)) throw fault
        // Nothing else is handed over before it has answered.
        asks++
        onFault(fault)
        await signal.changed(signal.count, patienceMs)
      }
      if (moved) blockedSince = undefined
      else if (merge.ahead() !== undefined) blockedSince ??= performance.now()
      if (!moved) await signal.changed(seen, Math.min(patienceMs, silenceMs) / 4)
    }
  }

  async function run(): Promise<void> {
    try {
      await follow()
    } finally {
      stopped = true
      await consumer?.stop()
    }
  }

  const done = run()
  done.catch(() => undefined)
  return {
    done,
    async stop() {
      stopped = true
      signal.raise()
      await done.catch(() => undefined)
    },
  }
}
