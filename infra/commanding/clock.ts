/** The only clock; everything else gets it handed in. */
export interface Clock {
  /** Now, RFC 3339 in UTC. */
  now(): string
}

export const systemClock: Clock = { now: () => new Date().toISOString() }
