import { keyOf, toIntegration } from '../../schemas/integration/cloud-event.ts'
import { headersOf } from '../../schemas/integration/headers.ts'
import { channelOf, isEventType } from '../../schemas/integration/messages.ts'
import type { Position, RecordedEvent } from '../event-store/port.ts'
import { partitionOf } from '../kafka/partition.ts'
import type { OutgoingRecord } from '../kafka/port.ts'
import { topicOf } from './topics.ts'

export interface Chain {
  /** Position from which on events are told. */
  readonly after: Position
  readonly epoch: string
  readonly prefix: string
  /** Partitions of a topic, as the brokers have them. */
  readonly partitions: (topic: string) => number
}

/**
 * Makes records of the log, page after page, each chained twice: to the event before it in the whole log, and to the one before it in its
 * own partition, so that who reads one partition alone sees a hole as well. Of a partition that nothing was told to yet it is only
 * known that there was nothing since `after`.
 */
export function openRecords({
  after,
  epoch,
  prefix,
  partitions,
}: Chain): (page: readonly RecordedEvent[]) => OutgoingRecord[] {
  const told = new Map<string, Position>()
  let previous = after

  /** @throws where only a later system has a message for the event; going past it would break the chain for everybody. */
  function recordOf(event: RecordedEvent): OutgoingRecord {
    if (!isEventType(event.type)) throw new Error(`no message tells of ${event.type}: a newer relay is needed`)
    const [topic, key] = [topicOf(channelOf(event.type), prefix), keyOf(event)]
    const partition = `${topic}/${partitionOf(key, partitions(topic))}`
    const headers = headersOf(event, { previous, before: told.get(partition) ?? after, epoch })
    told.set(partition, event.position)
    previous = event.position
    return { topic, key, value: JSON.stringify(toIntegration(event)), headers }
  }

  return (page) => page.map(recordOf)
}
