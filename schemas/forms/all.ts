import { units, facilities, licences, vehicles, plans, contracts } from './master-data.ts'
import { openingStock, hwGeneration, hwStorageIn, hwStorageOut, hwTreatment } from './hazardous-waste.ts'
import { hwManifests, hwManifestLines } from './manifests.ts'
import { giswGeneration, giswOut, giswReceipts } from './general-waste.ts'
import { trips } from './trips.ts'
import type { Form } from './form.ts'

/** Master data: each is finished before the next begins. */
export const masterDataForms: readonly Form[] = [units, facilities, licences, vehicles, plans, contracts]

/** Every official book, in the order in which rows of the same moment happened. */
export const allForms: readonly Form[] = [
  ...masterDataForms,
  openingStock,
  giswGeneration,
  hwGeneration,
  hwStorageIn,
  hwStorageOut,
  hwManifests,
  hwManifestLines,
  giswOut,
  giswReceipts,
  hwTreatment,
  trips,
]

export const formNamed: ReadonlyMap<string, Form> = new Map(allForms.map((form) => [form.name, form]))
