import type { EventStore } from '../../infra/event-store/port.ts'
import type { Kafka, OutgoingRecord } from '../../infra/kafka/port.ts'
import { openRecords } from '../../infra/relay/records.ts'
import { topicSpecifications } from '../../infra/relay/topics.ts'

/** Partitions of each topic in tests. */
export const PARTITIONS = 3

export interface Telling {
  readonly kafka: Kafka
  readonly store: EventStore
  readonly prefix: string
  /** What becomes of the records on their way: some may be lost, told twice or spoilt. */
  readonly spoil?: (records: readonly OutgoingRecord[]) => readonly OutgoingRecord[]
  readonly pageSize?: number
}

/** Tells the topics of what is in the log after a position, page by page, acknowledged. Answers the position it came to. */
export async function tellLog(
  { kafka, store, prefix, spoil = (records) => records, pageSize = 400 }: Telling,
  after = 0,
  until = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  await kafka.ensureTopics(topicSpecifications(prefix, PARTITIONS))
  const recordsOf = openRecords({ after, epoch: await store.epoch(), prefix, partitions: () => PARTITIONS })
  const producer = await kafka.producer()
  for (let told = after; ; ) {
    const page = (await store.readAll(told, pageSize)).filter(({ position }) => position <= until)
    const last = page.at(-1)
    if (!last) {
      await producer.close()
      return told
    }
    await producer.send(spoil(recordsOf(page)))
    told = last.position
  }
}
