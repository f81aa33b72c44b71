import { expect, test, vi } from 'vitest'
import { appendClaims } from '../../test/support/claims.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import type { ConsumeOptions, IncomingRecord, Kafka } from '../kafka/port.ts'
import { openRecords } from '../relay/records.ts'
import { topicSpecifications } from '../relay/topics.ts'
import { noCounts } from './counts.ts'
import { openTotalOrderFeed } from './total-order.ts'

const PREFIX = 'park'

test('a record that says it lies where the log has not come yet holds up nothing of what is told behind it', async () => {
  const store = openMemoryStore()
  await appendClaims(store, 3)
  const epoch = await store.epoch()
  let reading: ConsumeOptions | undefined
  const kafka = {
    ensureTopics: () => Promise.resolve(),
    watermarks: (topic: string) => Promise.resolve([{ topic, partition: 0, low: 0, high: 0 }]),
    consume(options: ConsumeOptions) {
      reading = options
      return {
        pause: vi.fn(),
        resume: vi.fn(),
        seek: vi.fn(),
        stop: () => Promise.resolve(),
        done: new Promise<void>(() => undefined),
      }
    },
  } as unknown as Kafka
  const counts = noCounts()
  const positions: number[] = []
  const options = {
    connect: () => Promise.resolve(kafka),
    store,
    topics: topicSpecifications(PREFIX, 1),
    patienceMs: 20,
    silenceMs: 60_000,
    counts,
  }
  const subscription = openTotalOrderFeed(options).follow(
    { after: 0, offsets: [] },
    async ({ events }) => void positions.push(...events.map((e) => e.position)),
  )
  const { onBatch } = await vi.waitUntil(() => reading)

  const tell = async (after: number, from: number) => {
    const told = openRecords({ after, epoch, prefix: PREFIX, partitions: () => 1 })(await store.readAll(after, 100))
    await give(
      told.map(({ key, value, headers }, i) => ({
        ...place,
        offset: from + i,
        key,
        value: Buffer.from(value),
        headers,
        timestamp: 0,
      })),
    )
  }
  const place = { topic: `${PREFIX}.registry`, partition: 0 }
  const give = (records: readonly IncomingRecord[]) => onBatch({ ...place, records, end: 99, isOwned: () => true })
  await tell(0, 0)
  await give([
    {
      ...place,
      offset: 3,
      key: 'x',
      value: null,
      headers: { position: '999999999999', previous: '3', epoch },
      timestamp: 0,
    },
  ])
  await vi.waitFor(() => expect([positions, counts.unreadable]).toEqual([[1, 2, 3], 1]))
  await new Promise((done) => setTimeout(done, 50))
  await appendClaims(store, 3)
  await tell(3, 4)
  await vi.waitFor(() => expect(positions).toEqual([1, 2, 3, 4, 5, 6]), { timeout: 3_000 })
  await subscription.stop()
})
