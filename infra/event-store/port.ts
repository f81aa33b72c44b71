import type { EventMetadata } from '../../schemas/event.ts'

/**
 * A place in the log: ordered and opaque. Nothing outside an adapter may assume that positions have no gaps or start at 1;
 * 0 is before the first event. On the wire it is a string of digits.
 */
export type Position = number

export interface NewEvent {
  readonly type: string
  readonly schemaVersion: number
  /** RFC 3339 with offset: when it happened, as claimed. */
  readonly occurredAt: string
  readonly data: object
  readonly metadata: EventMetadata
}

export interface RecordedEvent {
  readonly position: Position
  readonly stream: string
  /** Place in its stream, from 1. */
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly schemaVersion: number
  readonly occurredAt: string
  /** RFC 3339 in UTC, microseconds: when the store took it. Never decreases along positions. */
  readonly recordedAt: string
  readonly data: object
  readonly metadata: EventMetadata
}

export interface AppendRequest {
  readonly stream: string
  /** Number of events that the stream must hold; 0: it must not exist yet; `any`: no check. */
  readonly expected: number | 'any'
  /** UUID. A second append with the same id changes nothing and gets the first answer. */
  readonly commandId: string
  /** What was asked, as SHA-256 in hex; the same command id with another digest is `reused`. */
  readonly digest?: string
  readonly events: readonly NewEvent[]
}

/** Where the events of one command lie: `revision` and `position` are those of its last event. */
export interface Receipt {
  readonly stream: string
  readonly revision: number
  readonly position: Position
  readonly firstPosition: Position
  readonly count: number
  readonly digest: string | undefined
}

export type AppendResult =
  | ({ readonly outcome: 'appended' } & Receipt)
  /** The same command was appended before: its first answer. */
  | ({ readonly outcome: 'replayed' } & Receipt)
  /** The command id was used before for something else. */
  | { readonly outcome: 'reused' }
  /** The stream holds another number of events; `revision` is that number. */
  | { readonly outcome: 'conflict'; readonly revision: number }
  | { readonly outcome: 'closed' }

export interface ReadStreamOptions {
  /** First revision to read; 1 by default. */
  readonly from?: number
  readonly limit?: number
}

export interface Subscription {
  /** Ends the subscription; pages under way are finished first. */
  stop(): Promise<void>
  /** Settles when the subscription ended; rejects with the fault that ended it. */
  readonly done: Promise<void>
}

/**
 * The event store: one log in one order, made of streams. Every adapter passes `contract.ts`.
 * Faults are thrown: StoreBusy (queue full, try again), StoreUnavailable (the outcome is in doubt; send the same command id again).
 */
export interface EventStore {
  append(request: AppendRequest): Promise<AppendResult>
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]>
  /** At most `limit` events after `after`, in order. An empty page means the end of the log. */
  readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]>
  /** Calls `onPage` with every page after `after`, in order, one at a time; the caller keeps its own checkpoint. */
  subscribe(
    after: Position,
    onPage: (page: readonly RecordedEvent[]) => Promise<void>,
    options?: { readonly pageSize?: number },
  ): Subscription
  /** What was appended under these command ids; ids that were not used are left out. */
  receipts(commandIds: readonly string[]): Promise<ReadonlyMap<string, Receipt>>
  /** Position of the newest event, 0 in an empty log. */
  head(): Promise<Position>
  /** Last position recorded at or before a moment (RFC 3339): what the system knew then. */
  positionAt(moment: string): Promise<Position>
  /** Changes when the log is restored from a backup; a checkpoint of another epoch is void. */
  epoch(): Promise<string>
  close(): Promise<void>
}
