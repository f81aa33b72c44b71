import type { Position, RecordedEvent, Subscription } from '../event-store/port.ts'
import type { PartitionOffset } from './merge.ts'
import type { UnreadableRecord } from './record.ts'

/** Where a subscriber left off: the position of its rows, and the offsets that were written with it. */
export interface Start {
  readonly after: Position
  readonly offsets: readonly PartitionOffset[]
}

/** What is handed over at once: events in the order of the log, and where the reading goes on once they are in the rows. */
export interface Page {
  readonly events: readonly RecordedEvent[]
  /** Of every partition; none where the pages do not come from Kafka. */
  readonly offsets: readonly PartitionOffset[]
  /** The log was looked through up to here, where that is further than the last event. */
  readonly upTo?: Position
}

export interface FollowOptions {
  readonly pageSize?: number
  /** Told of every record that could not be read, before the page that goes past it; awaited. */
  readonly onUnreadable?: (record: UnreadableRecord) => Promise<void>
}

/** Where projections read the log from: in its one order, page after page, from where they left off. */
export interface Feed {
  follow(start: Start, onPage: (page: Page) => Promise<void>, options?: FollowOptions): Subscription
}
