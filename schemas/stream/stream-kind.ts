import type { WasteStream } from '../values/waste.ts'
import type { AnyEvent, AnyEventFrom, ErasedRow } from './event-row.ts'
import type { Channel } from './message.ts'

/**
 * What says whom events of a stream concern: `history`, every event of the stream up to now, the earlier for the later and the later for the
 * earlier; `event`, each event by itself; `id`, the name of the stream, together with the units that the event itself names.
 */
export type ConcernFrom =
  | { readonly from: 'history' }
  | { readonly from: 'event' }
  | { readonly from: 'id'; units(id: string): readonly string[]; readonly streams: readonly WasteStream[] }

/** What findings about a stream's events are filed under. */
export interface Subject {
  readonly kind:
    | 'lot'
    | 'manifest'
    | 'treatment'
    | 'unit'
    | 'claim'
    | 'finding'
    | 'case'
    | 'outage'
    | 'correction'
    | 'hold'
  readonly id: string
}

export interface Declaration<Name extends string, State, Rows> {
  /** Streams are named `<name>-<id>`. */
  readonly name: Name
  /** Topic that its events go to. */
  readonly channel: Channel
  readonly initial: State
  readonly concern: ConcernFrom
  subjectOf(id: string): Subject
  readonly events: Rows
  /** What every event changes beside the step of its own row. */
  settle?(before: State, after: State, event: AnyEventFrom<Rows>): State
}

export interface StreamKind<Name extends string, State, Rows> extends Declaration<Name, State, Rows> {
  /** The fold of its events: total, in the order of the stream. */
  evolve(state: State, event: AnyEventFrom<Rows>): State
}

/** A kind whose state and events a table does not know. */
export interface ErasedKind {
  readonly name: string
  readonly channel: Channel
  readonly initial: unknown
  readonly concern: ConcernFrom
  subjectOf(id: string): Subject
  readonly events: object
  evolve(state: unknown, event: AnyEvent): unknown
}

/** Declares a kind of stream. Everything that the system knows of its events is read from here. */
export function streamKind<const Name extends string, State, Rows extends object>(
  declaration: Declaration<Name, State, Rows>,
): StreamKind<Name, State, Rows> {
  const rows = declaration.events as Readonly<Record<string, ErasedRow>>
  const { settle } = declaration
  const step = (state: State, event: AnyEventFrom<Rows>): State => {
    const row = rows[event.type]
    if (!row) throw new Error(`${event.type} is no event of a ${declaration.name}`)
    return row.fold(state, event) as State
  }
  return {
    ...declaration,
    evolve: settle ? (state, event) => settle(state, step(state, event), event) : step,
  }
}
