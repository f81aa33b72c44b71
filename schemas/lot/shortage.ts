import type { Place } from '../values/place.ts'
import type { LotEvent } from './events.ts'
import { gramsAt, type Held } from './holdings.ts'

/** Where more was taken than lay there: how much in all, and what was taken of how much the last time. The journal has it from variance. */
export interface Shortage {
  readonly grams: number
  readonly taken: number
  readonly balance: number
}

interface Holding {
  readonly held: Held
  readonly short?: Shortage
}

/** What an event takes beyond what lies there. A whole package is gone whatever the books said, and what follows takes no more than there is. */
export function shortageAt({ held, short }: Holding, event: LotEvent): Shortage | undefined {
  const taken = takenBy(event)
  if (taken === undefined) return undefined
  const balance = gramsAt(held, taken.from)
  if (taken.grams <= balance) return undefined
  return { grams: (short?.grams ?? 0) + taken.grams - balance, taken: taken.grams, balance }
}

function takenBy({ type, data }: LotEvent): { readonly from: Place; readonly grams: number } | undefined {
  switch (type) {
    case 'LotStored':
    case 'LotTakenOut':
    case 'LotPickedUp':
      return data.whole ? undefined : data
    case 'LotTreated':
      return data
    case 'LotSplit':
    case 'LotMixedInto':
      return { from: data.at, grams: data.grams }
    case 'LotOpened':
    case 'LotGenerated':
    case 'LotDerived':
    case 'LotClassified':
    case 'LotLabelled':
    case 'LotReserved':
    case 'LotReservationReleased':
    case 'LotSetAside':
    case 'LotSetAsideEnded':
    case 'LotHandedOver':
    case 'LotAccepted':
    case 'LotReturned':
    case 'LotStockTaken':
    case 'LotCorrected':
      return undefined
  }
}
