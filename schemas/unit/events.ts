import type { AnyEventFrom, EventFrom } from '../stream/event-row.ts'
import { places } from './events/places.ts'
import { rights } from './events/rights.ts'

/**
 * Facts about one unit, stream `unit-<credit code>`, one row each: who it is and what it may do, from which day on. A change names only the
 * fields that differ.
 */
export const unitEvents = { ...places, ...rights }

export type UnitEventType = keyof typeof unitEvents
export type UnitEventOf<T extends UnitEventType> = EventFrom<typeof unitEvents, T>
export type UnitEvent = AnyEventFrom<typeof unitEvents>
