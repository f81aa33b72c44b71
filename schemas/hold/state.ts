import type { EventActor } from '../event.ts'
import { streamKind } from '../stream/stream-kind.ts'
import type { WasteStream } from '../values/waste.ts'
import { holdEvents, type KeptFinding, type KeptRefusal } from './events.ts'

/**
 * `released`: an official has decided and the act is being done; a process that dies on the way is made up for by the policy runner. `done`: the
 * act was done, and the sender's key answers as the act.
 */
export const HOLD_STATUSES = ['waiting', 'released', 'done', 'rejected', 'withdrawn', 'expired'] as const
export type HoldStatus = (typeof HOLD_STATUSES)[number]

/** What was held. Spelled out, because the events fold to it. */
export interface Held {
  readonly route: string
  readonly command: Readonly<Record<string, unknown>>
  readonly sender: EventActor
  readonly provenance: 'live' | 'book'
  readonly findings: readonly KeptFinding[]
  readonly subject: string
  readonly units: readonly string[]
  readonly streams: readonly WasteStream[]
}

/** A command that waits for an official, or did. */
export interface HeldCommand {
  readonly status: HoldStatus
  readonly held: Held
  /** When it was held, RFC 3339. */
  readonly heldAt: string
  /** What it waits for, with what was added when it was decided again. */
  readonly findings: readonly KeptFinding[]
  /** Findings that officials have released so far. */
  readonly released: readonly KeptFinding[]
  /** Why the act was refused when it was last decided again. */
  readonly blockedBy: readonly KeptRefusal[]
  /** What the official said, or the sender who withdrew it. */
  readonly reason?: string
  /** When it was last decided on, RFC 3339. */
  readonly decidedAt?: string
  /** Stream that the act was appended to. */
  readonly done?: string
}
export type Hold = { readonly status: 'none' } | HeldCommand

export const noHold: Hold = { status: 'none' }

/** A command that waits for an official, stream `hold-<id>`. */
export const holds = streamKind<'hold', Hold, typeof holdEvents>({
  name: 'hold',
  channel: 'law',
  initial: noHold,
  concern: { from: 'event' },
  subjectOf: (id) => ({ kind: 'hold', id }),
  events: holdEvents,
})
export const evolveHold = holds.evolve
export const holdFold = { initial: noHold, evolve: evolveHold }
