import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Kafka, OutgoingRecord, TopicSpecification } from '../../infra/kafka/port.ts'
import { channelOf, isEventType } from '../../schemas/integration/messages.ts'
import { keyOf, toIntegration } from '../../schemas/integration/cloud-event.ts'
import { headersOf } from '../../schemas/integration/headers.ts'
import { CHANNELS } from '../../schemas/integration/message.ts'

/** Topics of one test, apart from everybody else's on the same broker. */
export const topicsOf = (prefix: string, partitions = 3): readonly TopicSpecification[] =>
  CHANNELS.map((channel) => ({ topic: `${prefix}.${channel}`, partitions }))

/** The record that tells of an event, as the relay sends it. */
export function recordOf(prefix: string, event: RecordedEvent, previous: number, epoch: string): OutgoingRecord {
  if (!isEventType(event.type)) throw new Error(`nobody tells of ${event.type}`)
  return {
    topic: `${prefix}.${channelOf(event.type)}`,
    key: keyOf(event),
    value: JSON.stringify(toIntegration(event)),
    headers: headersOf(event, { previous, epoch }),
  }
}

export interface Telling {
  readonly kafka: Kafka
  readonly store: EventStore
  readonly prefix: string
  /** What becomes of the records on their way: some may be lost, told twice or spoilt. */
  readonly spoil?: (records: readonly OutgoingRecord[]) => readonly OutgoingRecord[]
  readonly partitions?: number
}

/** Tells the topics of everything in the log after a position, page by page, acknowledged. Answers the position it came to. */
export async function tellLog({ kafka, store, prefix, spoil = (records) => records, partitions }: Telling, after = 0): Promise<number> {
  await kafka.ensureTopics(topicsOf(prefix, partitions))
  const epoch = await store.epoch()
  const producer = await kafka.producer()
  let previous = after
  for (;;) {
    const page = await store.readAll(previous, 400)
    if (page.length === 0) break
    const records = page.map((event) => {
      const record = recordOf(prefix, event, previous, epoch)
      previous = event.position
      return record
    })
    await producer.send(spoil(records))
  }
  await producer.close()
  return previous
}
