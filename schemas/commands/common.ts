import { z } from 'zod'
import { foldBatchCode } from '../values/identifiers.ts'
import { Grams, MovedGrams } from '../values/mass.ts'
import { PLACE_KINDS } from '../values/place.ts'
import { trimUnseen } from '../values/text.ts'
import { Moment } from '../values/time.ts'
import { GivenUnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'

/** A text of `max` UTF-16 units at most, trimmed of blanks and invisible signs before it is judged: one that shows nothing is empty (400). */
export const text = (max: number) => z.string().overwrite(trimUnseen).min(1).max(max)

/** When it happened, and why it is recorded only now where that is more than a day later (R106). */
export const acted = { occurredAt: Moment, reason: text(500).optional() }

/** Masses enter and leave the system as whole grams. */
export const mass = MovedGrams
export const massOrNone = Grams

/** A waste code, of whichever list: half width and without blanks. Whether a list has it is for the rules to say. */
export const wasteCode = z.string().overwrite(foldBatchCode).min(1).max(16)
export const waste = z.strictObject({ stream: WasteStream, code: wasteCode })

/** Where mass lies, as a command names it; parts of the name in the spelling that the books have them in. */
export const place = z.strictObject({
  at: z.enum(PLACE_KINDS),
  holder: GivenUnitCode,
  // Empty where a trip brought it to no facility in particular.
  place: z.string().overwrite(trimUnseen).max(64),
  document: text(128).optional(),
})
