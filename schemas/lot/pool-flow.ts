import type { Place } from '../values/place.ts'
import { businessDay, type Day } from '../values/time.ts'
import type { LotEvent } from './events.ts'

/** By business day, the grams that came into the stock of a pool less those that left it. */
export type Flow = Readonly<Record<Day, number>>

interface Flowing {
  readonly pool: boolean
  readonly flow: Flow
}

/**
 * The most that may leave a pool's stock on a business day without any later day closing below zero (R28, in the order of business time).
 * Infinity for a lot that is no pool: its events come in the order of their times.
 */
export function poolFreeOn({ pool, flow }: Flowing, day: Day): number {
  if (!pool) return Number.POSITIVE_INFINITY
  let [stock, least] = [0, Number.POSITIVE_INFINITY]
  const days = Object.keys(flow).sort()
  for (const [i, one] of days.entries()) {
    stock += flow[one] ?? 0
    const next = days[i + 1]
    if (next === undefined || next > day) least = Math.min(least, stock)
  }
  const first = days[0]
  return first === undefined || first > day ? Math.min(0, least) : least
}

/** The flow with what an event changes; `held` is what lay at a place before it. */
export function flowWith({ flow }: Pick<Flowing, 'flow'>, event: LotEvent, held: (place: Place) => number): Flow {
  const grams = stocked(event, held)
  if (grams === 0) return flow
  const day = businessDay(event.occurredAt)
  return { ...flow, [day]: (flow[day] ?? 0) + grams }
}

/** By how many grams an event changes what lies in stock of a pool; negative where mass leaves it. */
function stocked({ type, data }: LotEvent, held: (place: Place) => number): number {
  switch (type) {
    case 'LotOpened':
      return data.to.at === 'collection' ? data.grams : 0
    case 'LotStored':
    case 'LotReturned':
    case 'LotTakenOut':
    case 'LotPickedUp':
      return (data.to.at === 'collection' ? data.grams : 0) - (data.from.at === 'collection' ? data.grams : 0)
    case 'LotSplit':
    case 'LotMixedInto':
      return data.at.at === 'collection' ? 0 - data.grams : 0
    case 'LotStockTaken':
      return data.at.at === 'collection' ? data.counted - held(data.at) : 0
    case 'LotGenerated':
    case 'LotDerived':
    case 'LotClassified':
    case 'LotLabelled':
    case 'LotReserved':
    case 'LotReservationReleased':
    case 'LotHandedOver':
    case 'LotAccepted':
    case 'LotTreated':
    case 'LotCorrected':
      return 0
  }
}
