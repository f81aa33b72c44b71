import type { Day } from '../values/time.ts'
import { businessDay } from '../values/time.ts'
import type { Waste } from '../values/waste.ts'
import { accountKey, lineDocument, type Place } from '../values/place.ts'
import type { LotEvent, Origin } from './events.ts'
import { flowWith, type Flow } from './pool-flow.ts'

/** Mass of one lot in one account. */
export interface Holding {
  readonly place: Place
  readonly grams: number
}

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
  /** `<manifest>#<line>` to what is promised there. */
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

export interface Shortage {
  readonly grams: number
  readonly taken: number
  readonly balance: number
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

type Held = Readonly<Record<string, Holding>>

function put(held: Held, place: Place, grams: number): Held {
  if (grams === 0) return held
  const key = accountKey(place)
  return { ...held, [key]: { place, grams: (held[key]?.grams ?? 0) + grams } }
}

function take(held: Held, place: Place, grams: number): Held {
  const key = accountKey(place)
  const left = (held[key]?.grams ?? 0) - grams
  if (left > 0) return { ...held, [key]: { place, grams: left } }
  const { [key]: _, ...rest } = held
  return rest
}

/** Follows: what is there moves, and no more than that. */
function shift(held: Held, from: Place, to: Place, grams: number): Held {
  const moved = Math.min(grams, held[accountKey(from)]?.grams ?? 0)
  return put(take(held, from, moved), to, moved)
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...rest } = record
  return rest
}

/**
 * A measured move. Of a whole package, what the scale showed leaves and nothing stays behind, because the package is gone: the
 * journal posts the difference to variance. Of a part, just that part goes. (design: measures and followers)
 */
function moveMeasured(
  held: Held,
  { from, to, grams, whole }: { from: Place; to: Place; grams: number; whole: boolean },
): Held {
  return put(take(held, from, whole ? (held[accountKey(from)]?.grams ?? 0) : grams), to, grams)
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

export const heldAt = (lot: Lot, place: Place): number => lot.held[accountKey(place)]?.grams ?? 0

/** Whether a lot can hold so much more: what it holds in all its places stays a whole number that is exact. Grams. */
export const hasRoomFor = ({ held }: Lot, more: number): boolean =>
  Number.isSafeInteger(Object.values(held).reduce((sum, { grams }) => sum + grams, more))

/** The fold of a lot's events: total, in the order of the stream. */
export function evolveLot(lot: Lot, event: LotEvent): Lot {
  // When something was corrected says nothing of when something happened to the lot.
  if (event.type === 'LotCorrected') return lot
  const next = applied(lot, event)
  const short = shortageAt(lot, event)
  return {
    ...next,
    ...(short ? { short } : {}),
    flow: next.pool ? flowWith(lot, event, (at) => heldAt(lot, at)) : next.flow,
    lastAt: event.occurredAt,
  }
}

/** What an event takes beyond what lies there. A whole package is gone whatever the books said, and what follows takes no more than there is. */
function shortageAt(lot: Lot, event: LotEvent): Shortage | undefined {
  const taken = takenBy(event)
  if (taken === undefined) return undefined
  const balance = heldAt(lot, taken.from)
  if (taken.grams <= balance) return undefined
  return { grams: (lot.short?.grams ?? 0) + taken.grams - balance, taken: taken.grams, balance }
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
    case 'LotHandedOver':
    case 'LotAccepted':
    case 'LotReturned':
    case 'LotStockTaken':
    case 'LotCorrected':
      return undefined
  }
}

function applied(lot: Lot, event: LotEvent): Lot {
  switch (event.type) {
    case 'LotOpened': {
      const { waste, origin, bornOn, batch, storeIn, name, to, grams } = event.data
      const storedIn = storeIn === undefined ? lot.storedIn : { ...lot.storedIn, [storeIn]: grams }
      return {
        ...lot,
        exists: true,
        classified: true,
        waste,
        origin,
        bornOn,
        batch,
        name,
        storedIn,
        held: put(lot.held, to, grams),
      }
    }
    case 'LotGenerated': {
      const { waste, origin, pool, batch, name, to, grams } = event.data
      const bornOn = lot.exists ? lot.bornOn : businessDay(event.occurredAt)
      return {
        ...lot,
        exists: true,
        waste,
        origin,
        pool,
        bornOn,
        batch: pool ? undefined : batch,
        name: name ?? lot.name,
        held: put(lot.held, to, grams),
      }
    }
    case 'LotDerived': {
      const { waste, origin, to, grams, bornOn } = event.data
      return {
        ...lot,
        exists: true,
        waste,
        origin,
        bornOn,
        classified: to.at !== 'generation',
        held: put(lot.held, to, grams),
      }
    }
    case 'LotClassified': {
      const { waste, from, to, grams, hazards, form } = event.data
      return {
        ...lot,
        waste,
        classified: true,
        hazards: hazards ?? lot.hazards,
        form: form ?? lot.form,
        held: shift(lot.held, from, to, grams),
      }
    }
    case 'LotLabelled':
      return { ...lot, label: event.data.label }
    case 'LotStored': {
      const { grams, batch } = event.data
      const storedIn =
        batch === undefined ? lot.storedIn : { ...lot.storedIn, [batch]: (lot.storedIn[batch] ?? 0) + grams }
      return { ...lot, storedIn, held: moveMeasured(lot.held, event.data) }
    }
    case 'LotTakenOut': {
      const { to, batch } = event.data
      return { ...lot, takenOut: { ...lot.takenOut, [batch]: to }, held: moveMeasured(lot.held, event.data) }
    }
    case 'LotReserved': {
      const { manifest, line, from, grams } = event.data
      return { ...lot, reserved: { ...lot.reserved, [lineDocument(manifest, line)]: { place: from, grams } } }
    }
    case 'LotReservationReleased':
      return { ...lot, reserved: without(lot.reserved, lineDocument(event.data.manifest, event.data.line)) }
    case 'LotPickedUp': {
      const { manifest, line } = event.data
      return {
        ...lot,
        reserved: without(lot.reserved, lineDocument(manifest, line)),
        held: moveMeasured(lot.held, event.data),
      }
    }
    case 'LotHandedOver':
    case 'LotReturned':
      return { ...lot, held: shift(lot.held, event.data.from, event.data.to, event.data.grams) }
    case 'LotAccepted': {
      const { from, to, refusedTo, accepted, refused, variance } = event.data
      const gone = take(lot.held, from, accepted + refused - variance)
      return { ...lot, held: put(put(gone, to, accepted), refusedTo, refused) }
    }
    case 'LotTreated':
      return { ...lot, held: take(lot.held, event.data.from, event.data.grams) }
    case 'LotSplit':
    case 'LotMixedInto':
      return { ...lot, held: take(lot.held, event.data.at, event.data.grams) }
    case 'LotStockTaken': {
      const { at, counted } = event.data
      return { ...lot, held: put(take(lot.held, at, heldAt(lot, at)), at, counted) }
    }
    // Corrects what was folded before it: whoever folds a history applies its corrections first (correctedHistory).
    case 'LotCorrected':
      return lot
  }
}
