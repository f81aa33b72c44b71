import { z } from 'zod'
import { Change } from '../../correction/changes.ts'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { CorrectionId } from '../../values/identifiers.ts'
import { UnitCode } from '../../values/unit-code.ts'
import type { Lot } from '../state.ts'

const event = eventOf<Lot, true>()

/** `of` names the event by its id; without `is` it never happened. */
const publicChange = z.strictObject({
  of: z.uuid(),
  revision: z.int().positive(),
  was: z.record(z.string(), z.unknown()),
  is: z.record(z.string(), z.unknown()).optional(),
})

export const correction = {
  /** Earlier events of this lot say something else now, as the parties of `correction` agreed: the lot is what its corrected history makes it. */
  LotCorrected: event({
    schema: z.strictObject({
      correction: CorrectionId,
      changes: z.array(Change).min(1),
      reason: z.string().min(1).max(500),
      /** Units that agreed, the one that proposed it first. */
      agreed: z.array(UnitCode),
    }),
    // Corrects what was folded before it: a fold of a whole history applies its corrections first (correctedHistory).
    fold: (lot) => lot,
    // Posts the difference of two foldings, which needs the lot's history (projections/journal/correct.ts).
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'corrected',
      version: 1,
      facts: z.strictObject({
        correction: CorrectionId,
        changes: z.array(publicChange).min(1),
        reason: z.string().min(1).max(500),
        agreed: z.array(UnitCode),
      }),
    },
    zh: '经各方同意更正以前的记录',
    en: 'Earlier events of the lot say something else now, as their parties agreed (更正)',
  }),
}
