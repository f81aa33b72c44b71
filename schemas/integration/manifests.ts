import { z } from 'zod'
import { manifestEventSchemas, type ManifestEventType } from '../manifest/events.ts'
import { BatchCode, FacilityCode, LabelCode, LotId } from '../values/identifiers.ts'
import { Grams, MovedGrams, SignedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Place } from '../values/place.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Hazard, PhysicalForm, Waste } from '../values/waste.ts'
import { alike, renamed } from './message.ts'

// Spelled out here and not taken from the stored events: what was promised outside must not change because a stored event does.
const line = z.int().positive().max(999)
const leg = z.strictObject({
  carrier: UnitCode,
  plate: RecordedPlate,
  trailer: RecordedPlate.optional(),
  driver: SealedPerson.optional(),
})
const filedLine = z.strictObject({
  line,
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
const pickedUpLine = z.strictObject({
  line,
  labels: z.array(LabelCode),
  shipped: MovedGrams,
  weighed: z.boolean(),
  lots: z.array(z.strictObject({ lot: LotId, from: Place, grams: MovedGrams })),
})
const treatedLot = z.strictObject({
  lot: LotId,
  grams: MovedGrams,
  product: Grams,
  loss: Grams,
  landfilled: Grams,
  residues: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })),
})

const told = <Name extends string, const Version extends number>(name: Name, version: Version, summary: string) =>
  ({ name: `cn.wufei.manifest.${name}`, version, channel: 'manifests', summary }) as const

/** What happens to manifests (转移联单) and out-records: the causes of what the lots under them then do. */
export const manifestMessages = {
  ManifestFiled: alike(manifestEventSchemas.ManifestFiled)(
    told('filed', 1, 'A transfer was filed, line by line'),
    z.strictObject({
      form: z.enum(['transfer-manifest', 'out-record']),
      number: z.string().optional(),
      consignor: z.strictObject({
        unit: UnitCode,
        emergencyPhone: z.string().optional(),
        address: z.string().optional(),
      }),
      receiver: z.strictObject({ unit: UnitCode, licence: z.string().optional(), address: z.string().optional() }),
      shipper: UnitCode,
      legs: z.array(leg).min(1),
      destination: z.enum(['in-province', 'cross-province', 'abroad']),
      lines: z.array(filedLine).min(1),
    }),
  ),
  ManifestAbandoned: renamed(manifestEventSchemas.ManifestAbandoned)(
    told('abandoned', 2, 'A filing never came to be and never will'),
    z.strictObject({ cause: z.literal('never-filed') }),
    { reason: 'cause' },
  ),
  OfficialNumberAttached: alike(manifestEventSchemas.OfficialNumberAttached)(
    told('number-attached', 1, 'The official 14-digit number became known'),
    z.strictObject({ number: z.string() }),
  ),
  ManifestCancelled: renamed(manifestEventSchemas.ManifestCancelled)(
    told('cancelled', 2, 'A transfer was cancelled before pickup'),
    z.strictObject({ cause: z.string().min(1).max(500) }),
    { reason: 'cause' },
  ),
  ManifestPickedUp: alike(manifestEventSchemas.ManifestPickedUp)(
    told('picked-up', 1, 'Labels scanned and masses weighed, the load was handed to its carrier (交付)'),
    z.strictObject({
      carrier: UnitCode,
      plate: RecordedPlate,
      trailer: RecordedPlate.optional(),
      driver: SealedPerson.optional(),
      lines: z.array(pickedUpLine).min(1),
    }),
  ),
  ManifestDeparted: renamed(manifestEventSchemas.ManifestDeparted)(
    told('departed', 2, 'The vehicle set off'),
    z.strictObject({ place: z.string().optional() }),
    { from: 'place' },
  ),
  ManifestHandedOver: alike(manifestEventSchemas.ManifestHandedOver)(
    told('handed-over', 1, 'The load went from one carrier to the next'),
    z.strictObject({ leg: z.int().positive(), from: leg, to: leg, place: z.string() }),
  ),
  ManifestArrived: alike(manifestEventSchemas.ManifestArrived)(
    told('arrived', 1, 'The vehicle came to the receiver'),
    z.strictObject({ place: z.string().optional() }),
  ),
  LoadWeighed: alike(manifestEventSchemas.LoadWeighed)(
    told('load-weighed', 1, 'The receiver weighed the vehicle full and empty (过磅)'),
    z.strictObject({ gross: MovedGrams, tare: MovedGrams, net: MovedGrams }),
  ),
  LineDecided: alike(manifestEventSchemas.LineDecided)(
    told('line-decided', 1, 'The receiver accepted a line, a part of it, or nothing'),
    z.strictObject({
      line,
      decision: z.enum(['accepted', 'partly-accepted', 'refused']),
      accepted: Grams,
      refused: Grams,
      variance: SignedGrams,
      difference: z.enum(['none', 'quantity', 'packaging', 'form', 'nature', 'name', 'other']),
      note: z.string().optional(),
      method: z.string().optional(),
      lots: z
        .array(
          z.strictObject({ lot: LotId, shipped: MovedGrams, accepted: Grams, refused: Grams, variance: SignedGrams }),
        )
        .min(1),
    }),
  ),
  ManifestCompleted: alike(manifestEventSchemas.ManifestCompleted)(
    told('completed', 1, 'Every line is decided'),
    z.strictObject({}),
  ),
  LineReturned: alike(manifestEventSchemas.LineReturned)(
    told('line-returned', 1, 'What was refused of a line came back'),
    z.strictObject({ line, lots: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1), to: z.string() }),
  ),
  LineTreated: alike(manifestEventSchemas.LineTreated)(
    told('line-treated', 1, 'What was accepted of a line was recycled or disposed of'),
    z.strictObject({
      line,
      treatment: z.string(),
      facility: FacilityCode.optional(),
      method: z.string(),
      treated: MovedGrams,
      product: Grams,
      productName: z.string().optional(),
      loss: Grams,
      landfilled: Grams,
      residues: z.array(z.strictObject({ lot: LotId, waste: Waste, grams: MovedGrams })),
      lots: z.array(treatedLot).min(1),
    }),
  ),
} as const satisfies Readonly<Record<ManifestEventType, object>>
