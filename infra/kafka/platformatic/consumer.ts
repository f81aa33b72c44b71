import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { openSignal } from '../../event-store/signal.ts'
import type { Life } from '../consumer.ts'
import { type Fetched, type Holdings, nameOf } from '../holdings.ts'
import type { ConsumeOptions, IncomingRecord, Offset, TopicPartition } from '../port.ts'
import * as settings from '../settings.ts'
import { FIRST_RETRY_MS, headerText, heartbeatOf } from '../settings.ts'
import { closed, responseIn } from './fault.ts'
import type {
  BaseOptions,
  Consumer as Client,
  FetchResponse,
  FetchResponsePartition,
  GroupAssignment,
  Library,
} from './surface.ts'

/** Bit of a batch that holds marks of transactions instead of records. */
const CONTROL = 0x20
const OFFSET_OUT_OF_RANGE = 1
const IDLE_MS = 1_000
/** How long the next fetch of a broker waits for the handlers of the last one: those that take longer are left out of it. */
const HANDLER_GRACE_MS = 25
/** A dead broker is found out by the others; ours is one fetch a broker, so it may be tried again often. */
const RETRY_MS = FIRST_RETRY_MS

type Asked = TopicPartition & { readonly topicId: string; readonly offset: Offset }

/**
 * A life of a consumer on the requests of @platformatic/kafka: its stream of messages knows no resting partition and jumps when an offset
 * is out of range, so we fetch ourselves, one request a broker at a time. Membership has a client of its own, lest a heartbeat wait behind a fetch.
 */
