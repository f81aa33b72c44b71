import type { LotEvent, LotEventType } from '../lot/events.ts'

/**
 * Until when a value of an event may be corrected, and who must agree:
 *
 * - `own`: a figure of the unit's own books. Any time; once another unit has received the lot, it must agree, because its custody begins there
 * - `until-promised`: what others rely on from the filing of a manifest on. The unit alone, and only before that
 */
export type Consent = 'own' | 'until-promised'

/** What of an event may be corrected; what is not named is sealed: places and holders, and the names by which books find a lot. */
type Fields = Readonly<Record<string, Consent>>
const SEALED: Fields = {}

/** Every type of event has its row: a new type does not compile until it is said what of it may be corrected. */
const rows: Readonly<Record<LotEventType, Fields>> = {
  LotOpened: { grams: 'own' },
  LotGenerated: { grams: 'own', packageCount: 'own' },
  LotClassified: { grams: 'own', waste: 'until-promised', hazards: 'until-promised', form: 'until-promised' },
  LotLabelled: { label: 'until-promised' },
  LotStored: { grams: 'own' },
  LotTakenOut: { grams: 'until-promised' },
  LotStockTaken: { counted: 'own' },
  // Derived from what was done to another lot, which is what is corrected.
  LotDerived: SEALED,
  LotSplit: SEALED,
  LotMixedInto: SEALED,
  // Moved by a manifest, whose document would say otherwise.
  LotReserved: SEALED,
  LotReservationReleased: SEALED,
  LotSetAside: SEALED,
  LotSetAsideEnded: SEALED,
  LotPickedUp: SEALED,
  LotHandedOver: SEALED,
  LotAccepted: SEALED,
  LotReturned: SEALED,
  LotTreated: SEALED,
  // A correction is corrected by another one of the same event.
  LotCorrected: SEALED,
}

export const correctable = (type: LotEventType): Fields => rows[type]

/** Whether others rely on the lot already, or its mass has gone into other lots: then it can neither be renamed nor declared void. */
export function promised({ type }: LotEvent): boolean {
  switch (type) {
    case 'LotReserved':
    case 'LotSetAside':
    case 'LotPickedUp':
    case 'LotHandedOver':
    case 'LotAccepted':
    case 'LotReturned':
    case 'LotTreated':
    case 'LotSplit':
    case 'LotMixedInto':
      return true
    case 'LotOpened':
    case 'LotGenerated':
    case 'LotDerived':
    case 'LotClassified':
    case 'LotLabelled':
    case 'LotStored':
    case 'LotTakenOut':
    case 'LotReservationReleased':
    case 'LotSetAsideEnded':
    case 'LotStockTaken':
    case 'LotCorrected':
      return false
  }
}

/** Whose act an event was: the unit that held the mass then. A label is put on by the unit of the lot. */
export function authorOf(event: LotEvent, origin: string): string {
  switch (event.type) {
    case 'LotOpened':
    case 'LotGenerated':
    case 'LotStored':
    case 'LotClassified':
      return event.data.to.holder
    case 'LotTakenOut':
      return event.data.from.holder
    case 'LotStockTaken':
      return event.data.at.holder
    case 'LotLabelled':
    case 'LotDerived':
    case 'LotSplit':
    case 'LotMixedInto':
    case 'LotReserved':
    case 'LotReservationReleased':
    case 'LotSetAside':
    case 'LotSetAsideEnded':
    case 'LotPickedUp':
    case 'LotHandedOver':
    case 'LotAccepted':
    case 'LotReturned':
    case 'LotTreated':
    case 'LotCorrected':
      return origin
  }
}

/** Units that received the lot: their custody begins with what is corrected. */
export const receiversOf = (history: readonly LotEvent[]): readonly string[] => [
  ...new Set(history.flatMap((event) => (event.type === 'LotAccepted' ? [event.data.to.holder] : []))),
]
