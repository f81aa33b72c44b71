import type { AnyEventFrom, EventFrom } from '../stream/event-row.ts'
import { beginning } from './events/beginning.ts'
import { classification } from './events/classification.ts'
import { correction } from './events/correction.ts'
import { parts } from './events/parts.ts'
import { reservation } from './events/reservation.ts'
import { storage } from './events/storage.ts'
import { transfer } from './events/transfer.ts'
import { treatment } from './events/treatment.ts'

/** Facts about one lot, stream `lot-<id>`, one row each. Every mass in the park moves in these events and only in these. */
export const lotEvents = {
  ...beginning,
  ...classification,
  ...storage,
  ...reservation,
  ...transfer,
  ...treatment,
  ...parts,
  ...correction,
}

export type LotEventType = keyof typeof lotEvents
export type LotEventOf<T extends LotEventType> = EventFrom<typeof lotEvents, T>
export type LotEvent = AnyEventFrom<typeof lotEvents>
