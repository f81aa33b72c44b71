import { KafkaUnavailable } from './faults.ts'
import { partitionOf } from './partition.ts'
import type { OutgoingRecord, Producer } from './port.ts'

/** Broker and topic take 1 MiB by default. `length` counts UTF-16 units, each of them three bytes at most. */
const BATCH_BYTES = 300_000
const RECORD_OVERHEAD_BYTES = 400

export interface AddressedRecord extends OutgoingRecord {
  readonly partition: number
}

/** What an adapter adds: one attempt that ends well or for good. */
export interface Transmission {
  partitionsOf(topic: string): Promise<number>
  /** Settles when everything is acknowledged; rejects when that is given up. */
  transmit(records: readonly AddressedRecord[]): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps the order of a partition: a send begins when all before it on the same partitions are acknowledged. After a fault nothing is
 * sent any more: what comes behind a batch in doubt must not overtake it, and its sequence numbers could pass for those of the lost one.
 */
export function openOrderedProducer({ partitionsOf, transmit, close }: Transmission): Producer {
  const counts = new Map<string, Promise<number>>()
  const tails = new Map<string, Promise<void>>()
  let broken: KafkaUnavailable | undefined
  // Addressing may have to ask a broker; later sends wait, or they would take their place in line too early.
  let addressing: Promise<unknown> = Promise.resolve()

  function countOf(topic: string): Promise<number> {
    const known = counts.get(topic) ?? partitionsOf(topic)
    counts.set(topic, known)
    return known
  }

  async function address(records: readonly OutgoingRecord[]): Promise<AddressedRecord[]> {
    const topics = new Map<string, number>()
    for (const { topic } of records) if (!topics.has(topic)) topics.set(topic, await countOf(topic))
    return records.map((record) => ({ ...record, partition: partitionOf(record.key, topics.get(record.topic) ?? 1) }))
  }

  async function inLine(records: readonly AddressedRecord[]): Promise<() => Promise<void>> {
    const lines = [...new Set(records.map(({ topic, partition }) => `${topic} ${partition}`))]
    const work = Promise.all(lines.map(async (line) => tails.get(line))).then(() => attempt(records))
    for (const line of lines) tails.set(line, work)
    work.catch(() => undefined)
    return () => work
  }

  async function attempt(records: readonly AddressedRecord[]): Promise<void> {
    for (const slice of slicesOf(records)) {
      if (broken) throw broken
      try {
        await transmit(slice)
      } catch (cause) {
        throw fail(cause)
      }
    }
  }

  function fail(cause: unknown): KafkaUnavailable {
    broken ??= new KafkaUnavailable('records were not acknowledged: part of them may be written', { cause })
    return broken
  }

  return {
    async send(records) {
      if (records.length === 0) return
      const turn = addressing.then(async () => inLine(await address(records)))
      addressing = turn.catch(() => undefined)
      let settled: () => Promise<void>
      try {
        settled = await turn
      } catch (cause) {
        throw fail(cause)
      }
      await settled()
    },
    close,
  }
}

/** Parts of a send that a broker takes at once: what goes to one partition is one batch, and a batch has a largest size. */
function* slicesOf(records: readonly AddressedRecord[]): Generator<readonly AddressedRecord[]> {
  const bytes = new Map<string, number>()
  let begin = 0
  for (const [i, { topic, partition, value, key }] of records.entries()) {
    const line = `${topic} ${partition}`
    const size = value.length + key.length + RECORD_OVERHEAD_BYTES
    const sum = (bytes.get(line) ?? 0) + size
    if (sum <= BATCH_BYTES || i === begin) {
      bytes.set(line, sum)
      continue
    }
    yield records.slice(begin, i)
    begin = i
    bytes.clear()
    bytes.set(line, size)
  }
  yield records.slice(begin)
}
