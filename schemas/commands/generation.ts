import { z } from 'zod'
import { GivenBatchCode, GivenFacilityCode, LotId } from '../values/identifiers.ts'
import { Person } from '../values/person.ts'
import { OpeningDay } from '../values/time.ts'
import { GivenUnitCode } from '../values/unit-code.ts'
import { acted, mass, text, waste } from './common.ts'

/** B.1 产生: waste comes to be. Without `lot` an id is made: from unit and batch code where there is one. */
export const GenerateLot = z.strictObject({
  lot: LotId.optional(),
  unit: GivenUnitCode,
  waste,
  name: text(500).optional(),
  grams: mass,
  batch: GivenBatchCode.optional(),
  facility: GivenFacilityCode.optional(),
  packaging: text(100).optional(),
  packageCount: z.int().positive().max(100_000).optional(),
  handler: Person.optional(),
  ...acted,
})
export type GenerateLot = z.infer<typeof GenerateLot>

/** 附表4: one record of general industrial waste, which goes into the unit's pool of that code. */
export const GenerateIntoPool = z.strictObject({
  unit: GivenUnitCode,
  waste,
  name: text(500).optional(),
  grams: mass,
  record: GivenBatchCode,
  facility: GivenFacilityCode.optional(),
  handler: Person.optional(),
  ...acted,
})
export type GenerateIntoPool = z.infer<typeof GenerateIntoPool>

/** 往年贮存: stock of an earlier year when the books begin. */
export const OpenLot = z.strictObject({
  lot: LotId.optional(),
  unit: GivenUnitCode,
  waste,
  name: text(500).optional(),
  grams: mass,
  batch: GivenBatchCode,
  storeIn: GivenBatchCode.optional(),
  store: GivenFacilityCode,
  bornOn: OpeningDay,
  reason: acted.reason,
})
export type OpenLot = z.infer<typeof OpenLot>
