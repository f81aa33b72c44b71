import type { AnyEventFrom, EventFrom } from '../stream/event-row.ts'
import { correction } from './events/correction.ts'
import { filing } from './events/filing.ts'
import { receipt } from './events/receipt.ts'
import { road } from './events/road.ts'

/** Facts about one transfer, stream `manifest-<id>`, one row each. They are causes: the mass itself moves in the events of the lots. */
export const manifestEvents = { ...filing, ...road, ...receipt, ...correction }

export type ManifestEventType = keyof typeof manifestEvents
export type ManifestEventOf<T extends ManifestEventType> = EventFrom<typeof manifestEvents, T>
export type ManifestEvent = AnyEventFrom<typeof manifestEvents>
