import type { ErasedRow } from '../stream/event-row.ts'
import { stepsOf } from '../stream/registry.ts'
import { streamKind } from '../stream/stream-kind.ts'
import type { Origin } from '../values/origin.ts'
import { accountKey, type Place } from '../values/place.ts'
import { businessDay, type Day } from '../values/time.ts'
import type { Waste } from '../values/waste.ts'
import { lotEvents } from './events.ts'
import { gramsAt, type Holding } from './holdings.ts'
import { flowWith, poolFreeOn, type Flow } from './pool-flow.ts'
import { shortageAt, type Shortage } from './shortage.ts'

/** One lot as its own events tell it. Grams by account; a lot may lie in several places after a partial acceptance. */
export interface Lot {
  readonly exists: boolean
  readonly waste: Waste | undefined
  readonly origin: Origin | undefined
  readonly bornOn: Day
  readonly pool: boolean
  readonly batch: string | undefined
  readonly name: string | undefined
  readonly label: string | undefined
  readonly classified: boolean
  readonly hazards: readonly string[] | undefined
  readonly form: string | undefined
  /** Account key to what lies there; empty accounts are dropped. */
  readonly held: Readonly<Record<string, Holding>>
  /** `<manifest>#<line>`, or a treatment and the place, to what is promised there. */
  readonly reserved: Readonly<Record<string, Holding>>
  /** Store-in batch to its grams (B.2). */
  readonly storedIn: Readonly<Record<string, number>>
  /** Store-out batch to the account where it is staged (B.3). */
  readonly takenOut: Readonly<Record<string, Place>>
  /** Of a pool: by business day, the grams that came into its stock less those that left. Its records may come in any order. */
  readonly flow: Flow
  /** Where more was taken than lay there: how much in all, and what was taken of how much the last time. The journal has it from variance. */
  readonly short?: Shortage
  /** When the last event happened, for the order of times (R59). */
  readonly lastAt: string
}

export const noLot: Lot = {
  exists: false,
  waste: undefined,
  origin: undefined,
  bornOn: '',
  pool: false,
  batch: undefined,
  name: undefined,
  label: undefined,
  classified: false,
  hazards: undefined,
  form: undefined,
  held: {},
  reserved: {},
  storedIn: {},
  takenOut: {},
  flow: {},
  lastAt: '',
}

/** What lies at `place` and is not promised to any manifest. */
export function freeAt(lot: Lot, place: Place): number {
  const key = accountKey(place)
  const promised = Object.values(lot.reserved).reduce(
    (sum, holding) => (accountKey(holding.place) === key ? sum + holding.grams : sum),
    0,
  )
  return (lot.held[key]?.grams ?? 0) - promised
}

/** What of a pool's stock may leave it on that day (R28); whatever lies elsewhere, or is no pool, is not bound by days. */
export const freeInStock = (lot: Lot, { at }: Place, day: Day): number =>
  at === 'collection' ? poolFreeOn(lot, day) : Number.POSITIVE_INFINITY

export const heldAt = ({ held }: Lot, place: Place): number => gramsAt(held, place)

/** Whether a lot can hold so much more: what it holds in all its places stays a whole number that is exact. Grams. */
export const hasRoomFor = ({ held }: Lot, more: number): boolean =>
  Number.isSafeInteger(Object.values(held).reduce((sum, { grams }) => sum + grams, more))

/** A lot, stream `lot-<id>`. */
export const lots = streamKind({
  name: 'lot',
  channel: 'lots',
  initial: noLot,
  concern: { from: 'history' },
  subjectOf: (id) => ({ kind: 'lot', id }),
  events: lotEvents,
  settle(before, after, event) {
    // When something was corrected says nothing of when something happened to the lot.
    if (event.type === 'LotCorrected') return before
    const short = shortageAt(before, event)
    const steps = after.pool ? stepsOf(lotEvents[event.type] as unknown as ErasedRow, event) : undefined
    return {
      ...after,
      ...(short ? { short } : {}),
      flow: steps ? flowWith(before, businessDay(event.occurredAt), steps) : after.flow,
      lastAt: event.occurredAt,
    }
  },
})
export const evolveLot = lots.evolve
