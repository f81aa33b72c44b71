import { z } from 'zod'
import { lotEventSchemas, type LotEventType } from '../lot/events.ts'
import { BatchCode, CorrectionId, LabelCode, LotId, ManifestId } from '../values/identifiers.ts'
import { Grams, MovedGrams, SignedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm, Waste } from '../values/waste.ts'
import { alike, renamed } from './message.ts'

// Spelled out here and not taken from the stored events: what was promised outside must not change because a stored event does.
const origin = z.strictObject({ unit: UnitCode, inside: z.boolean() })
const move = { waste: Waste, from: Place, to: Place, grams: MovedGrams }
const measured = { ...move, whole: z.boolean() }
const opening = { waste: Waste, origin, to: Place }
const underLine = { manifest: ManifestId, line: z.int().positive() }
const residue = z.strictObject({ lot: LotId, waste: Waste, origin, to: Place, grams: MovedGrams })

/** `of` names the event by its id; without `is` it never happened. */
const change = z.strictObject({
  of: z.uuid(),
  revision: z.int().positive(),
  was: z.record(z.string(), z.unknown()),
  is: z.record(z.string(), z.unknown()).optional(),
})

const told = <Name extends string, const Version extends number>(name: Name, version: Version, summary: string) =>
  ({ name: `cn.wufei.lot.${name}`, version, channel: 'lots', summary }) as const

/** What happens to lots: every gram that moves in the park. */
export const lotMessages = {
  LotOpened: alike(lotEventSchemas.LotOpened)(
    told('opened', 1, 'A lot of an earlier year lay in store when the books began'),
    z.strictObject({
      ...opening,
      grams: MovedGrams,
      bornOn: Day,
      batch: BatchCode,
      storeIn: BatchCode.optional(),
      name: z.string().optional(),
    }),
  ),
  LotGenerated: alike(lotEventSchemas.LotGenerated)(
    told('generated', 1, 'Waste came to be'),
    z.strictObject({
      ...opening,
      grams: MovedGrams,
      pool: z.boolean(),
      batch: BatchCode.optional(),
      name: z.string().optional(),
      packaging: z.string().optional(),
      packageCount: z.int().positive().optional(),
      handler: SealedPerson.optional(),
      moisture: z.int().min(0).max(10_000).optional(),
      dryGrams: Grams.optional(),
    }),
  ),
  LotDerived: alike(lotEventSchemas.LotDerived)(
    told('derived', 1, 'A lot came out of others by treatment, splitting or mixing'),
    z.strictObject({
      ...opening,
      grams: MovedGrams,
      kind: z.enum(['residue', 'split', 'mix']),
      sources: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
      treatment: z.string().optional(),
      bornOn: Day,
    }),
  ),
  LotClassified: alike(lotEventSchemas.LotClassified)(
    told('classified', 1, 'What the waste is was decided'),
    z.strictObject({
      ...move,
      category: z.string().optional(),
      hazards: z.array(Hazard).optional(),
      form: PhysicalForm.optional(),
      report: z.string().optional(),
    }),
  ),
  LotLabelled: alike(lotEventSchemas.LotLabelled)(
    told('labelled', 1, 'A label was put on the package'),
    z.strictObject({ label: LabelCode }),
  ),
  LotStored: alike(lotEventSchemas.LotStored)(
    told('stored', 1, 'Waste was weighed into a store (入库)'),
    z.strictObject({ ...measured, batch: BatchCode.optional(), handler: SealedPerson.optional() }),
  ),
  LotTakenOut: alike(lotEventSchemas.LotTakenOut)(
    told('taken-out', 1, 'Waste was weighed out of its store and staged for pickup (出库)'),
    z.strictObject({ ...measured, batch: BatchCode, storeIn: BatchCode.optional(), handler: SealedPerson.optional() }),
  ),
  LotReserved: alike(lotEventSchemas.LotReserved)(
    told('reserved', 1, 'Waste was promised to a line of a manifest; no mass moved'),
    z.strictObject({ ...underLine, from: Place, grams: MovedGrams }),
  ),
  LotReservationReleased: renamed(lotEventSchemas.LotReservationReleased)(
    told('reservation-released', 2, 'A promise to a line of a manifest ended'),
    z.strictObject({ ...underLine, cause: z.enum(['never-filed', 'cancelled', 'picked-up-elsewhere']) }),
    { reason: 'cause' },
  ),
  LotPickedUp: alike(lotEventSchemas.LotPickedUp)(
    told('picked-up', 1, 'Waste was weighed and handed to a carrier (移出)'),
    z.strictObject({ ...measured, ...underLine, trailer: RecordedPlate.optional() }),
  ),
  LotHandedOver: alike(lotEventSchemas.LotHandedOver)(
    told('handed-over', 1, 'Waste went from one carrier to the next'),
    z.strictObject({ ...move, ...underLine, leg: z.int().positive() }),
  ),
  LotAccepted: alike(lotEventSchemas.LotAccepted)(
    told('accepted', 1, 'The receiver decided what it takes and what it refuses (接受)'),
    z.strictObject({
      waste: Waste,
      from: Place,
      to: Place,
      refusedTo: Place,
      ...underLine,
      accepted: Grams,
      refused: Grams,
      variance: SignedGrams,
    }),
  ),
  LotReturned: alike(lotEventSchemas.LotReturned)(
    told('returned', 1, 'Refused waste came back to its consignor (退运)'),
    z.strictObject({ ...move, ...underLine }),
  ),
  LotTreated: alike(lotEventSchemas.LotTreated)(
    told('treated', 1, 'Waste was recycled or disposed of: treated = product + residues + loss + landfilled'),
    z.strictObject({
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
      residues: z.array(residue),
    }),
  ),
  LotSplit: alike(lotEventSchemas.LotSplit)(
    told('split', 1, 'A part became a lot of its own in the same place'),
    z.strictObject({ waste: Waste, at: Place, child: LotId, grams: MovedGrams }),
  ),
  LotMixedInto: alike(lotEventSchemas.LotMixedInto)(
    told('mixed-into', 1, 'Waste was mixed into another lot in the same place'),
    z.strictObject({ waste: Waste, at: Place, into: LotId, grams: MovedGrams }),
  ),
  LotStockTaken: renamed(lotEventSchemas.LotStockTaken)(
    told('stock-taken', 2, 'Waste was counted, and the books follow the count (盘点)'),
    z.strictObject({ waste: Waste, at: Place, counted: Grams, booked: Grams, note: z.string().min(1).max(500) }),
    { reason: 'note' },
  ),
  LotCorrected: alike(lotEventSchemas.LotCorrected)(
    told('corrected', 1, 'Earlier events of the lot say something else now, as their parties agreed (更正)'),
    z.strictObject({
      correction: CorrectionId,
      changes: z.array(change).min(1),
      reason: z.string().min(1).max(500),
      agreed: z.array(UnitCode),
    }),
  ),
} as const satisfies Readonly<Record<LotEventType, object>>
