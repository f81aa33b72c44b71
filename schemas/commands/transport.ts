import { z } from 'zod'
import { GivenBatchCode, GivenLabelCode, LotId, ManifestId } from '../values/identifiers.ts'
import { Person } from '../values/person.ts'
import { Plate, TrailerPlate } from '../values/plate.ts'
import { foldCode } from '../values/text.ts'
import { Moment } from '../values/time.ts'
import { GivenUnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm } from '../values/waste.ts'
import { acted, mass, text, wasteCode } from './common.ts'
import { named } from './public-names.ts'

const lineNo = z.int().positive().max(999)

/** A lot of a line: all that is free of it in the store-out batch named, or `grams` of it; a pool always needs `grams`. */
export const LineLotRequest = z.strictObject({
  lot: LotId,
  outBatch: GivenBatchCode.optional(),
  grams: mass.optional(),
})

export const ManifestLineRequest = named(
  z.strictObject({
    line: lineNo,
    code: wasteCode,
    name: text(500),
    hazards: z.array(Hazard).optional(),
    form: PhysicalForm.optional(),
    packaging: text(100).optional(),
    packageCount: z.int().positive().max(100_000).optional(),
    harmful: text(500).optional(),
    method: text(16).optional(),
    planned: mass.optional(),
    lots: z.array(LineLotRequest).min(1).max(500),
  }),
  { code: 'wasteCode' },
)
export const LegRequest = z.strictObject({
  carrier: GivenUnitCode,
  plate: Plate,
  /** 挂车 beside its tractor, 苏E1234挂. */
  trailer: TrailerPlate.optional(),
  driver: Person.optional(),
})

/** Files a transfer manifest (令第23号 arts 10, 14-16): one consignor, one receiver, one vehicle trip a leg, lines over lots. */
export const FileManifest = z.strictObject({
  manifest: ManifestId.optional(),
  number: text(32).overwrite(foldCode).optional(),
  consignor: z.strictObject({
    unit: GivenUnitCode,
    emergencyPhone: text(32).optional(),
    address: text(200).optional(),
  }),
  receiver: z.strictObject({ unit: GivenUnitCode, licence: text(64).optional(), address: text(200).optional() }),
  shipper: GivenUnitCode.optional(),
  legs: z.array(LegRequest).min(1).max(9),
  destination: z.enum(['in-province', 'cross-province', 'abroad']).default('in-province'),
  lines: z.array(ManifestLineRequest).min(1).max(50),
  ...acted,
})
export type FileManifest = z.infer<typeof FileManifest>

/** 附表3 出厂环节记录表: general industrial waste leaves its pool, is picked up and departs in one record. */
export const RecordOutShipment = named(
  z.strictObject({
    manifest: ManifestId.optional(),
    record: GivenBatchCode,
    unit: GivenUnitCode,
    code: wasteCode,
    /** What leaves, where it is not the unit's own pool of that code: a lot that it received, or sorted. */
    lot: LotId.optional(),
    name: text(500).optional(),
    grams: mass,
    carrier: GivenUnitCode,
    plate: Plate,
    trailer: TrailerPlate.optional(),
    driver: Person.optional(),
    receiver: GivenUnitCode,
    destination: z.enum(['in-province', 'cross-province', 'abroad']).default('in-province'),
    handler: Person.optional(),
    ...acted,
  }),
  { code: 'wasteCode', unit: 'consignor' },
)
export type RecordOutShipment = z.infer<typeof RecordOutShipment>

export const AttachNumber = z.strictObject({
  manifest: ManifestId,
  number: z
    .string()
    .overwrite(foldCode)
    .regex(/^\d{14}$/, { error: 'not-a-manifest-number' }),
  ...acted,
})
export type AttachNumber = z.infer<typeof AttachNumber>

/** Pickup: labels scanned line by line, and the consignor's weighing (移出量) where it is known by then. */
export const PickUp = z.strictObject({
  manifest: ManifestId,
  carrier: GivenUnitCode,
  plate: Plate,
  trailer: TrailerPlate.optional(),
  driver: Person.optional(),
  lines: z
    .array(z.strictObject({ line: lineNo, labels: z.array(GivenLabelCode).max(500), shipped: mass.optional() }))
    .min(1)
    .max(50),
  ...acted,
})
export type PickUp = z.infer<typeof PickUp>

export const Depart = named(z.strictObject({ manifest: ManifestId, from: text(200).optional(), ...acted }), {
  from: 'place',
})
export type Depart = z.infer<typeof Depart>

/** The next carrier takes over at one place and time, having checked consignor, previous carrier and waste (art 17). */
export const HandOverLeg = z.strictObject({
  manifest: ManifestId,
  leg: z.int().positive().max(9),
  to: LegRequest,
  place: text(200),
  previousArrivedAt: Moment,
  ...acted,
})
export type HandOverLeg = z.infer<typeof HandOverLeg>

export const Arrive = z.strictObject({ manifest: ManifestId, place: text(200).optional(), ...acted })
export type Arrive = z.infer<typeof Arrive>

/** 作废, before departure only (R67). */
export const CancelManifest = z.strictObject({ manifest: ManifestId, cause: text(500), ...acted })
export type CancelManifest = z.infer<typeof CancelManifest>
