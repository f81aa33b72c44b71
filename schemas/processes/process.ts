import type { Terms } from '../calendar/terms.ts'
import type { EventMetadata, Provenance } from '../event.ts'
import type { AboutFinding, RaisedFinding } from '../finding/events.ts'
import type { Moment } from '../values/time.ts'
import type { DomainEvent, EventType } from '../streams.ts'

/** What a command that follows from an event inherits of it. */
export interface Cause {
  readonly eventId: string
  readonly correlationId: string
  readonly provenance: Provenance
}

/** A recorded event as a process manager sees it, its data in the newest schema. */
export interface Happened {
  readonly stream: string
  /** When the store took it, RFC 3339 in UTC. */
  readonly recordedAt: Moment
  readonly event: DomainEvent
  readonly cause: Cause
}

/** Commands of process managers, as data: the services know how each is carried out. */
export type ProcessCommand =
  | {
      readonly type: 'abandon-filing'
      readonly manifest: string
      readonly reserved: readonly { readonly lot: string; readonly line: number }[]
    }
  | { readonly type: 'release-reservation'; readonly manifest: string; readonly line: number; readonly lot: string }
  | { readonly type: 'abandon-treatment'; readonly treatment: string }
  | { readonly type: 'end-set-aside'; readonly treatment: string; readonly lot: string }
  | { readonly type: 'expire-hold'; readonly hold: string }

/** What is done when a deadline is due: a command, or a finding that is raised or settled. */
export type Effect =
  | { readonly type: 'send'; readonly command: ProcessCommand }
  | { readonly type: 'raise'; readonly finding: RaisedFinding }
  | { readonly type: 'settle'; readonly finding: AboutFinding; readonly late?: boolean }

/** Something that is to be done at an instant, unless an event cancels it before. */
export interface Deadline {
  /** Unique within its instance. The same key with the same cause is the same command, however often it is sent. */
  readonly key: string
  /** When it is due by law or rule: the time of the act of what then follows. Undefined where no calendar reaches so far. */
  readonly due: Moment | undefined
  /** Earliest time of the store's clock at which it is carried out; the due instant without it. */
  readonly notBefore?: Moment
  readonly cause: Cause
  readonly effect: Effect
}

/**
 * A process manager: what must follow from events of several streams, some of it later. A pure decider whose decision is the list of all
 * deadlines of its state, so that scheduling and cancelling are one thing: what the list no longer holds is cancelled. What is to
 * follow at once is a deadline that is due already.
 */
export interface ProcessManager<S = unknown> {
  readonly name: string
  readonly on: readonly EventType[]
  /** Whether its deadlines are terms of law, which a declared outage lengthens. */
  readonly isTimed?: true
  /** The instance that an event is about; undefined where it is about none. */
  instanceOf(happened: Happened): string | undefined
  /** State of an instance of which nothing happened yet. */
  readonly initial: S
  /** Undefined where nothing can follow any more: the instance is forgotten. */
  evolve(state: S, happened: Happened, terms: Terms): S | undefined
  deadlines(state: S, terms: Terms): readonly Deadline[]
}

/** Infers the state of a process manager, then forgets it, so that all of them are one list. */
export const processManager = <S>(process: ProcessManager<S>): ProcessManager => process

export const causeOf = (
  eventId: string,
  {
    commandId,
    correlationId = commandId,
    provenance,
  }: Pick<EventMetadata, 'commandId' | 'correlationId' | 'provenance'>,
): Cause => ({ eventId, correlationId, provenance })
