import { z } from 'zod'
import { BatchCode, LabelCode, LotId } from '../values/identifiers.ts'
import { Grams, MovedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm, Waste } from '../values/waste.ts'

// Parts of what is published, spelled out and not taken from the stored events: what was promised outside must not change because a stored
// event does.
export const publicLineNo = z.int().positive().max(999)
export const publicLeg = z.strictObject({
  carrier: UnitCode,
  plate: RecordedPlate,
  trailer: RecordedPlate.optional(),
  driver: SealedPerson.optional(),
})
export const publicFiledLine = z.strictObject({
  line: publicLineNo,
  waste: Waste,
  name: z.string(),
  hazards: z.array(Hazard),
  form: PhysicalForm.optional(),
  packaging: z.string().optional(),
  packageCount: z.int().positive().optional(),
  harmful: z.string().optional(),
  planned: MovedGrams,
  method: z.string().optional(),
  lots: z
    .array(
      z.strictObject({
        lot: LotId,
        from: Place,
        grams: MovedGrams,
        bornOn: Day,
        batch: BatchCode.optional(),
        label: LabelCode.optional(),
        outBatch: BatchCode.optional(),
      }),
    )
    .min(1),
})
export const publicPickedUpLine = z.strictObject({
  line: publicLineNo,
  labels: z.array(LabelCode),
  shipped: MovedGrams,
  weighed: z.boolean(),
  lots: z.array(z.strictObject({ lot: LotId, from: Place, grams: MovedGrams })),
})
export const publicTreatedLot = z.strictObject({
  lot: LotId,
  grams: MovedGrams,
  product: Grams,
  loss: Grams,
  landfilled: Grams,
  residues: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })),
})
