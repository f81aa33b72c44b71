import { z } from 'zod'
import { BatchCode, LabelCode, LotId } from '../values/identifiers.ts'
import { Grams, MovedGrams, SignedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm, Waste } from '../values/waste.ts'

/** Number of a line on its document. */
export const LineNo = z.int().positive().max(999)

/** Which document a transfer has: the 危险废物转移联单, or the 出厂环节记录表 of general industrial waste (附表3). */
export const ManifestForm = z.enum(['transfer-manifest', 'out-record'])
export type ManifestForm = z.infer<typeof ManifestForm>

/** One lot's part of a line, as reserved: from where, how much, and how old (oldest first decides the shares later). */
export const LineLot = z.strictObject({
  lot: LotId,
  from: Place,
  grams: MovedGrams,
  bornOn: Day,
  batch: BatchCode.optional(),
  label: LabelCode.optional(),
  outBatch: BatchCode.optional(),
})
export type LineLot = z.infer<typeof LineLot>

export const FiledLine = z.strictObject({
  line: LineNo,
  waste: Waste,
  name: z.string(),
  hazards: z.array(Hazard),
  form: PhysicalForm.optional(),
  packaging: z.string().optional(),
  packageCount: z.int().positive().optional(),
  harmful: z.string().optional(),
  planned: MovedGrams,
  method: z.string().optional(),
  lots: z.array(LineLot).min(1),
})
export type FiledLine = z.infer<typeof FiledLine>

export const Leg = z.strictObject({
  carrier: UnitCode,
  plate: RecordedPlate,
  /** 挂车: the trailer beside its tractor. */
  trailer: RecordedPlate.optional(),
  driver: SealedPerson.optional(),
})
export type Leg = z.infer<typeof Leg>

/** 是否存在重大差异: in what the load differs from its manifest. */
export const DifferenceKind = z.enum(['none', 'quantity', 'packaging', 'form', 'nature', 'name', 'other'])

/** What the receiver's decision means for one lot of a line: accepted + refused - variance is what had been shipped. */
export const DecidedLot = z.strictObject({
  lot: LotId,
  shipped: MovedGrams,
  accepted: Grams,
  refused: Grams,
  variance: SignedGrams,
})
export type DecidedLot = z.infer<typeof DecidedLot>

/** One lot's share of one treatment and of what came out of it, filled oldest lot first. */
export const TreatedLot = z.strictObject({
  lot: LotId,
  grams: MovedGrams,
  product: Grams,
  loss: Grams,
  landfilled: Grams,
  residues: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })),
})
export type TreatedLot = z.infer<typeof TreatedLot>

/** How accepted mass left its line, or came back under it after it was shipped on. */
export const PassedOn = z.enum(['shipped', 'mixed', 'taken-back'])
export type PassedOn = z.infer<typeof PassedOn>
