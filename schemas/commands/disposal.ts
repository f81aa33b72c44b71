import { z } from 'zod'
import { DifferenceKind } from '../manifest/shapes.ts'
import { GivenFacilityCode, LotId, ManifestId } from '../values/identifiers.ts'
import { grams } from '../values/mass.ts'
import { GivenUnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import { acted, mass, massOrNone, place, text, wasteCode } from './common.ts'
import { named } from './public-names.ts'

const lineNo = z.int().positive().max(999)

/** The receiver's own weighing of the vehicle, in kilograms (R69). */
export const WeighLoad = z.strictObject({
  manifest: ManifestId,
  grossKg: z.int().positive().max(200_000),
  tareKg: z.int().positive().max(200_000),
  ...acted,
})
export type WeighLoad = z.infer<typeof WeighLoad>

/**
 * The receiver's decision line by line (第三部分). `refused` absent: accepted means all that arrived is `accepted`; partly accepted or
 * refused means that the rest of what was shipped is refused.
 */
export const AcceptManifest = z.strictObject({
  manifest: ManifestId,
  lines: z
    .array(
      z.strictObject({
        line: lineNo,
        decision: z.enum(['accepted', 'partly-accepted', 'refused']),
        accepted: massOrNone,
        refused: massOrNone.optional(),
        difference: DifferenceKind.default('none'),
        note: text(500).optional(),
        method: text(16).optional(),
      }),
    )
    .min(1)
    .max(50),
  ...acted,
})
export type AcceptManifest = z.infer<typeof AcceptManifest>

/** All lines refused, with the reason. */
export const RefuseManifest = z.strictObject({
  manifest: ManifestId,
  difference: DifferenceKind,
  note: text(500),
  ...acted,
})
export type RefuseManifest = z.infer<typeof RefuseManifest>

/** Refused mass is back at the consignor's store (R75). */
export const ReturnRefused = z.strictObject({ manifest: ManifestId, line: lineNo, store: GivenFacilityCode, ...acted })
export type ReturnRefused = z.infer<typeof ReturnRefused>

/** Of one lot that lies with the treater, or of a line that it accepted; `at` is one of the lot's places, all of them without it. */
const TreatmentInput = z.strictObject({
  manifest: ManifestId.optional(),
  line: lineNo.optional(),
  lot: LotId.optional(),
  at: place.optional(),
  grams: mass,
})

/**
 * One run of a facility: product + residues + loss + landfilled = what was treated (R77). Either of one line (`manifest`, `line`, `treated`), or of
 * many `inputs`, each a line (`manifest`, `line`) or a `lot`.
 */
export const RecordTreatment = z.strictObject({
  treatment: text(64),
  manifest: ManifestId.optional(),
  line: lineNo.optional(),
  /** Who treats; the sender's unit, or the receiver of the first manifest, without it. */
  unit: GivenUnitCode.optional(),
  inputs: z.array(TreatmentInput).min(1).max(500).optional(),
  facility: GivenFacilityCode.optional(),
  method: text(16),
  treated: mass.optional(),
  product: massOrNone,
  productName: text(200).optional(),
  residues: z
    .array(
      named(
        z.strictObject({
          lot: LotId.optional(),
          code: wasteCode,
          stream: z.enum(['hazardous', 'industrial']).default('hazardous'),
          grams: mass,
        }),
        { code: 'wasteCode' },
      ),
    )
    .max(20)
    .default([]),
  loss: massOrNone,
  landfilled: massOrNone.default(grams(0)),
  ...acted,
})
export type RecordTreatment = z.infer<typeof RecordTreatment>

/** Several lots that lie in one place, or what one has there under several lines, become one lot, of one code. */
export const RecordMixture = named(
  z.strictObject({
    mixture: text(64),
    unit: GivenUnitCode.optional(),
    lot: LotId.optional(),
    stream: WasteStream,
    code: wasteCode,
    inputs: z
      .array(z.strictObject({ lot: LotId, at: place.optional(), grams: mass }))
      .min(1)
      .max(500),
    ...acted,
  }),
  { code: 'wasteCode' },
)
export type RecordMixture = z.infer<typeof RecordMixture>