export function beginLife(
  { Consumer }: Library,
  options: BaseOptions,
  consume: ConsumeOptions,
  holdings: Holdings,
): Life {
  const {
    topics,
    group,
    onFault,
    maxBytesPerPartition = settings.PARTITION_BYTES,
    sessionTimeoutMs: sessionTimeout = settings.SESSION_TIMEOUT_MS,
  } = consume
  const reader: Client = new Consumer({ ...options, groupId: `alone-${randomUUID()}` })
  const member: Client | undefined = group === undefined ? undefined : new Consumer({ ...options, groupId: group })
  const changes = openSignal()
  const loops = new Map<number, Promise<void>>()
  const handling = new Set<string>()
  let ending = false

  async function metadata() {
    return reader.metadata({ topics: [...topics] })
  }

  /** What can be read from a broker now, and a loop for every broker that there is. */
  async function wantedOf(node: number): Promise<Asked[]> {
    const known = await metadata()
    for (const id of known.brokers.keys()) startLoop(id)
    return topics.flatMap((topic) => {
      const { id = '', partitions = [] } = known.topics.get(topic) ?? {}
      return partitions.flatMap(({ leader }, partition) => {
        const offset = leader === node ? holdings.next({ topic, partition }) : undefined
        return offset === undefined || handling.has(nameOf({ topic, partition }))
          ? []
          : [{ topic, partition, topicId: id, offset }]
      })
    })
  }

  async function fetch(node: number, wanted: readonly Asked[]): Promise<FetchResponse> {
    const requests = new Map<string, Asked[]>()
    for (const one of wanted) requests.set(one.topicId, [...(requests.get(one.topicId) ?? []), one])
    try {
      return await reader.fetch({
        node,
        maxWaitTime: settings.FETCH_WAIT_MS,
        minBytes: 1,
        maxBytes: settings.FETCH_BYTES,
        topics: [...requests].map(([topicId, partitions]) => ({
          topicId,
          partitions: partitions.map(({ partition, offset }) => ({
            partition,
            currentLeaderEpoch: -1,
            fetchOffset: BigInt(offset),
            lastFetchedEpoch: -1,
            partitionMaxBytes: maxBytesPerPartition,
          })),
        })),
      })
    } catch (fault) {
      const response = responseIn<FetchResponse>(fault)
      if (!response) throw fault
      return response
    }
  }

  /** Hands over what came; answers whether the broker had something to refuse that newer metadata would mend. */
  async function handle(response: FetchResponse, wanted: readonly Asked[]): Promise<boolean> {
    let stale = response.errorCode !== 0
    const works = response.responses.flatMap(({ topicId, partitions }) =>
      partitions.flatMap((answer) => {
        const asked = wanted.find((one) => one.topicId === topicId && one.partition === answer.partitionIndex)
        if (!asked) return []
        if (answer.errorCode === OFFSET_OUT_OF_RANGE) return [holdings.missed(asked)]
        if (answer.errorCode !== 0) stale = true
        const fetched = fetchedOf(answer, asked)
        return fetched.next === asked.offset ? [] : [handOver(fetched)]
      }),
    )
    await Promise.race([Promise.all(works), pause(HANDLER_GRACE_MS, undefined, { ref: false })])
    return stale
  }

  async function handOver(fetched: Fetched): Promise<void> {
    handling.add(nameOf(fetched))
    try {
      await holdings.deliver(fetched)
    } catch (fault) {
      onFault?.(fault)
    } finally {
      handling.delete(nameOf(fetched))
      changes.raise()
    }
  }

  async function readFrom(node: number): Promise<void> {
    while (!ending) {
      const seen = changes.count
      try {
        const wanted = await wantedOf(node)
        if (wanted.length === 0) await changes.changed(seen, IDLE_MS)
        else if (await handle(await fetch(node, wanted), wanted)) await refresh()
      } catch (fault) {
        if (ending) return
        onFault?.(fault)
        await refresh()
      }
    }
  }

  async function refresh(): Promise<void> {
    reader.clearMetadata()
    await pause(RETRY_MS)
  }

  function startLoop(node: number): void {
    if (!loops.has(node) && !ending) loops.set(node, readFrom(node))
  }

  async function join(client: Client, reject: (fault: unknown) => void): Promise<void> {
    client.topics.trackAll(...topics)
    client.on('consumer:group:join', ({ assignments }) => void holdings.take(partitionsOf(assignments ?? [])))
    client.on('consumer:group:rebalance', () => holdings.drop())
    // It never looks for another coordinator than the one that it found first, so a heartbeat that failed for good ends this life.
    client.on('consumer:heartbeat:error', ({ error }) => reject(error))
    client.on('error', reject)
    await client.joinGroup({
      sessionTimeout,
      heartbeatInterval: heartbeatOf(sessionTimeout),
      rebalanceTimeout: settings.BATCH_TIMEOUT_MS,
    })
  }

  async function takeAll(): Promise<void> {
    const known = await metadata()
    await holdings.take(
      topics.flatMap((topic) =>
        Array.from({ length: known.topics.get(topic)?.partitionsCount ?? 0 }, (_, partition) => ({ topic, partition })),
      ),
    )
  }

  const ended = new Promise<never>((_, reject) => {
    const begun = async () => {
      for (const id of (await metadata()).brokers.keys()) startLoop(id)
      await (member ? join(member, reject) : takeAll())
    }
    begun().catch(reject)
  })
  ended.catch(() => undefined)
  return {
    ended,
    pause: () => undefined,
    resume: () => changes.raise(),
    seek: () => changes.raise(),
    async close() {
      ending = true
      changes.raise()
      if (member) await closed(member)
      await Promise.all(loops.values())
      await closed(reader)
    },
  }
}

function fetchedOf(
  { records = [], highWatermark }: FetchResponsePartition,
  { topic, partition, offset: from }: Asked,
): Fetched {
  const taken: IncomingRecord[] = []
  let next = from
  for (const batch of records) {
    const first = Number(batch.firstOffset)
    next = Math.max(next, first + batch.lastOffsetDelta + 1)
    if ((batch.attributes & CONTROL) !== 0) continue
    for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
      const offset = first + offsetDelta
      // A broker answers with whole batches, also with what lies before the offset in the first of them.
      if (offset < from) continue
      taken.push({
        topic,
        partition,
        offset,
        key: key?.toString() ?? null,
        value,
        headers: Object.fromEntries(headers.map(([name, text]) => [headerText(name), headerText(text)])),
        timestamp: Number(batch.firstTimestamp + timestampDelta),
      })
    }
  }
  return { topic, partition, records: taken, end: Number(highWatermark), next }
}

const partitionsOf = (assignments: readonly GroupAssignment[]): TopicPartition[] =>
  assignments.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
