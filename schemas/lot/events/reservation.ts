import { z } from 'zod'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { MovedGrams } from '../../values/mass.ts'
import { lineDocument, Place } from '../../values/place.ts'
import { without } from '../holdings.ts'
import type { Lot } from '../state.ts'
import { joinsOrigin, publicLine, underLine } from './moves.ts'

const event = eventOf<Lot, true>()

export const reservation = {
  /** Promised to a line of a manifest that is being filed; no mass moves. */
  LotReserved: event({
    schema: z.strictObject({ ...underLine, from: Place, grams: MovedGrams }),
    fold: (lot, { data: { manifest, line, from, grams } }) => ({
      ...lot,
      reserved: { ...lot.reserved, [lineDocument(manifest, line)]: { place: from, grams } },
    }),
    mass: NO_MASS,
    concerns: joinsOrigin,
    public: {
      name: 'reserved',
      version: 1,
      facts: z.strictObject({ ...publicLine, from: Place, grams: MovedGrams }),
    },
    zh: '为联单项目预留',
    en: 'Waste was promised to a line of a manifest; no mass moved',
  }),

  LotReservationReleased: event({
    schema: z.strictObject({ ...underLine, reason: z.enum(['never-filed', 'cancelled', 'picked-up-elsewhere']) }),
    fold: (lot, { data: { manifest, line } }) => ({
      ...lot,
      reserved: without(lot.reserved, lineDocument(manifest, line)),
    }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'reservation-released',
      version: 2,
      facts: z.strictObject({ ...publicLine, cause: z.enum(['never-filed', 'cancelled', 'picked-up-elsewhere']) }),
      names: { reason: 'cause' },
    },
    zh: '解除预留',
    en: 'A promise to a line of a manifest ended',
  }),
}
