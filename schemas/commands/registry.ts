import { z } from 'zod'
import { PlanLine } from '../plan/events.ts'
import { unitEventSchemas } from '../unit/events.ts'
import { Person } from '../values/person.ts'
import { UnitCode } from '../values/unit-code.ts'
import { acted, text } from './common.ts'

const {
  UnitRegistered,
  SiteAdded,
  FacilityAdded,
  LicenceGranted,
  LicenceRevoked,
  VehicleRegistered,
  DriverRegistered,
  ContractConcluded,
} = unitEventSchemas

/** The credit code is taken as text here: rule R01 judges it, so that its refusal names the rule. */
export const RegisterUnit = z.strictObject({
  ...UnitRegistered.omit({ contact: true }).shape,
  unit: text(32),
  contact: Person.optional(),
  ...acted,
})
export type RegisterUnit = z.infer<typeof RegisterUnit>
const ofUnit = { unit: UnitCode, ...acted }
export const AddSite = z.strictObject({ ...SiteAdded.shape, ...ofUnit })
export type AddSite = z.infer<typeof AddSite>
export const AddFacility = z.strictObject({ ...FacilityAdded.shape, ...ofUnit })
export type AddFacility = z.infer<typeof AddFacility>
export const GrantLicence = z.strictObject({ ...LicenceGranted.shape, ...ofUnit })
export type GrantLicence = z.infer<typeof GrantLicence>
export const RevokeLicence = z.strictObject({
  number: LicenceRevoked.shape.number,
  from: LicenceRevoked.shape.from,
  cause: text(500),
  ...ofUnit,
})
export type RevokeLicence = z.infer<typeof RevokeLicence>
export const RegisterVehicle = z.strictObject({ ...VehicleRegistered.shape, ...ofUnit })
export type RegisterVehicle = z.infer<typeof RegisterVehicle>
export const RegisterDriver = z.strictObject({
  ...DriverRegistered.omit({ driver: true }).shape,
  driver: Person,
  ...ofUnit,
})
export type RegisterDriver = z.infer<typeof RegisterDriver>
export const ConcludeContract = z.strictObject({ ...ContractConcluded.shape, ...ofUnit })
export type ConcludeContract = z.infer<typeof ConcludeContract>
/** One year's plan, or further lines of it (HJ 1259-2022 A.7). */
export const FilePlan = z.strictObject({
  unit: UnitCode,
  year: z.int().min(2000).max(2100),
  lines: z.array(PlanLine).min(1).max(500),
  ...acted,
})
export type FilePlan = z.infer<typeof FilePlan>
