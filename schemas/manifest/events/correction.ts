import { z } from 'zod'
import { Change } from '../../correction/changes.ts'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { CorrectionId } from '../../values/identifiers.ts'
import { Grams } from '../../values/mass.ts'
import { Moment } from '../../values/time.ts'
import { UnitCode } from '../../values/unit-code.ts'
import { publicLineNo } from '../public-shapes.ts'
import { LineNo } from '../shapes.ts'
import type { Manifest } from '../state.ts'

const event = eventOf<Manifest>()

export const correction = {
  /**
   * Earlier events of this manifest say something else now, as the parties of `correction` agreed. The lots follow: each gets a LotCorrected of its
   * own. `refused` names lines of which more or less is refused than before, with the moment of the decision (R75).
   */
  ManifestCorrected: event({
    schema: z.strictObject({
      correction: CorrectionId,
      changes: z.array(Change).min(1),
      refused: z.array(z.strictObject({ line: LineNo, was: Grams, is: Grams, decidedAt: Moment })),
      reason: z.string().min(1).max(500),
      /** Units that agreed, the one that proposed it first. */
      agreed: z.array(UnitCode),
    }),
    // Corrects what was folded before it: a fold of a whole history applies its corrections first (correctedHistory).
    fold: (manifest) => manifest,
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'corrected',
      version: 1,
      facts: z.strictObject({
        correction: CorrectionId,
        changes: z
          .array(
            z.strictObject({
              of: z.uuid(),
              revision: z.int().positive(),
              was: z.record(z.string(), z.unknown()),
              is: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .min(1),
        refused: z.array(z.strictObject({ line: publicLineNo, was: Grams, is: Grams, decidedAt: Moment })),
        reason: z.string().min(1).max(500),
        agreed: z.array(UnitCode),
      }),
    },
    zh: '经各方同意更正联单以前的记录',
    en: 'Earlier events of the manifest say something else now, as its parties agreed (更正)',
  }),
}
