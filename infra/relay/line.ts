import { SpanKind } from '@opentelemetry/api'
import { LaterEvent } from '../../schemas/stream/registry.ts'
import { streams } from '../../schemas/streams.ts'
import type { RecordedEvent } from '../event-store/port.ts'
import type { Producer } from '../kafka/port.ts'
import { spannedIfTraced } from '../telemetry/spans.ts'
import type { Mark } from './mark.ts'
import { openRecords } from './records.ts'

export interface LineOptions {
  readonly producer: Producer
  readonly mark: Mark
  readonly epoch: string
  readonly topicPrefix: string
  /** Partitions of a topic, as the brokers have them. */
  readonly partitions: (topic: string) => number
}

/** Pages on their way to Kafka, in order. */
export interface Line {
  /** Sends a page behind those before it; settles when no more than this one is under way. @throws what one of those before failed with */
  take(page: readonly RecordedEvent[]): Promise<void>
  /** Settles when everything taken is acknowledged and marked. */
  settled(): Promise<void>
  /** Rejects with the first fault of a page. */
  readonly failed: Promise<never>
}

/**
 * While a page is sent the next one is read and made into records; it then waits behind it, partition by partition. The mark is moved
 * after the acknowledgement of all its records and never before that of an earlier page, so a crash repeats at most two pages.
 */
export function openLine({ producer, mark, epoch, topicPrefix, partitions }: LineOptions): Line {
  const recordsOf = openRecords({ after: mark.position(), epoch, prefix: topicPrefix, partitions })
  let tail: Promise<void> = Promise.resolve()
  let fail: (fault: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => undefined)

  async function acknowledged(last: number, before: Promise<void>, sent: Promise<void>): Promise<void> {
    // Its fault is told when it is the turn of this page.
    sent.catch(() => undefined)
    await before
    await sent
    await mark.move(last)
  }

  async function send(page: readonly RecordedEvent[]): Promise<void> {
    const last = page.at(-1)
    if (!last) return
    // Before anything is sent and not beside it: the pages must come to the producer in their order.
    await mark.confirm()
    const before = tail
    const records = recordsOf(page)
    tail = spannedIfTraced(
      'relay page',
      {
        kind: SpanKind.PRODUCER,
        links: () => page.map(({ metadata }) => metadata.traceparent),
        attributes: () => ({ 'messaging.batch.message_count': page.length }),
      },
      () => acknowledged(last.position, before, producer.send(records)),
    )
    tail.catch(fail)
    await before
  }

  return {
    failed,
    async take(taken) {
      // What goes before an event of a later system is sent; the term ends at the event itself, and the mark stays before it until the relay is upgraded.
      const later = taken.find((event) => !streams.knows(event))
      const page = later ? taken.slice(0, taken.indexOf(later)) : taken
      if (page.length > 0) await send(page)
      if (!later) return
      await tail
      throw new LaterEvent(
        `${later.type} version ${later.schemaVersion} at position ${later.position} is of a later system: upgrade the relay`,
      )
    },
    settled: () => tail,
  }
}
