/** Where a node may be reached. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/**
 * States of a node that its clients notice (VNodeState of the server). `cut-off-leader` is a leader that has lost its cluster and does not know it
 * yet: it answers reads by what it had, and no write of its own reaches a quorum.
 */
export type NodeState =
  | 'leader'
  | 'resigning-leader'
  | 'pre-leader'
  | 'follower'
  | 'discover-leader'
  | 'unknown'
  | 'cut-off-leader'

/** A node as gossip describes it. */
export interface Member extends Endpoint {
  readonly state: NodeState
  readonly isAlive: boolean
}

/** How the stand-in behaves; every field may be changed while it runs. The defaults are those of a server 24.10.0 that leads. */
export interface Behaviour {
  /** Told to clients, and what decides how appends are measured. */
  version: string
  state: NodeState
  /** Who leads, as far as this node knows. */
  leader: Endpoint | undefined
  /** False: a node that does not lead says so without saying who does ("No leader info available in response"). */
  tellsLeader: boolean
  /** True: refusals of an append that came in a batch are answered in it, and the call lives on. False: they end the call. */
  answersInBand: boolean
  /** True: nodes in Unknown and DiscoverLeader answer reads that require a leader. */
  readsWithoutLeader: boolean
  /** The last position of the log that this node has; all of it where undefined. */
  knowsUpTo: number | undefined
  /** An append counts for the expected revision of the next at once, and is answered and readable only so many milliseconds later. */
  readableAfterMs: number
  /** After so long an append that reached no quorum is answered with a timeout. */
  writeTimeoutMs: number
  /** True: after the client's half-close a batch gets one more answer and the rest is dropped; without any it never ends. */
  dropsAfterHalfClose: boolean
  /** MaxAppendSize, where it is not the default of the version. */
  maxAppendSize: number | undefined
  /** True: `$all` is refused to every login, as it is to one outside `$admins`. */
  refusesAll: boolean
  /** The members that this node's gossip names; itself alone where undefined. */
  gossip: (() => readonly Member[]) | undefined
}

export const openBehaviour = (given: Partial<Behaviour> = {}): Behaviour => ({
  version: '24.10.0',
  state: 'leader',
  leader: undefined,
  tellsLeader: true,
  answersInBand: true,
  readsWithoutLeader: true,
  knowsUpTo: undefined,
  readableAfterMs: 0,
  writeTimeoutMs: 2_000,
  dropsAfterHalfClose: true,
  maxAppendSize: undefined,
  refusesAll: false,
  gossip: undefined,
  ...given,
})

export interface SizeRule {
  /** Bytes that one event counts. */
  sizeOf(event: { readonly type: string; readonly data: Uint8Array; readonly metadata: Uint8Array }): number
  /** Most that an append may count, and each of its events. */
  readonly append: number
  readonly event: number
}

/** How a version measures appends: Event.SizeOnDisk, MaxAppendSize and MaxAppendEventSize of 24.10.0, 24.10.4, 25.0.0 and 25.1.0. */
export function sizeRule({ version, maxAppendSize }: Pick<Behaviour, 'version' | 'maxAppendSize'>): SizeRule {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const rank = major * 1_000_000 + minor * 1_000 + patch
  const whole = rank >= 24_010_004
  const append = maxAppendSize ?? (rank >= 25_001_000 ? 256 * 1_048_576 : 1_048_576)
  return {
    sizeOf: ({ type, data, metadata }) => (whole ? data.length + metadata.length + 2 * type.length : data.length),
    append,
    event: rank >= 25_001_000 ? 16 * 1_048_576 : Number.POSITIVE_INFINITY,
  }
}
