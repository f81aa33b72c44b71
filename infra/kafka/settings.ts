/** Where Kafka is and how to speak to it. */
export interface KafkaConnection {
  /** `host:port`, at least one that answers. */
  readonly brokers: readonly string[]
  /** Names this process in the brokers' logs and metrics. */
  readonly clientId: string
}

/** Longest that a record without acknowledgement is tried again, milliseconds. */
export const SEND_PATIENCE_MS = 60_000
/** Of requests that are no sends: metadata, topics, watermarks. */
export const ADMIN_PATIENCE_MS = 30_000
export const CONNECT_TIMEOUT_MS = 3_000
export const REQUEST_TIMEOUT_MS = 10_000
export const FIRST_RETRY_MS = 100
export const LAST_RETRY_MS = 1_000

/** A member that was killed is missed after this; below 6 s the brokers need `group.min.session.timeout.ms`. */
export const SESSION_TIMEOUT_MS = 6_000
/** One that is lost on the way does not end a session. */
export const heartbeatOf = (sessionTimeoutMs: number): number => Math.floor(sessionTimeoutMs / 6)
/** How long a broker keeps a fetch that finds nothing new. Stopping waits for it, and so does a partition that was resumed. */
export const FETCH_WAIT_MS = 100
export const FETCH_BYTES = 10 * 1_024 * 1_024
export const PARTITION_BYTES = 1_024 * 1_024
export const BATCH_TIMEOUT_MS = 60_000

/** Text of a header as it came: of several with one name the last. */
export const headerText = (value: Buffer | string | readonly (Buffer | string)[] | null | undefined): string => {
  const last = Array.isArray(value) ? value.at(-1) : value
  return last === null || last === undefined ? '' : last.toString()
}
