import { BatchTimeout, KafkaUnavailable } from './faults.ts'
import type { ConsumeOptions, IncomingRecord, Offset, StartOffset, TopicPartition, Watermarks } from './port.ts'
import { BATCH_TIMEOUT_MS } from './settings.ts'

/** How a client is steered. `seek` says where the next fetch of a partition begins. */
export interface Steer {
  pause(partition: TopicPartition): void
  resume(partition: TopicPartition): void
  seek(partition: TopicPartition, offset: Offset): void
}

export interface Fetched extends TopicPartition {
  readonly records: readonly IncomingRecord[]
  readonly end: Offset
  /** Where the fetch behind this one begins: the last record may be one that is not handed over. */
  readonly next: Offset
}

/** The partitions that a consumer has, where it stands in each, and what may still be done with what was fetched. The same for every client. */
export interface Holdings {
  /** After joining: everything of before is void; asks where to begin and steers there. Settles when all that can be read is. */
  take(partitions: readonly TopicPartition[]): Promise<void>
  /** Nothing is ours any more. */
  drop(): void
  /** Hands a batch over, after the one before of its partition. Answers whether the partition goes on behind it. */
  deliver(fetched: Fetched): Promise<boolean>
  /** The broker does not have the offset that was asked for. */
  missed(partition: TopicPartition): Promise<void>
  /** Where to fetch from; undefined while a partition rests. */
  next(partition: TopicPartition): Offset | undefined
  pause(partition: TopicPartition): void
  resume(partition: TopicPartition): void
  seek(start: StartOffset): void
  /** No batch begins any more; settles when those under way are finished. */
  finish(): Promise<void>
}

