import { z } from 'zod'
import { BatchCode, FacilityCode, LabelCode, LotId } from '../values/identifiers.ts'
import { Grams, MovedGrams, SignedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm, Waste } from '../values/waste.ts'

const lineNo = z.int().positive().max(999)

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
  line: lineNo,
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

/** Facts about one transfer, stream `manifest-<id>`. They are causes: the mass itself moves in the events of the lots. */
export const manifestEventSchemas = {
  ManifestFiled: z.strictObject({
    form: ManifestForm,
    /** Official 14-digit number (R48), or the record's number of an out-record. Absent until it is attached. */
    number: z.string().optional(),
    consignor: z.strictObject({
      unit: UnitCode,
      emergencyPhone: z.string().optional(),
      address: z.string().optional(),
    }),
    receiver: z.strictObject({ unit: UnitCode, licence: z.string().optional(), address: z.string().optional() }),
    /** 托运人 (R54). */
    shipper: UnitCode,
    legs: z.array(Leg).min(1),
    destination: z.enum(['in-province', 'cross-province', 'abroad']),
    lines: z.array(FiledLine).min(1),
  }),
  /** The filing never came to be and never will: closes the stream so that reservations can be released safely. */
  ManifestAbandoned: z.strictObject({ reason: z.literal('never-filed') }),
  OfficialNumberAttached: z.strictObject({ number: z.string() }),
  ManifestCancelled: z.strictObject({ reason: z.string().min(1).max(500) }),
  /** 交付: labels scanned and masses weighed by the consignor (移出量), lot by lot. */
  ManifestPickedUp: z.strictObject({
    carrier: UnitCode,
    plate: RecordedPlate,
    trailer: RecordedPlate.optional(),
    driver: SealedPerson.optional(),
    lines: z
      .array(
        z.strictObject({
          line: lineNo,
          labels: z.array(LabelCode),
          shipped: MovedGrams,
          weighed: z.boolean(),
          lots: z.array(z.strictObject({ lot: LotId, from: Place, grams: MovedGrams })),
        }),
      )
      .min(1),
  }),
  ManifestDeparted: z.strictObject({ from: z.string().optional() }),
  ManifestHandedOver: z.strictObject({ leg: z.int().positive(), from: Leg, to: Leg, place: z.string() }),
  ManifestArrived: z.strictObject({ place: z.string().optional() }),
  /** 过磅 by the receiver: gross and tare of the vehicle; what arrived is their difference. */
  LoadWeighed: z.strictObject({ gross: MovedGrams, tare: MovedGrams, net: MovedGrams }),
  LineDecided: z.strictObject({
    line: lineNo,
    decision: z.enum(['accepted', 'partly-accepted', 'refused']),
    accepted: Grams,
    refused: Grams,
    variance: SignedGrams,
    difference: DifferenceKind,
    note: z.string().optional(),
    method: z.string().optional(),
    lots: z.array(DecidedLot).min(1),
  }),
  /** Every line is decided. */
  ManifestCompleted: z.strictObject({}),
  LineReturned: z.strictObject({
    line: lineNo,
    lots: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
    to: z.string(),
  }),
  LineTreated: z.strictObject({
    line: lineNo,
    treatment: z.string(),
    facility: FacilityCode.optional(),
    method: z.string(),
    treated: MovedGrams,
    product: Grams,
    productName: z.string().optional(),
    loss: Grams,
    landfilled: Grams,
    residues: z.array(z.strictObject({ lot: LotId, waste: Waste, grams: MovedGrams })),
    lots: z.array(TreatedLot).min(1),
  }),
} as const

type Schemas = typeof manifestEventSchemas
export type ManifestEventType = keyof Schemas
export type ManifestEventOf<T extends ManifestEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type ManifestEvent = { [T in ManifestEventType]: ManifestEventOf<T> }[ManifestEventType]
