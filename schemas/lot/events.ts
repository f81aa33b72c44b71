import { z } from 'zod'
import { Change } from '../correction/changes.ts'
import { BatchCode, CorrectionId, LabelCode, LotId, ManifestId } from '../values/identifiers.ts'
import { Grams, MovedGrams, SignedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm, Waste } from '../values/waste.ts'

/** Whose waste it is, and whether that unit lay in the park when the waste came to be (a rate asks for both). */
export const Origin = z.strictObject({ unit: UnitCode, inside: z.boolean() })
export type Origin = z.infer<typeof Origin>

/**
 * The head of every event that moves mass: what it is, where it was, where it is now, how many grams. With the stream's name
 * it says everything that its posting needs, so the journal reads nothing else.
 */
const move = { waste: Waste, from: Place, to: Place, grams: MovedGrams }
/** A move that someone read a scale for. `whole`: the package is gone from where it was, whatever the earlier scale said. */
const measured = { ...move, whole: z.boolean() }
const opening = { waste: Waste, origin: Origin, to: Place }
/** Line of the manifest under which mass is promised or moves. */
const underLine = { manifest: ManifestId, line: z.int().positive() }

/** New waste of the treater out of one treatment (残渣): a lot of its own, derived from the treated ones. */
export const ResidueShare = z.strictObject({ lot: LotId, waste: Waste, origin: Origin, to: Place, grams: MovedGrams })

/** Facts about one lot, stream `lot-<id>`. Every mass in the park moves in these events and only in these. */
export const lotEventSchemas = {
  /** 往年贮存: a lot of an earlier year that lay in store when the books began; posted on its old day. */
  LotOpened: z.strictObject({
    ...opening,
    grams: MovedGrams,
    bornOn: Day,
    batch: BatchCode,
    storeIn: BatchCode.optional(),
    name: z.string().optional(),
  }),
  LotGenerated: z.strictObject({
    ...opening,
    grams: MovedGrams,
    /** True for a pool, which many records fill; a lot of packages is generated once. */
    pool: z.boolean(),
    batch: BatchCode.optional(),
    name: z.string().optional(),
    packaging: z.string().optional(),
    packageCount: z.int().positive().optional(),
    handler: SealedPerson.optional(),
    /** Wet and dry: moisture in hundredths of a per cent, and the dry mass (Code art 304). */
    moisture: z.int().min(0).max(10_000).optional(),
    dryGrams: Grams.optional(),
  }),
  /** A lot that came out of others: of a treatment, a split or a mix. Its mass was posted by the events of its sources. */
  LotDerived: z.strictObject({
    ...opening,
    grams: MovedGrams,
    kind: z.enum(['residue', 'split', 'mix']),
    sources: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
    treatment: z.string().optional(),
    /** Day of the oldest mass in it; its own day for a residue, which is new waste (regulations 9.2, 7). */
    bornOn: Day,
  }),
  /** Follows: takes what was generated. */
  LotClassified: z.strictObject({
    ...move,
    category: z.string().optional(),
    hazards: z.array(Hazard).optional(),
    form: PhysicalForm.optional(),
    report: z.string().optional(),
  }),
  LotLabelled: z.strictObject({ label: LabelCode }),
  /** Measures: 入库量 is read off a scale (HJ 1259-2022 B.2). */
  LotStored: z.strictObject({ ...measured, batch: BatchCode.optional(), handler: SealedPerson.optional() }),
  /** Measures: 出库量 (B.3). From the store to where it is staged for pickup. */
  LotTakenOut: z.strictObject({
    ...measured,
    batch: BatchCode,
    storeIn: BatchCode.optional(),
    handler: SealedPerson.optional(),
  }),
  /** Promised to a line of a manifest that is being filed; no mass moves. */
  LotReserved: z.strictObject({ ...underLine, from: Place, grams: MovedGrams }),
  LotReservationReleased: z.strictObject({
    ...underLine,
    reason: z.enum(['never-filed', 'cancelled', 'picked-up-elsewhere']),
  }),
  /** Measures: 移出量. Consumes the reservation of that line. `trailer`: of a weighed trip, whose vehicle no manifest names. */
  LotPickedUp: z.strictObject({ ...measured, ...underLine, trailer: RecordedPlate.optional() }),
  /** Follows: from one carrier to the next (令第23号 art 17). */
  LotHandedOver: z.strictObject({ ...move, ...underLine, leg: z.int().positive() }),
  /**
   * The receiver's decision for this lot's part of a line. Measures: what arrived is accepted + refused; `variance` is what arrived
   * less what was shipped. Accepted mass moves to the receiver, refused mass stays on the road until it is returned.
   */
  LotAccepted: z.strictObject({
    waste: Waste,
    from: Place,
    to: Place,
    refusedTo: Place,
    ...underLine,
    accepted: Grams,
    refused: Grams,
    variance: SignedGrams,
  }),
  /** Follows: refused mass comes back to the consignor. */
  LotReturned: z.strictObject({ ...move, ...underLine }),
  /** Measures a part: treated = product + residues + loss + landfilled (R77). */
  LotTreated: z.strictObject({
    waste: Waste,
    from: Place,
    grams: MovedGrams,
    method: z.string(),
    treatment: z.string(),
    manifest: ManifestId.optional(),
    line: z.int().positive().optional(),
    product: Grams,
    loss: Grams,
    landfilled: Grams,
    residues: z.array(ResidueShare),
  }),
  /** A part becomes a lot of its own in the same place. */
  LotSplit: z.strictObject({ waste: Waste, at: Place, child: LotId, grams: MovedGrams }),
  /** Physically mixed into another lot in the same place; the mix takes a share of each source's layers. */
  LotMixedInto: z.strictObject({ waste: Waste, at: Place, into: LotId, grams: MovedGrams }),
  /** 盘点: what was counted against what the books said. */
  LotStockTaken: z.strictObject({
    waste: Waste,
    at: Place,
    counted: Grams,
    booked: Grams,
    reason: z.string().min(1).max(500),
  }),
  /** Earlier events of this lot say something else now, as the parties of `correction` agreed: the lot is what its corrected history makes it. */
  LotCorrected: z.strictObject({
    correction: CorrectionId,
    changes: z.array(Change).min(1),
    reason: z.string().min(1).max(500),
    /** Units that agreed, the one that proposed it first; an office stands by its own. */
    agreed: z.array(UnitCode),
  }),
} as const

type Schemas = typeof lotEventSchemas
export type LotEventType = keyof Schemas
export type LotEventOf<T extends LotEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type LotEvent = { [T in LotEventType]: LotEventOf<T> }[LotEventType]
