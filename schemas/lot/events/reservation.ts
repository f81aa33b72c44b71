import { z } from 'zod'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { TreatmentId } from '../../values/identifiers.ts'
import { MovedGrams } from '../../values/mass.ts'
import { lineDocument, Place } from '../../values/place.ts'
import { setAside, without, withoutSetAside } from '../holdings.ts'
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

  /** Set aside for a treatment that is being recorded, from one or several places of the lot; no mass moves. */
  LotSetAside: event({
    schema: z.strictObject({
      treatment: TreatmentId,
      parts: z.array(z.strictObject({ from: Place, grams: MovedGrams })).min(1),
    }),
    fold: (lot, { data: { treatment, parts } }) => ({
      ...lot,
      reserved: { ...lot.reserved, ...setAside(treatment, parts) },
    }),
    mass: NO_MASS,
    concerns: { joins: ({ parts }) => ({ units: parts.map(({ from }) => from.holder) }) },
    public: {
      name: 'set-aside',
      version: 1,
      facts: z.strictObject({
        treatment: TreatmentId,
        parts: z.array(z.strictObject({ from: Place, grams: MovedGrams })).min(1),
      }),
    },
    zh: '为利用处置预留',
    en: 'Waste was set aside for a treatment; no mass moved',
  }),

  LotSetAsideEnded: event({
    schema: z.strictObject({ treatment: TreatmentId, reason: z.enum(['never-recorded']) }),
    fold: (lot, { data: { treatment } }) => ({ ...lot, reserved: withoutSetAside(lot.reserved, treatment) }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'set-aside-ended',
      version: 1,
      facts: z.strictObject({ treatment: TreatmentId, cause: z.enum(['never-recorded']) }),
      names: { reason: 'cause' },
    },
    zh: '解除为利用处置的预留',
    en: 'Waste is no longer set aside for a treatment that was never recorded',
  }),
}
