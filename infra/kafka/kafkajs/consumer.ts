import { randomUUID } from 'node:crypto'
import type { Consumer as Client, EachBatchHandler, EachBatchPayload, Kafka as Clients } from 'kafkajs'
import type { Life } from '../consumer.ts'
import type { Holdings } from '../holdings.ts'
import type { ConsumeOptions, IncomingRecord, TopicPartition } from '../port.ts'
import * as settings from '../settings.ts'
import { FIRST_RETRY_MS, headerText, heartbeatOf } from '../settings.ts'

/** More than anybody has partitions: each of them is handled as it comes. */
const CONCURRENCY = 256

/** Heartbeats that say that we are no member any more; a rebalance under way (REBALANCE_IN_PROGRESS) leaves us what we have until we join. */
const EXPELLED = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])

/**
 * A life of a kafkajs consumer. It knows no reading without a group, so one who reads alone is the only member of a group of its own.
 * Its retries are few on purpose: while they last, a consumer whose coordinator is gone goes on fetching without being a member.
 */
export function beginLife(clients: Clients, consume: ConsumeOptions, holdings: Holdings): Life {
  const { sessionTimeoutMs: sessionTimeout = settings.SESSION_TIMEOUT_MS } = consume
  const heartbeatInterval = heartbeatOf(sessionTimeout)
  const client = clients.consumer({
    groupId: consume.group ?? `alone-${randomUUID()}`,
    sessionTimeout,
    heartbeatInterval,
    maxWaitTimeInMs: settings.FETCH_WAIT_MS,
    maxBytes: settings.FETCH_BYTES,
    maxBytesPerPartition: consume.maxBytesPerPartition ?? settings.PARTITION_BYTES,
    retry: {
      retries: 3,
      initialRetryTime: FIRST_RETRY_MS,
      maxRetryTime: 500,
      restartOnFailure: () => Promise.resolve(false),
    },
  })
  const ended = new Promise<never>((_, reject) => {
    client.on('consumer.crash', ({ payload }) => reject(payload.error))
    // Emitted in the same turn as the assignment: what is paused here is paused before the first fetch.
    client.on(
      'consumer.group_join',
      ({ payload: { memberAssignment } }) => void holdings.take(partitionsOf(memberAssignment)),
    )
    run(client, consume.topics, (payload) => handle(payload, holdings, heartbeatInterval)).catch(reject)
  })
  ended.catch(() => undefined)

  // Between a crash and its end there is no group to steer, and nothing to be steered either.
  const steered = (act: () => void): void => {
    try {
      act()
    } catch {
      // The next life begins with an assignment.
    }
  }
  return {
    ended,
    pause: ({ topic, partition }) => steered(() => client.pause([{ topic, partitions: [partition] }])),
    resume: ({ topic, partition }) => steered(() => client.resume([{ topic, partitions: [partition] }])),
    seek: ({ topic, partition }, offset) => steered(() => client.seek({ topic, partition, offset: String(offset) })),
    close: () => client.disconnect(),
  }
}

async function run(client: Client, topics: readonly string[], eachBatch: EachBatchHandler): Promise<void> {
  await client.connect()
  await client.subscribe({ topics: [...topics], fromBeginning: true })
  await client.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: CONCURRENCY,
    eachBatch,
  })
}

async function handle(
  { batch, resolveOffset, heartbeat, isStale }: EachBatchPayload,
  holdings: Holdings,
  heartbeatInterval: number,
): Promise<void> {
  const { topic, partition } = batch
  const records = batch.messages.map(
    ({ offset, key, value, headers, timestamp }): IncomingRecord => ({
      topic,
      partition,
      offset: Number(offset),
      key: key?.toString() ?? null,
      value,
      headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, headerText(text)])),
      timestamp: Number(timestamp),
    }),
  )
  if (isStale()) return
  const beating = setInterval(() => {
    heartbeat().catch((fault: { type?: string }) => {
      if (EXPELLED.has(fault.type ?? '')) holdings.drop()
    })
  }, heartbeatInterval)
  try {
    const fetched = {
      topic,
      partition,
      records,
      end: Number(batch.highWatermark),
      next: Number(batch.lastOffset()) + 1,
    }
    if (await holdings.deliver(fetched)) resolveOffset(batch.lastOffset())
  } finally {
    clearInterval(beating)
  }
}

const partitionsOf = (assignment: Readonly<Record<string, readonly number[]>>): TopicPartition[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })))
