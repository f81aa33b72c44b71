/**
 * What we use of @platformatic/kafka 1.35.0, by hand: the package is installed only where it is wanted (`library.ts`),
 * and types must be there without it. `library.test.ts` holds them against those of the package.
 */
export interface Library {
  readonly Admin: new (options: BaseOptions) => Admin
  readonly Consumer: new (options: BaseOptions & { groupId: string }) => Consumer
  readonly Producer: new (
    options: BaseOptions & { idempotent: boolean; serializers: Serializers<Buffer | string> },
  ) => Producer
  readonly ListOffsetTimestamps: { readonly EARLIEST: bigint; readonly LATEST: bigint }
  readonly stringSerializers: Serializers<string>
}

/** Times in milliseconds. */
export interface BaseOptions {
  clientId: string
  bootstrapBrokers: string[]
  connectTimeout: number
  requestTimeout: number
  retries: number
  retryDelay: number
}

type Serializer<T> = (data?: T) => Buffer | undefined
interface Serializers<Value> {
  key: Serializer<string>
  value: Serializer<Value>
  headerKey: Serializer<string>
  headerValue: Serializer<string>
}

interface Closing {
  /** By force: requests under way are given up. */
  close(force: boolean, callback: (fault: Error | null | undefined) => void): void
}

export interface Admin {
  createTopics(options: {
    topics: string[]
    partitions: number
    replicas?: number
    configs: { name: string; value: string }[]
  }): Promise<unknown>
  clearMetadata(): void
  close(): Promise<void>
}

export interface Producer extends Closing {
  initIdempotentProducer(options: object): Promise<unknown>
  send(options: {
    acks: number
    messages: {
      topic: string
      partition: number
      key: string
      value: Buffer | string
      headers: Record<string, string>
    }[]
  }): Promise<ProduceResult>
  clearMetadata(): void
}

export interface ProduceResult {
  offsets?: { topic: string; partition: number }[]
}

export interface Consumer extends Closing {
  readonly topics: { trackAll(...topics: string[]): unknown }
  metadata(options: { topics: string[]; forceUpdate?: boolean }): Promise<ClusterMetadata>
  clearMetadata(): void
  listOffsets(options: { topics: string[]; timestamp: bigint }): Promise<Map<string, bigint[]>>
  fetch(options: FetchOptions): Promise<FetchResponse>
  joinGroup(options: { sessionTimeout: number; heartbeatInterval: number; rebalanceTimeout: number }): Promise<unknown>
  on(event: 'consumer:group:join', listener: (joined: { assignments?: GroupAssignment[] }) => void): unknown
  on(event: 'consumer:group:rebalance', listener: () => void): unknown
  on(event: 'consumer:heartbeat:error', listener: (failed: { error: Error }) => void): unknown
  on(event: 'error', listener: (fault: Error) => void): unknown
}

export interface GroupAssignment {
  topic: string
  partitions: number[]
}

export interface ClusterMetadata {
  /** By the node's id. */
  brokers: Map<number, unknown>
  topics: Map<string, { id: string; partitions: { leader: number }[]; partitionsCount: number }>
}

export interface FetchOptions {
  node: number
  maxWaitTime: number
  minBytes: number
  maxBytes: number
  topics: {
    topicId: string
    partitions: {
      partition: number
      currentLeaderEpoch: number
      fetchOffset: bigint
      lastFetchedEpoch: number
      partitionMaxBytes: number
    }[]
  }[]
}

export interface FetchResponse {
  errorCode: number
  responses: { topicId: string; partitions: FetchResponsePartition[] }[]
}

export interface FetchResponsePartition {
  partitionIndex: number
  errorCode: number
  highWatermark: bigint
  records?: RecordsBatch[]
}

interface RecordsBatch {
  firstOffset: bigint
  lastOffsetDelta: number
  attributes: number
  firstTimestamp: bigint
  records: {
    offsetDelta: number
    timestampDelta: bigint
    key: Buffer | null
    value: Buffer | null
    headers: [Buffer | null, Buffer | null][]
  }[]
}
