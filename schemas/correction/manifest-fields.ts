import { z } from 'zod'
import type { ManifestEventType } from '../manifest/events.ts'
import { DifferenceKind, LineNo } from '../manifest/shapes.ts'
import type { Manifest, ManifestStatus } from '../manifest/state.ts'
import { LabelCode } from '../values/identifiers.ts'
import { Grams, MovedGrams } from '../values/mass.ts'
import { RecordedPlate } from '../values/plate.ts'

export type Party = 'consignor' | 'carrier' | 'receiver'

/** A value of a manifest's event that may be corrected: its form, whose act it is, and who must agree beside them from which step on. */
export interface ManifestField {
  readonly value: z.ZodType
  readonly by: Party
  readonly agree: Readonly<Partial<Record<Party, ManifestStatus>>>
}
type Fields = Readonly<Record<string, ManifestField>>
const SEALED: Fields = {}

/** What the consignor weighed and scanned of some lines; shares of lots follow from it. */
export const PickedLines = z
  .array(
    z.strictObject({
      line: LineNo,
      shipped: MovedGrams.optional(),
      labels: z.array(LabelCode).optional(),
    }),
  )
  .min(1)

const byReceiver = (value: z.ZodType, agree: ManifestField['agree'] = {}): ManifestField => ({
  value,
  by: 'receiver',
  agree,
})
// The carrier signed for the load; the receiver took it over at its own scale.
const load = { by: 'consignor', agree: { carrier: 'loaded', receiver: 'weighed' } } as const
const vehicle = { by: 'carrier', agree: { consignor: 'loaded', receiver: 'weighed' } } as const
const settled = { consignor: 'weighed' } as const

/** Every type of event has its row: a new type does not compile until it is said what of it may be corrected. */
const rows: Readonly<Record<ManifestEventType, Fields>> = {
  ManifestPickedUp: {
    lines: { value: PickedLines, ...load },
    plate: { value: RecordedPlate, ...vehicle },
    trailer: { value: RecordedPlate.nullable(), ...vehicle },
  },
  LoadWeighed: {
    gross: byReceiver(MovedGrams, { consignor: 'completed' }),
    tare: byReceiver(MovedGrams, { consignor: 'completed' }),
  },
  LineDecided: {
    accepted: byReceiver(Grams, settled),
    // What is refused stays with the carrier until it is returned.
    refused: byReceiver(Grams, { ...settled, carrier: 'weighed' }),
    difference: byReceiver(DifferenceKind, settled),
    note: byReceiver(z.string().min(1).max(500), settled),
  },
  LineTreated: SEALED,
  LinePassedOn: SEALED,
  // What was promised, and names by which others find the document.
  ManifestFiled: SEALED,
  OfficialNumberAttached: SEALED,
  ManifestAbandoned: SEALED,
  ManifestCancelled: SEALED,
  ManifestDeparted: SEALED,
  ManifestHandedOver: SEALED,
  ManifestArrived: SEALED,
  ManifestCompleted: SEALED,
  // All that was refused comes back: it follows the decision.
  LineReturned: SEALED,
  ManifestCorrected: SEALED,
}

export const correctableOfManifest = (type: ManifestEventType): Fields => rows[type]

const STEPS: readonly ManifestStatus[] = ['filed', 'loaded', 'departed', 'arrived', 'weighed', 'completed']
// General waste is decided as it comes in: there is no weighing of its own.
const reached = ({ status, form }: Manifest, step: ManifestStatus): boolean =>
  STEPS.indexOf(status) >= STEPS.indexOf(form === 'out-record' && step === 'weighed' ? 'arrived' : step)

export const unitsOf = (manifest: Manifest, party: Party): readonly string[] =>
  party === 'carrier' ? manifest.legs.slice(0, manifest.leg + 1).map(({ carrier }) => carrier) : [manifest[party]]

/** Units that must agree to a change of this field: those concerned by now. */
export const agreeing = (field: ManifestField, manifest: Manifest): readonly string[] =>
  (Object.entries(field.agree) as [Party, ManifestStatus][]).flatMap(([party, step]) =>
    reached(manifest, step) ? unitsOf(manifest, party) : [],
  )
