import { z } from 'zod'
import { PlanLine } from '../plan/events.ts'
import { unitEvents } from '../unit/events.ts'
import { GivenDivision } from '../values/division.ts'
import { GivenFacilityCode } from '../values/identifiers.ts'
import { Person } from '../values/person.ts'
import { Plate } from '../values/plate.ts'
import { foldCode } from '../values/text.ts'
import { Day } from '../values/time.ts'
import { GivenUnitCode } from '../values/unit-code.ts'
import { acted, text, wasteCode } from './common.ts'
import { named } from './public-names.ts'

const {
  UnitRegistered,
  SiteAdded,
  FacilityAdded,
  LicenceGranted,
  LicenceRevoked,
  VehicleRegistered,
  DriverRegistered,
  ContractConcluded,
} = unitEvents

/**
 * What is registered once more under its key is a change as of a day: `effectiveFrom`, or that of the act. Fields that are left out stay as
 * they are.
 *
 * The credit code is taken as text here: rule R01 judges it, so that its refusal names the rule.
 */
export const RegisterUnit = z.strictObject({
  ...UnitRegistered.schema.omit({ contact: true }).shape,
  unit: z.string().overwrite(foldCode).min(1).max(32),
  name: text(200),
  industry: text(32).optional(),
  address: text(500).optional(),
  contact: Person.optional(),
  ...acted,
})
export type RegisterUnit = z.infer<typeof RegisterUnit>

const ofUnit = { unit: GivenUnitCode, ...acted }
const site = text(32)
export const AddSite = z.strictObject({
  ...SiteAdded.schema.shape,
  site,
  name: text(200),
  address: text(500),
  /** 行政区划 (GB/T 2260): where waste that leaves it is moved from (R48). */
  division: GivenDivision.optional(),
  ...ofUnit,
})
export type AddSite = z.infer<typeof AddSite>
export const AddFacility = z.strictObject({
  ...FacilityAdded.schema.shape,
  facility: GivenFacilityCode,
  name: text(200),
  site: site.optional(),
  ...ofUnit,
})
export type AddFacility = z.infer<typeof AddFacility>
export const GrantLicence = named(
  z.strictObject({
    ...LicenceGranted.schema.shape,
    number: text(64),
    covers: z.array(wasteCode).min(1),
    methods: z.array(text(16)).min(1),
    effectiveFrom: Day.optional(),
    ...ofUnit,
  }),
  { from: 'validFrom', to: 'validTo' },
)
export type GrantLicence = z.infer<typeof GrantLicence>
/** A further term of a licence; what is left out stays as it was. */
export const RenewLicence = named(
  z.strictObject({
    number: text(64),
    from: Day,
    to: Day,
    kind: LicenceGranted.schema.shape.kind.optional(),
    covers: z.array(wasteCode).min(1).optional(),
    methods: z.array(text(16)).min(1).optional(),
    annual: LicenceGranted.schema.shape.annual.optional(),
    ...ofUnit,
  }),
  { from: 'validFrom', to: 'validTo' },
)
export type RenewLicence = z.infer<typeof RenewLicence>
export const RevokeLicence = named(
  z.strictObject({
    number: text(64),
    from: LicenceRevoked.schema.shape.from,
    cause: text(500),
    ...ofUnit,
  }),
  { from: 'revokedFrom' },
)
export type RevokeLicence = z.infer<typeof RevokeLicence>
export const RegisterVehicle = z.strictObject({
  ...VehicleRegistered.schema.shape,
  plate: Plate,
  permit: text(64),
  ...ofUnit,
})
export type RegisterVehicle = z.infer<typeof RegisterVehicle>
export const RegisterDriver = z.strictObject({
  ...DriverRegistered.schema.shape,
  driver: Person,
  permit: text(64),
  ...ofUnit,
})
export type RegisterDriver = z.infer<typeof RegisterDriver>
export const ConcludeContract = named(
  z.strictObject({
    ...ContractConcluded.schema.shape,
    number: text(64),
    receiver: GivenUnitCode,
    code: wasteCode,
    effectiveFrom: Day.optional(),
    ...ofUnit,
  }),
  { code: 'wasteCode', from: 'validFrom', to: 'validTo' },
)
export type ConcludeContract = z.infer<typeof ConcludeContract>
/** A further term of a contract. */
export const RenewContract = named(z.strictObject({ number: text(64), from: Day, to: Day, ...ofUnit }), {
  from: 'validFrom',
  to: 'validTo',
})
export type RenewContract = z.infer<typeof RenewContract>

/** The end of a thing: the first day on which it is no more, and why. */
const ended = { effectiveFrom: Day.optional(), cause: text(500), ...ofUnit }
export const CloseUnit = z.strictObject(ended)
export type CloseUnit = z.infer<typeof CloseUnit>
export const CloseSite = z.strictObject({ site, ...ended })
export type CloseSite = z.infer<typeof CloseSite>
export const CloseFacility = z.strictObject({ facility: GivenFacilityCode, ...ended })
export type CloseFacility = z.infer<typeof CloseFacility>
export const DeregisterVehicle = z.strictObject({ plate: Plate, ...ended })
export type DeregisterVehicle = z.infer<typeof DeregisterVehicle>
export const DeregisterDriver = z.strictObject({ permit: text(64), ...ended })
export type DeregisterDriver = z.infer<typeof DeregisterDriver>
export const TerminateContract = z.strictObject({ number: text(64), ...ended })
export type TerminateContract = z.infer<typeof TerminateContract>

/** One year's plan, or further lines of it (HJ 1259-2022 A.7). */
export const FilePlan = z.strictObject({
  unit: GivenUnitCode,
  year: z.int().min(2000).max(2100),
  lines: z
    .array(
      named(z.strictObject({ ...PlanLine.shape, code: wasteCode, receiver: GivenUnitCode, method: text(16) }), {
        code: 'wasteCode',
      }),
    )
    .min(1)
    .max(500),
  ...acted,
})
export type FilePlan = z.infer<typeof FilePlan>
