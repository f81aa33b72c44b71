/** Place in a partition. Opaque but ordered; `earliest` and `latest` are what the broker has at the moment of asking. */
export type Offset = number

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** What is sent. The partition follows from the key (`partition.ts`), the same for every client. */
export interface OutgoingRecord {
  readonly topic: string
  readonly key: string
  readonly value: string | Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** What is read. Headers are text; of one that came several times the last counts. */
export interface IncomingRecord extends TopicPartition {
  readonly offset: Offset
  /** Null only in records that are not ours. */
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds since 1970, by the sender's clock. */
  readonly timestamp: number
}

export interface Batch extends TopicPartition {
  /** In order of their offsets, at least one. Offsets may have holes (what a transaction or a compaction left out). */
  readonly records: readonly IncomingRecord[]
  /** Offset that the next record of the partition will get, as of this fetch. */
  readonly end: Offset
  /**
   * Whether these records are still this consumer's to handle: false once the partition was taken away or sought elsewhere, or the
   * consumer ended. Ask before each effect; what really keeps a former owner out is the fence in the effect's own transaction.
   */
  isOwned(): boolean
}

/** First offset that is still there, and the one that the next record will get. */
export interface Watermarks extends TopicPartition {
  readonly low: Offset
  readonly high: Offset
}

/** The offset asked for is not there (any more): retention has passed it, or the topic is another one than before. */
export interface OutOfRange extends Watermarks {
  readonly wanted: Offset
}

export interface StartOffset extends TopicPartition {
  readonly offset: Offset | 'earliest' | 'latest'
}

export interface ConsumeOptions {
  readonly topics: readonly string[]
  /** Shares the partitions with everybody of the same group. Without one this consumer reads all partitions, whoever else does. */
  readonly group?: string
  /**
   * Told of the partitions that this consumer has from now on; answers where to begin in each of them, from where the caller keeps its
   * offsets. Nothing is read before. The group's own committed offsets are never used nor written. After a rebalance it is told of
   * everything that it then has, also of what it had before.
   */
  readonly assigned: (partitions: readonly TopicPartition[]) => Promise<readonly StartOffset[]>
  /** Told that partitions are no longer this consumer's, before `assigned` tells of the next ones. Batches under way are not owned any more. */
  readonly revoked?: (partitions: readonly TopicPartition[]) => void
  /**
   * Called with one batch of a partition at a time; of different partitions with several at once. Membership in the group is kept up
   * meanwhile. A fault that it throws ends the consumer, and `done` rejects with it.
   */
  readonly onBatch: (batch: Batch) => Promise<void>
  /** Instead of the silent jump to either end of a partition. The partition stands still until it is sought. */
  readonly outOfRange: (report: OutOfRange) => void
  /** Told of faults of the connection, which are tried again for as long as it takes. */
  readonly onFault?: (fault: unknown) => void
  /** Most that a fetch brings of one partition, bytes (but at least one record). What is fetched and not yet handled is at most one fetch a partition. */
  readonly maxBytesPerPartition?: number
  /** How long a group waits for a member that is not heard of before its partitions go to others, milliseconds; 6 s by default. */
  readonly sessionTimeoutMs?: number
  /** Longest that `onBatch` may take, milliseconds: then the consumer ends with a fault and its partitions go to somebody else. */
  readonly batchTimeoutMs?: number
}

export interface Consumer {
  /** Lets a partition rest; a batch that was fetched before may still come. Lifted by `resume`, and by the next assignment. */
  pause(partition: TopicPartition): void
  resume(partition: TopicPartition): void
  /** Goes on elsewhere in a partition; batches of before are not owned any more. A partition that is not ours is left alone. */
  seek(start: StartOffset): void
  /** Leaves the group; batches under way are finished first. */
  stop(): Promise<void>
  /** Settles when the consumer was stopped; rejects with the fault of `assigned` or `onBatch` that ended it. */
  readonly done: Promise<void>
}

export interface Producer {
  /**
   * Sends records, those of one partition in the given order, and settles when all of them lie with all in-sync replicas. Of one
   * partition one send is under way at a time, whatever is called at once.
   * @throws KafkaUnavailable which makes the producer void: part of the records may be written, and were another batch to follow under
   *   the same producer's sequence numbers, the broker could take it for the lost one and drop it. Open a new producer and send again
   *   from the last place known to be acknowledged.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>
  close(): Promise<void>
}

export interface TopicSpecification {
  readonly topic: string
  readonly partitions: number
  /** Copies of each partition; by default what the broker is configured to. */
  readonly replicas?: number
  /** Settings of the topic by Kafka's names, for a topic that is made. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Kafka as far as this system needs it. Both adapters pass `contract.ts`. */
export interface Kafka {
  /**
   * Creates topics that are missing.
   * @throws TopicMismatch where one exists with another number of partitions: keys would move, and with them the order of their records
   */
  ensureTopics(topics: readonly TopicSpecification[]): Promise<void>
  /** Both ends of every partition of a topic, in order of partitions. */
  watermarks(topic: string): Promise<readonly Watermarks[]>
  producer(): Promise<Producer>
  consume(options: ConsumeOptions): Consumer
  /** Stops every consumer and producer. */
  close(): Promise<void>
}
