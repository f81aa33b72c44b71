import type { Step } from '../mass/steps.ts'
import { businessDay, type Day } from '../values/time.ts'
import type { WasteStream } from '../values/waste.ts'
import { namedBy } from './concerning.ts'
import { NO_MASS, type AnyEvent, type ErasedRow, type Happened } from './event-row.ts'
import { messageOf, type Message } from './message.ts'
import type { ErasedKind } from './stream-kind.ts'

/** One type of event with what is derived from its row. */
export interface EventDefinition {
  readonly type: string
  readonly kind: ErasedKind
  readonly row: ErasedRow
  /** Newest version of its data. */
  readonly version: number
  readonly message: Message
}

/** Double entries to be made: on which business day, by which steps. */
export interface Posting {
  readonly day: Day
  readonly steps: readonly Step[]
}

/**
 * Whom a thing concerns: every unit that has or had a part in it, and the streams of waste that it is about. The one source of who may see an
 * event: the read models keep it as columns, the feed folds it from the log, and `canRead` (infra/identity/visibility.ts) judges either.
 */
export interface Concern {
  readonly units: readonly string[]
  readonly streams: readonly WasteStream[]
}
export const NO_CONCERN: Concern = { units: [], streams: [] }

/** A fold of the events of one kind of stream into whom it concerns. */
export interface ConcernFold {
  readonly initial: Concern
  evolve(known: Concern, event: AnyEvent): Concern
}

/** An event that a later version of this system wrote: its meaning is not to be guessed at, and it is not to be passed over. */
export class LaterEvent extends Error {
  override readonly name = 'LaterEvent'
}

export interface Registry {
  readonly kinds: readonly ErasedKind[]
  readonly definitions: ReadonlyMap<string, EventDefinition>
  /** The kind and the id that a stream's name says; undefined of a stream of another system. */
  streamOf(stream: string): { readonly kind: ErasedKind; readonly id: string } | undefined
  /** Whether this code knows the event's type and the version of its schema. */
  knows(event: { readonly type: string; readonly schemaVersion: number }): boolean
  /** The data of an event led up, version by version, to the newest schema. @throws where only a later system knows it */
  newestData(event: { readonly type: string; readonly schemaVersion: number; readonly data: unknown }): unknown
  /** What an event does to mass; nothing where its row says so. */
  postingOf(event: AnyEvent): Posting | undefined
  /** Units that an event names and that are not among these. Of most events: none. */
  unitsJoining(event: AnyEvent, units: readonly string[]): readonly string[]
  /** The fold for a stream whose history says whom its events concern; undefined where each event says it by itself. */
  concernFoldOf(stream: string): ConcernFold | undefined
  /** Whom an event concerns. `ofStream`: whom its stream concerns, where its history says it. */
  concernOfEvent(
    event: { readonly type: string; readonly stream: string; readonly data: object },
    ofStream: Concern,
  ): Concern
}

function definitionsOf(kinds: readonly ErasedKind[]): ReadonlyMap<string, EventDefinition> {
  const definitions = new Map<string, EventDefinition>()
  const names = new Set<string>()
  for (const kind of kinds)
    for (const [type, row] of Object.entries(kind.events) as [string, ErasedRow][]) {
      if (definitions.has(type)) throw new Error(`two kinds of stream have an event ${type}`)
      const version = 1 + (row.upcasters?.length ?? 0)
      const message = messageOf(kind.name, kind.channel, { type, version, schema: row.schema, en: row.en }, row.public)
      if (names.has(message.name)) throw new Error(`two events are published as ${message.name}`)
      names.add(message.name)
      definitions.set(type, { type, kind, row, version, message })
    }
  return definitions
}

const NO_UNITS: readonly string[] = []
const NO_STEPS: readonly Step[] = []

function joining({ concerns }: ErasedRow, data: object, units: readonly string[]): readonly string[] {
  const named = namedBy(concerns, data)
  if (named === undefined) return NO_UNITS
  let found: string[] | undefined
  for (const unit of named.units)
    if (unit !== undefined && !units.includes(unit) && !found?.includes(unit)) (found ??= []).push(unit)
  return found ?? NO_UNITS
}

function concernAfter(known: Concern, row: ErasedRow, data: object): Concern {
  const { concerns } = row
  if (concerns === 'ends') return NO_CONCERN
  const named = namedBy(concerns, data)
  const begun = known.units.length > 0 || (typeof concerns === 'object' && 'begins' in concerns)
  if (named === undefined || !begun) return known
  const units = joining(row, data, known.units)
  const streams = named.streams === undefined ? known.streams : [...new Set(named.streams)]
  const alike = streams.length === known.streams.length && streams.every((one, i) => known.streams[i] === one)
  if (units.length === 0 && alike) return known
  return {
    units: units.length === 0 ? known.units : [...known.units, ...units],
    streams: alike ? known.streams : streams,
  }
}

/** Everything that is derived from the declarations of these kinds of stream. */
export function registryOf(kinds: readonly ErasedKind[]): Registry {
  const definitions = definitionsOf(kinds)
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const rowOf = (type: string): ErasedRow => {
    const definition = definitions.get(type)
    if (!definition) throw new LaterEvent(`${type} is no event that this code knows`)
    return definition.row
  }
  const fold: ConcernFold = {
    initial: NO_CONCERN,
    evolve: (known, { type, data }) => concernAfter(known, rowOf(type), data),
  }

  const streamOf: Registry['streamOf'] = (stream) => {
    const dash = stream.indexOf('-')
    const kind = byName.get(stream.slice(0, dash))
    return kind && { kind, id: stream.slice(dash + 1) }
  }

  return {
    kinds,
    definitions,
    streamOf,

    knows: ({ type, schemaVersion }) => schemaVersion <= (definitions.get(type)?.version ?? 0),

    newestData({ type, schemaVersion, data }) {
      const definition = definitions.get(type)
      if (!definition) throw new LaterEvent(`${type} is no event that this code knows`)
      const { version, row } = definition
      if (schemaVersion > version)
        throw new LaterEvent(
          `${type} version ${schemaVersion} is newer than version ${version}, the newest that this code knows`,
        )
      return (row.upcasters ?? []).slice(schemaVersion - 1).reduce((older, step) => step(older), data)
    },

    postingOf(event) {
      const { mass, day } = rowOf(event.type)
      if (mass === NO_MASS) return undefined
      return { day: day ? day(event.data) : businessDay(event.occurredAt), steps: mass(event) }
    },

    unitsJoining: ({ type, data }, units) => joining(rowOf(type), data, units),

    concernFoldOf: (stream) => (streamOf(stream)?.kind.concern.from === 'history' ? fold : undefined),

    concernOfEvent({ type, stream, data }, ofStream) {
      const named = streamOf(stream)
      if (!named) return NO_CONCERN
      const { concern } = named.kind
      if (concern.from === 'history') return ofStream
      if (concern.from === 'event') return concernAfter(NO_CONCERN, rowOf(type), data)
      const owners = concern.units(named.id)
      if (owners.length === 0) return NO_CONCERN
      return { units: [...owners, ...joining(rowOf(type), data, owners)], streams: concern.streams }
    },
  }
}

/** The steps of an event, without the day. */
export const stepsOf = (row: ErasedRow, event: Happened<object>): readonly Step[] =>
  row.mass === NO_MASS ? NO_STEPS : row.mass(event)