interface Holding extends TopicPartition {
  next: Offset
  /** Has no place yet, or one that the broker does not have. */
  lost: boolean
  resting: boolean
  /** Counts up with every seek: what was fetched before is void. */
  moves: number
}

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic} ${partition}`

export interface HoldingsOptions {
  readonly consume: ConsumeOptions
  readonly steer: Steer
  watermarks(topic: string): Promise<readonly Watermarks[]>
  /** Ends the consumer. */
  fail(fault: unknown): void
}

export function openHoldings({ consume, steer, watermarks, fail }: HoldingsOptions): Holdings {
  const { assigned, revoked, onBatch, outOfRange, onFault, batchTimeoutMs = BATCH_TIMEOUT_MS } = consume
  let held = new Map<string, Holding>()
  // Survives a rebalance: a batch under way may belong to the assignment before.
  const busy = new Map<string, Promise<unknown>>()
  let finishing = false

  function drop(): void {
    const gone = [...held.values()]
    held = new Map()
    if (gone.length > 0) revoked?.(gone.map(({ topic, partition }) => ({ topic, partition })))
  }

  async function take(partitions: readonly TopicPartition[]): Promise<void> {
    drop()
    const mine = new Map(
      partitions.map(({ topic, partition }): [string, Holding] => [
        nameOf({ topic, partition }),
        { topic, partition, next: 0, lost: true, resting: false, moves: 0 },
      ]),
    )
    held = mine
    for (const partition of partitions) steer.pause(partition)
    if (partitions.length === 0) return
    try {
      const starts = await assigned(partitions)
      // Asked once a topic, however many partitions of it are ours.
      const asked = new Map<string, Promise<readonly Watermarks[]>>()
      const once = (topic: string): Promise<readonly Watermarks[]> => {
        const answer = asked.get(topic) ?? watermarks(topic)
        asked.set(topic, answer)
        return answer
      }
      if (mine === held) await Promise.all(starts.map((start) => place(start, once)))
    } catch (fault) {
      if (mine === held) fail(fault)
    }
  }

  /** Goes to an offset if the broker has it; a partition that cannot be asked is asked again for as long as it is ours. */
  async function place({ topic, partition, offset }: StartOffset, ask = watermarks): Promise<void> {
    const holding = held.get(nameOf({ topic, partition }))
    if (!holding) return
    const move = ++holding.moves
    holding.lost = true
    steer.pause(holding)
    const current = () => held.get(nameOf(holding)) === holding && holding.moves === move
    const ends = await known(holding, current, ask)
    if (!ends || !current()) return
    const wanted = offset === 'earliest' ? ends.low : offset === 'latest' ? ends.high : offset
    if (wanted < ends.low || wanted > ends.high) return outOfRange({ ...ends, wanted })
    holding.next = wanted
    holding.lost = false
    steer.seek(holding, wanted)
    if (!holding.resting) steer.resume(holding)
  }

  async function known(holding: Holding, current: () => boolean, ask = watermarks): Promise<Watermarks | undefined> {
    for (let question = ask; current() && !finishing; question = watermarks) {
      try {
        return ofPartition(await question(holding.topic), holding)
      } catch (fault) {
        if (!(fault instanceof KafkaUnavailable)) throw fault
        onFault?.(fault)
      }
    }
    return undefined
  }

  async function deliver(fetched: Fetched): Promise<boolean> {
    const holding = held.get(nameOf(fetched))
    if (!holding || holding.lost || finishing) return false
    const { moves } = holding
    const isOwned = () => held.get(nameOf(fetched)) === holding && holding.moves === moves
    const before = busy.get(nameOf(fetched))
    const work = (async () => {
      await before
      return isOwned() && (await handOver(holding, fetched, isOwned))
    })()
    busy.set(
      nameOf(fetched),
      work.catch(() => undefined),
    )
    return work
  }

  async function handOver(
    holding: Holding,
    { topic, partition, records, end, next }: Fetched,
    isOwned: () => boolean,
  ): Promise<boolean> {
    const [first] = records
    if (!first) {
      holding.next = next
      return true
    }
    if (first.offset !== holding.next && !(await isOnlyAHole(holding, first.offset, isOwned))) return false
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new BatchTimeout(`a batch of ${nameOf(holding)} took more than ${batchTimeoutMs} ms`)),
        batchTimeoutMs,
      )
    })
    try {
      await Promise.race([onBatch({ topic, partition, records, end, isOwned }), late])
    } catch (fault) {
      if (fault instanceof BatchTimeout) drop()
      fail(fault)
      return false
    } finally {
      clearTimeout(timer)
    }
    if (!isOwned()) return false
    holding.next = next
    return true
  }

  /** Offsets may have holes, but a client that was sent to an end of the partition without a word must not go on from there. */
  async function isOnlyAHole(holding: Holding, first: Offset, isOwned: () => boolean): Promise<boolean> {
    const ends = await known(holding, isOwned)
    if (!ends || !isOwned()) return false
    if (holding.next >= ends.low && holding.next <= ends.high) {
      if (first > holding.next) return true
      steer.seek(holding, holding.next)
      return false
    }
    lose(holding, ends)
    return false
  }

  function lose(holding: Holding, ends: Watermarks): void {
    holding.lost = true
    holding.moves++
    steer.pause(holding)
    outOfRange({ ...ends, wanted: holding.next })
  }

  return {
    take,
    drop,
    deliver,
    async missed(partition) {
      const holding = held.get(nameOf(partition))
      if (!holding || holding.lost) return
      const { moves } = holding
      const isOwned = () => held.get(nameOf(partition)) === holding && holding.moves === moves
      const ends = await known(holding, isOwned)
      if (ends && isOwned()) lose(holding, ends)
    },
    next(partition) {
      const holding = held.get(nameOf(partition))
      return !holding || holding.lost || holding.resting || finishing ? undefined : holding.next
    },
    pause(partition) {
      const holding = held.get(nameOf(partition))
      if (!holding) return
      holding.resting = true
      steer.pause(holding)
    },
    resume(partition) {
      const holding = held.get(nameOf(partition))
      if (!holding) return
      holding.resting = false
      if (!holding.lost) steer.resume(holding)
    },
    seek(start) {
      place(start).catch(fail)
    },
    async finish() {
      finishing = true
      await Promise.all(busy.values())
    },
  }
}

function ofPartition(ends: readonly Watermarks[], { topic, partition }: TopicPartition): Watermarks {
  const found = ends[partition]
  if (!found) throw new KafkaUnavailable(`partition ${partition} of ${topic} is not known`)
  return found
}
