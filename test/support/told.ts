import { once } from 'node:events'
import type { IncomingRecord, Kafka } from '../../infra/kafka/port.ts'

/** Everything that lies in some topics now, each partition in its order. */
export async function readTopics(kafka: Kafka, topics: readonly string[]): Promise<readonly IncomingRecord[]> {
  const watermarks = (await Promise.all(topics.map((topic) => kafka.watermarks(topic)))).flat()
  const ends = new Map(
    watermarks
      .filter(({ low, high }) => high > low)
      .map(({ topic, partition, high }) => [`${topic} ${partition}`, high]),
  )
  const read = new Map<string, number>()
  const records: IncomingRecord[] = []
  if (ends.size === 0) return records
  const reached = new AbortController()
  const consumer = kafka.consume({
    topics,
    assigned: (partitions) => Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 'earliest' }))),
    outOfRange: (report) => reached.abort(new Error(`out of range: ${JSON.stringify(report)}`)),
    onBatch: (batch) => {
      const line = `${batch.topic} ${batch.partition}`
      // A consumer that had to begin anew begins at the earliest again.
      const next = read.get(line) ?? 0
      records.push(...batch.records.filter(({ offset }) => offset >= next))
      read.set(line, Math.max(next, (batch.records.at(-1)?.offset ?? 0) + 1))
      if ([...ends].every(([one, end]) => (read.get(one) ?? 0) >= end)) reached.abort()
      return Promise.resolve()
    },
  })
  await Promise.race([once(reached.signal, 'abort'), consumer.done])
  await consumer.stop()
  if (reached.signal.reason instanceof DOMException) return records
  throw reached.signal.reason
}

export interface Told {
  /** Positions that were told, each once, in the order of the log that their chain makes from 0 on. */
  readonly chain: readonly number[]
  /** Positions that are told but that the chain does not reach: something before them is missing. */
  readonly unreached: number
  /** Records that tell of something for the second time. */
  readonly duplicates: number
  /** Events of a key whose first telling comes after that of a later one. */
  readonly inversions: number
}

/** What a reader can make of the records of one epoch: the oracle of everything that relays and brokers survive. */
export function toldBy(records: readonly IncomingRecord[], epoch: string): Told {
  const following = new Map<number, number>()
  const highest = new Map<string, number>()
  let inversions = 0
  let count = 0
  const seen = new Set<number>()
  for (const { topic, key, headers } of records.filter((record) => record.headers['epoch'] === epoch)) {
    const position = Number(headers['position'])
    count++
    following.set(Number(headers['previous']), position)
    if (seen.has(position)) continue
    seen.add(position)
    const line = `${topic} ${key}`
    if (position < (highest.get(line) ?? 0)) inversions++
    highest.set(line, Math.max(position, highest.get(line) ?? 0))
  }
  const chain: number[] = []
  for (let at = following.get(0); at !== undefined; at = following.get(at)) chain.push(at)
  return { chain, unreached: seen.size - chain.length, duplicates: count - seen.size, inversions }
}
