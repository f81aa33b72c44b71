import { openingStock, generation, storageIn, storageOut } from './hazardous.ts'
import { outShipment, poolGeneration, receipt } from './general.ts'
import { manifests } from './manifests.ts'
import type { Mapper } from './mapper.ts'
import { contracts, facilities, licences, plans, units, vehicles } from './master-data.ts'
import { treatment } from './treatment.ts'
import { trips } from './trips.ts'

/** How each book's rows are read. Lines are read with their manifest. */
export const mappers: Readonly<Record<string, Mapper>> = {
  units,
  facilities,
  licences,
  vehicles,
  plans,
  contracts,
  'opening-stock': openingStock,
  'gisw-generation': poolGeneration,
  'hw-generation': generation,
  'hw-storage-in': storageIn,
  'hw-storage-out': storageOut,
  'hw-manifests': manifests,
  'gisw-out': outShipment,
  'gisw-receipts': receipt,
  'hw-treatment': treatment,
  trips,
}
