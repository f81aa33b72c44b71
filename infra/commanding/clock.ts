import { v7 } from 'uuid'

/** The only clock and the only source of ids; everything else gets them handed in. */
export interface Clock {
  /** Now, RFC 3339 in UTC. */
  now(): string
}
export interface Ids {
  /** A new UUIDv7. */
  next(): string
}

export const systemClock: Clock = { now: () => new Date().toISOString() }
export const systemIds: Ids = { next: () => v7() }
