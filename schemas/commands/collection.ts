import { z } from 'zod'
import { GivenBatchCode, GivenFacilityCode, GivenLabelCode, LotId } from '../values/identifiers.ts'
import { CountedGrams } from '../values/mass.ts'
import { Person } from '../values/person.ts'
import { Plate, TrailerPlate } from '../values/plate.ts'
import { Moment } from '../values/time.ts'
import { GivenUnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import { acted, mass, place, text, wasteCode } from './common.ts'
import { named } from './public-names.ts'

/** B.2 入库. `part` where a share of the lot stays outside; otherwise the whole package was weighed. */
export const StoreLot = z.strictObject({
  lot: LotId,
  store: GivenFacilityCode,
  /** Where it lies, of a lot that lies in several places, such as under several manifests at its receiver. */
  at: place.optional(),
  grams: mass,
  part: z.boolean().optional(),
  batch: GivenBatchCode.optional(),
  generationBatch: GivenBatchCode.optional(),
  label: GivenLabelCode.optional(),
  handler: Person.optional(),
  ...acted,
})
export type StoreLot = z.infer<typeof StoreLot>

/** B.3 出库, to where it waits for its pickup. `whole` where the package is gone although the scale shows another mass. */
export const TakeOutLot = z.strictObject({
  lot: LotId,
  store: GivenFacilityCode,
  at: place.optional(),
  grams: mass,
  whole: z.boolean().optional(),
  batch: GivenBatchCode,
  storeIn: GivenBatchCode.optional(),
  label: GivenLabelCode.optional(),
  handler: Person.optional(),
  ...acted,
})
export type TakeOutLot = z.infer<typeof TakeOutLot>

/**
 * A weighed trip of municipal, construction or sludge waste from its source to its treatment: one weighbridge slip.
 * Masses in kilograms as weighbridges print them; net must be gross less tare.
 */
export const RecordTrip = named(
  z.strictObject({
    trip: GivenBatchCode,
    stream: WasteStream,
    code: wasteCode,
    source: GivenUnitCode,
    carrier: GivenUnitCode,
    plate: Plate,
    /** 挂车 beside its tractor, 苏E1234挂. */
    trailer: TrailerPlate.optional(),
    driver: Person.optional(),
    departedAt: Moment,
    receiver: GivenUnitCode,
    arrivedAt: Moment,
    grossKg: z.int().positive().max(200_000),
    tareKg: z.int().positive().max(200_000),
    netKg: z.int().positive().max(200_000).optional(),
    /** 含水率 in per cent, at most two decimals; sludge must have it (Code art 304). */
    moisturePercent: z.number().min(0).max(100).multipleOf(0.01).optional(),
    method: text(16),
    reason: acted.reason,
  }),
  { code: 'wasteCode', source: 'origin' },
)
export type RecordTrip = z.infer<typeof RecordTrip>

/** 盘点: what was counted at one place of a lot. */
export const TakeStock = z.strictObject({ lot: LotId, at: place, counted: CountedGrams, note: text(500), ...acted })
export type TakeStock = z.infer<typeof TakeStock>

/** A part of a lot in one place becomes a lot of its own. */
export const SplitLot = z.strictObject({ lot: LotId, at: place, child: LotId.optional(), grams: mass, ...acted })
export type SplitLot = z.infer<typeof SplitLot>

/** What lies in one place of a lot is sorted into fractions, each of a code of its own; what no fraction takes stays. */
export const SortLot = z.strictObject({
  lot: LotId,
  at: place,
  fractions: z
    .array(
      named(z.strictObject({ child: LotId.optional(), stream: WasteStream, code: wasteCode, grams: mass }), {
        code: 'wasteCode',
      }),
    )
    .min(1)
    .max(50),
  ...acted,
})
export type SortLot = z.infer<typeof SortLot>
