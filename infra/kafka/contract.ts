import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { BatchTimeout, TopicMismatch } from './faults.ts'
import { partitionOf } from './partition.ts'
import type {
  Batch,
  ConsumeOptions,
  Consumer,
  IncomingRecord,
  Kafka,
  OutgoingRecord,
  OutOfRange,
  TopicPartition,
} from './port.ts'

export interface Broker {
  connect(): Promise<Kafka>
  /** Removes what lies before an offset, as retention does. */
  forget(partition: TopicPartition, before: number): Promise<void>
}

const PATIENCE_MS = 20_000

/** What every client must do for us. Each test has a topic of its own. */
export function kafkaContract(name: string, broker: () => Broker): void {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()))
  })

  async function connect(): Promise<Kafka> {
    const kafka = await broker().connect()
    open.push(kafka)
    return kafka
  }

  async function topicOf(kafka: Kafka, partitions = 3): Promise<string> {
    const topic = `t-${randomUUID()}`
    await kafka.ensureTopics([{ topic, partitions }])
    return topic
  }

  async function produce(kafka: Kafka, records: readonly OutgoingRecord[]): Promise<void> {
    const producer = await kafka.producer()
    await producer.send(records)
    await producer.close()
  }

  describe(name, () => {
    test('a topic is made once; one with other partitions is refused', async () => {
      const kafka = await connect()
      const topic = `t-${randomUUID()}`
      await kafka.ensureTopics([{ topic, partitions: 2 }])
      await kafka.ensureTopics([{ topic, partitions: 2, replicas: 1 }])
      await expect(kafka.ensureTopics([{ topic, partitions: 4 }])).rejects.toThrow(TopicMismatch)
      expect(await kafka.watermarks(topic)).toEqual([0, 1].map((partition) => ({ topic, partition, low: 0, high: 0 })))
    })

    test('a record is read as it was sent, in the partition of its key', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 5)
      await produce(kafka, [{ topic, key: '批次-1', value: '{"重量":1000}', headers: { position: '7', epoch: 'e' } }])
      const reading = read(kafka, { topics: [topic] })
      const [record] = await reading.records(1)
      expect(record).toMatchObject({
        topic,
        partition: partitionOf('批次-1', 5),
        offset: 0,
        key: '批次-1',
        headers: { position: '7', epoch: 'e' },
      })
      expect(record?.value?.toString()).toBe('{"重量":1000}')
      expect(Math.abs(Date.now() - (record?.timestamp ?? 0))).toBeLessThan(60_000)
    })

    test('records of a key keep their order, though nobody waits between the sends', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka)
      const producer = await kafka.producer()
      const sends = Array.from({ length: 60 }, (_, i) =>
        producer.send([...numbered(topic, ['a', 'b', 'c', 'd'], i * 5, 5)]),
      )
      await Promise.all(sends)
      const records = await read(kafka, { topics: [topic] }).records(60 * 20)
      for (const key of ['a', 'b', 'c', 'd']) {
        const values = records.filter((record) => record.key === key).map(({ value }) => Number(value))
        expect(values).toEqual(Array.from({ length: 300 }, (_, i) => i))
      }
    })

    test('the ends of each partition are told', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 12))
      await broker().forget({ topic, partition: 0 }, 4)
      expect(await kafka.watermarks(topic)).toEqual([{ topic, partition: 0, low: 4, high: 12 }])
    })

    test('without a group everybody reads everything', async () => {
      const [one, two] = [await connect(), await connect()]
      const topic = await topicOf(one)
      await produce(one, numbered(topic, ['a', 'b', 'c'], 0, 30))
      expect(await read(one, { topics: [topic] }).records(90)).toHaveLength(90)
      expect(await read(two, { topics: [topic] }).records(90)).toHaveLength(90)
    })

    test('reading begins at the offsets that the caller keeps, and at either end where it says so', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 3)
      const keys = [0, 1, 2].map((partition) => keyIn(partition, 3))
      await produce(kafka, numbered(topic, keys, 0, 10))
      const starts = [7, 'earliest', 'latest'] as const
      const reading = read(kafka, {
        topics: [topic],
        assigned: (partitions) =>
          Promise.resolve(partitions.map((one) => ({ ...one, offset: starts[one.partition] ?? 0 }))),
      })
      await reading.records(13)
      await produce(kafka, numbered(topic, [keys[2] ?? ''], 10, 1))
      const records = await reading.records(14)
      const offsets = (partition: number) =>
        records.filter((record) => record.partition === partition).map(({ offset }) => offset)
      expect([offsets(0), offsets(1), offsets(2)]).toEqual([[7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [10]])
    })

    test('an offset past the end is reported and not guessed; the partition stands still until it is sought', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 5))
      const reading = read(kafka, { topics: [topic], assigned: startAt(99) })
      expect(await reading.outOfRange()).toEqual({ topic, partition: 0, low: 0, high: 5, wanted: 99 })
      await produce(kafka, numbered(topic, ['a'], 5, 5))
      expect(reading.seen()).toEqual([])
      reading.consumer.seek({ topic, partition: 0, offset: 8 })
      expect((await reading.records(2)).map(({ offset }) => offset)).toEqual([8, 9])
    })

    test('an offset that retention has passed is reported, also in the middle of reading', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 5))
      const reading = read(kafka, { topics: [topic] })
      await reading.records(5)
      reading.consumer.pause({ topic, partition: 0 })
      await produce(kafka, numbered(topic, ['a'], 5, 20))
      await broker().forget({ topic, partition: 0 }, 15)
      // What was fetched before the pause may still have come.
      const next = reading.seen().length
      if (next < 15) {
        reading.consumer.resume({ topic, partition: 0 })
        expect(await reading.outOfRange()).toEqual({ topic, partition: 0, low: 15, high: 25, wanted: next })
        expect(reading.seen()).toHaveLength(next)
      }
      const late = read(kafka, { topics: [topic], assigned: startAt(3) })
      expect(await late.outOfRange()).toEqual({ topic, partition: 0, low: 15, high: 25, wanted: 3 })
      expect(late.seen()).toEqual([])
    })

    test('a partition that rests brings nothing while the others go on', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 2)
      const [resting, going] = [keyIn(0, 2), keyIn(1, 2)]
      const reading = read(kafka, {
        topics: [topic],
        assigned: async (partitions) => {
          reading.consumer.pause({ topic, partition: 0 })
          return partitions.map((one) => ({ ...one, offset: 'earliest' as const }))
        },
      })
      await produce(kafka, numbered(topic, [resting, going], 0, 20))
      const before = await reading.records(20)
      expect(before.every(({ partition }) => partition === 1)).toBe(true)
      reading.consumer.resume({ topic, partition: 0 })
      expect(await reading.records(40)).toHaveLength(40)
    })

    test('after a seek a batch from before is not owned any more, and reading goes on from there', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 10))
      const owned: boolean[] = []
      const reading = read(kafka, {
        topics: [topic],
        onBatch: async (batch) => {
          owned.push(batch.isOwned())
          if (owned.length > 1) return
          reading.consumer.seek({ topic, partition: 0, offset: 4 })
          owned.push(batch.isOwned())
        },
      })
      const records = await reading.records(16)
      expect(owned.slice(0, 2)).toEqual([true, false])
      expect(records.slice(10).map(({ offset }) => offset)).toEqual([4, 5, 6, 7, 8, 9])
    })

    test('members of a group share the partitions; whoever stays takes over those of one who leaves, from the kept offsets', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 4)
      const group = `g-${randomUUID()}`
      const offsets = new Map<number, number>()
      const values: string[] = []
      const member = () => {
        const mine = new Set<number>()
        const reading = read(kafka, {
          topics: [topic],
          group,
          assigned: (partitions) => {
            mine.clear()
            for (const { partition } of partitions) mine.add(partition)
            return Promise.resolve(partitions.map((one) => ({ ...one, offset: offsets.get(one.partition) ?? 0 })))
          },
          onBatch: (batch) => {
            const next = offsets.get(batch.partition) ?? 0
            if (batch.isOwned() && batch.records[0]?.offset === next) {
              values.push(...batch.records.map(({ key, value }) => `${key} ${String(value)}`))
              offsets.set(batch.partition, (batch.records.at(-1)?.offset ?? 0) + 1)
            }
            return Promise.resolve()
          },
        })
        return { mine, reading }
      }
      const keys = [0, 1, 2, 3].map((partition) => keyIn(partition, 4))
      const one = member()
      await until(() => one.mine.size === 4)
      const two = member()
      await until(() => one.mine.size === 2 && two.mine.size === 2)
      expect([...one.mine, ...two.mine].sort()).toEqual([0, 1, 2, 3])
      await produce(kafka, numbered(topic, keys, 0, 10))
      await until(() => values.length === 40)
      await two.reading.consumer.stop()
      await until(() => one.mine.size === 4)
      await produce(kafka, numbered(topic, keys, 10, 10))
      await until(() => values.length === 80)
      expect(new Set(values).size).toBe(80)
    })

    test('a batch that takes longer than a session keeps its member in the group', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 2)
      const group = `g-${randomUUID()}`
      const owned: boolean[] = []
      const alone: number[] = []
      for (const member of [0, 1]) {
        read(kafka, {
          topics: [topic],
          group,
          sessionTimeoutMs: 1_500,
          assigned: (partitions) => {
            alone[member] = partitions.length === 1 ? (alone[member] ?? 0) + 1 : 0
            return startAt('earliest')(partitions)
          },
          onBatch: async (batch) => {
            await new Promise((done) => setTimeout(done, 2_500))
            owned.push(batch.isOwned())
          },
        })
      }
      await until(() => alone[0] === 1 && alone[1] === 1)
      await produce(kafka, numbered(topic, [keyIn(0, 2), keyIn(1, 2)], 0, 1))
      await until(() => owned.length === 2)
      expect({ owned, alone }).toEqual({ owned: [true, true], alone: [1, 1] })
    })

    test('stopping finishes the batch under way and begins no other', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 3))
      let finished = 0
      const began = gate()
      const go = gate()
      const reading = read(kafka, {
        topics: [topic],
        onBatch: async () => {
          began.resolve()
          await go.promise
          finished++
        },
      })
      await began.promise
      const stopped = reading.consumer.stop()
      await produce(kafka, numbered(topic, ['a'], 3, 3))
      go.resolve()
      await stopped
      expect(finished).toBe(1)
      await reading.consumer.done
    })

    test('a fault of the handler, or of the one who keeps the offsets, ends the consumer with it', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 1))
      const inBatch = read(kafka, { topics: [topic], onBatch: () => Promise.reject(new RangeError('no')) })
      await expect(inBatch.consumer.done).rejects.toThrow(RangeError)
      const inOffsets = read(kafka, { topics: [topic], assigned: () => Promise.reject(new TypeError('no offsets')) })
      await expect(inOffsets.consumer.done).rejects.toThrow(TypeError)
    })

    test('a handler that never comes back loses its partition', async () => {
      const kafka = await connect()
      const topic = await topicOf(kafka, 1)
      await produce(kafka, numbered(topic, ['a'], 0, 1))
      let batch: Batch | undefined
      const hung = read(kafka, {
        topics: [topic],
        batchTimeoutMs: 300,
        onBatch: (one) => {
          batch = one
          return new Promise(() => undefined)
        },
      })
      await expect(hung.consumer.done).rejects.toThrow(BatchTimeout)
      expect(batch?.isOwned()).toBe(false)
    })
  })

  function read(kafka: Kafka, options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'topics'>) {
    const seen: IncomingRecord[] = []
    const reports: OutOfRange[] = []
    const consumer: Consumer = kafka.consume({
      assigned: startAt('earliest'),
      outOfRange: (report) => void reports.push(report),
      ...options,
      async onBatch(batch) {
        seen.push(...batch.records)
        await options.onBatch?.(batch)
      },
    })
    return {
      consumer,
      seen: () => seen,
      async records(count: number): Promise<readonly IncomingRecord[]> {
        await until(() => seen.length >= count)
        return seen
      },
      async outOfRange(): Promise<OutOfRange | undefined> {
        await until(() => reports.length > 0)
        return reports[0]
      },
    }
  }
}

const startAt =
  (offset: number | 'earliest'): ConsumeOptions['assigned'] =>
  (partitions) =>
    Promise.resolve(partitions.map((partition) => ({ ...partition, offset })))

/** For each number a record of each key, so that the keys are mixed. */
const numbered = (topic: string, keys: readonly string[], from: number, count: number): OutgoingRecord[] =>
  Array.from({ length: count }, (_, i) =>
    keys.map((key) => ({ topic, key, value: String(from + i), headers: {} })),
  ).flat()

/** A key that lies in a partition. */
function keyIn(partition: number, partitions: number): string {
  for (let i = 0; ; i++) if (partitionOf(`k${i}`, partitions) === partition) return `k${i}`
}

function gate(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${condition.toString()}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}
