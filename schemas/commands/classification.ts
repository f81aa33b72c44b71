import { z } from 'zod'
import { GivenLabelCode, LotId } from '../values/identifiers.ts'
import { Hazard, PhysicalForm } from '../values/waste.ts'
import { acted, text, waste } from './common.ts'

/** Code, class and hazards of a lot against its catalogue; `waste` only where the code differs from the one it was generated under. */
export const ClassifyLot = z.strictObject({
  lot: LotId,
  waste: waste.optional(),
  category: text(8).optional(),
  hazards: z.array(Hazard).min(1).optional(),
  form: PhysicalForm.optional(),
  report: text(100).optional(),
  ...acted,
})
export type ClassifyLot = z.infer<typeof ClassifyLot>

/** The 37-character code of HJ 1276-2022 on the package. Without `label`, the next free serial of that unit, code and day is taken. */
export const LabelLot = z.strictObject({ lot: LotId, label: GivenLabelCode.optional(), ...acted })
export type LabelLot = z.infer<typeof LabelLot>
