import type { z } from 'zod'
import { cases } from './case/state.ts'
import { claims } from './claim/events.ts'
import { corrections } from './correction/events.ts'
import { findings } from './finding/state.ts'
import { holds } from './hold/state.ts'
import { lots } from './lot/state.ts'
import { manifests } from './manifest/state.ts'
import { outages } from './outage/events.ts'
import { plans } from './plan/events.ts'
import type { AnyEventFrom } from './stream/event-row.ts'
import { registryOf } from './stream/registry.ts'
import { treatments } from './treatment/events.ts'
import { units } from './unit/state.ts'

/**
 * Every kind of stream. What the rest of the system knows of events (their union, folds, postings, messages, who may see them) is read from
 * this list: a kind is added by a file that declares it and its name here.
 */
export const streamKinds = [
  lots,
  manifests,
  units,
  plans,
  claims,
  findings,
  cases,
  outages,
  corrections,
  treatments,
  holds,
] as const

type EventsOf<Kind> = Kind extends { readonly events: infer Rows } ? AnyEventFrom<Rows> : never

/** Every domain event, by its type. */
export type DomainEvent = EventsOf<(typeof streamKinds)[number]>
export type EventType = DomainEvent['type']

export const streams = registryOf(streamKinds)

/** The schema of each event's data in its newest version. */
export const eventSchemas = Object.fromEntries(
  [...streams.definitions].map(([type, { row }]) => [type, row.schema]),
) as Readonly<Record<EventType, z.ZodObject>>

/** Newest schema version of an event type; upcasters of its row lead from every older one to it. */
export const versionOf = (type: EventType): number => streams.definitions.get(type)?.version ?? 1
