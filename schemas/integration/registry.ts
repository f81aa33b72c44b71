import { z } from 'zod'
import { claimEventSchemas, type ClaimEventType } from '../claim/events.ts'
import { planEventSchemas, type PlanEventType } from '../plan/events.ts'
import { unitEventSchemas, type UnitEventType } from '../unit/events.ts'
import { Division } from '../values/division.ts'
import { FacilityCode } from '../values/identifiers.ts'
import { MovedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { alike, renamed } from './message.ts'

const told = <Name extends string, const Version extends number>(name: Name, version: Version, summary: string) =>
  ({ name: `cn.wufei.${name}`, version, channel: 'registry', summary }) as const

const unit = {
  name: z.string().min(1).max(200),
  roles: z.array(z.enum(['producer', 'collector', 'carrier', 'recycler', 'disposer'])),
  industry: z.string().optional(),
  address: z.string().optional(),
  inside: z.boolean(),
  managementClass: z.enum(['key', 'simplified', 'registered']).optional(),
  contact: SealedPerson.optional(),
}
const site = { name: z.string(), address: z.string(), division: Division.optional() }
const facility = {
  name: z.string(),
  kind: z.enum(['production', 'warehouse', 'yard', 'pool', 'tank-farm', 'storage-point', 'treatment']),
  capacity: MovedGrams.optional(),
  site: z.string().optional(),
}
const number = z.string().min(1).max(64)
const licence = {
  kind: z.enum(['comprehensive', 'collection']),
  covers: z.array(z.string()).min(1),
  methods: z.array(z.string()).min(1),
  annual: MovedGrams,
  validTo: Day,
}
const vehicle = { permit: z.string(), validTo: Day, rated: MovedGrams.optional(), dangerousGoods: z.boolean() }
const driver = { permit: z.string(), validTo: Day, dangerousGoods: z.boolean() }
const contract = { receiver: UnitCode, wasteCode: z.string(), validTo: Day }
const effectiveFrom = Day
const sinceDay = { effectiveFrom: Day.optional() }
const ended = { effectiveFrom, cause: z.string() }
const some = <const Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape).partial().shape

const TERM = { from: 'validFrom', to: 'validTo' } as const
const END = { reason: 'cause' } as const

/** What is registered: units and what they may do, plans, names that only one thing may bear. Spelled out like the others. */
export const registryMessages = {
  UnitRegistered: alike(unitEventSchemas.UnitRegistered)(
    told('unit.registered', 1, 'A unit was registered, or registered anew'),
    z.strictObject({ unit: UnitCode, ...unit, ...sinceDay }),
  ),
  UnitChanged: alike(unitEventSchemas.UnitChanged)(
    told('unit.changed', 1, 'A unit has another name, address, contact, role … from a day on'),
    z.strictObject({ ...some(unit), effectiveFrom }),
  ),
  UnitClosed: renamed(unitEventSchemas.UnitClosed)(
    told('unit.closed', 1, 'A unit takes part in nothing from a day on'),
    z.strictObject(ended),
    END,
  ),
  SiteAdded: alike(unitEventSchemas.SiteAdded)(
    told('unit.site-added', 1, 'A unit has a further site'),
    z.strictObject({ site: z.string().max(32), ...site, ...sinceDay }),
  ),
  SiteChanged: alike(unitEventSchemas.SiteChanged)(
    told('unit.site-changed', 1, 'A site has another name, address or division from a day on'),
    z.strictObject({ site: z.string().max(32), ...some(site), effectiveFrom }),
  ),
  SiteClosed: renamed(unitEventSchemas.SiteClosed)(
    told('unit.site-closed', 1, 'A site is closed from a day on'),
    z.strictObject({ site: z.string(), ...ended }),
    END,
  ),
  FacilityAdded: alike(unitEventSchemas.FacilityAdded)(
    told('unit.facility-added', 1, 'A unit has a further facility'),
    z.strictObject({ facility: FacilityCode, ...facility, ...sinceDay }),
  ),
  FacilityChanged: alike(unitEventSchemas.FacilityChanged)(
    told('unit.facility-changed', 1, 'A facility has another name, kind, capacity or site from a day on'),
    z.strictObject({ facility: FacilityCode, ...some(facility), effectiveFrom }),
  ),
  FacilityClosed: renamed(unitEventSchemas.FacilityClosed)(
    told('unit.facility-closed', 1, 'A facility is closed from a day on'),
    z.strictObject({ facility: FacilityCode, ...ended }),
    END,
  ),
  LicenceGranted: renamed(unitEventSchemas.LicenceGranted)(
    told('unit.licence-granted', 2, 'A unit may treat or collect hazardous waste'),
    z.strictObject({ number, ...licence, validFrom: Day }),
    TERM,
  ),
  LicenceRenewed: renamed(unitEventSchemas.LicenceRenewed)(
    told('unit.licence-renewed', 1, 'A licence has a further term under its number'),
    z.strictObject({ number, ...licence, validFrom: Day }),
    TERM,
  ),
  LicenceChanged: renamed(unitEventSchemas.LicenceChanged)(
    told('unit.licence-changed', 1, 'A licence covers, allows or permits something else from a day on'),
    z.strictObject({ number, ...some(licence), effectiveFrom }),
    { to: 'validTo' },
  ),
  LicenceRevoked: renamed(unitEventSchemas.LicenceRevoked)(
    told('unit.licence-revoked', 2, 'A licence ended before its day'),
    z.strictObject({ number: z.string(), revokedFrom: Day, cause: z.string() }),
    { from: 'revokedFrom', reason: 'cause' },
  ),
  VehicleRegistered: alike(unitEventSchemas.VehicleRegistered)(
    told('unit.vehicle-registered', 1, 'A carrier has a vehicle'),
    z.strictObject({ plate: RecordedPlate, ...vehicle, ...sinceDay }),
  ),
  VehicleChanged: alike(unitEventSchemas.VehicleChanged)(
    told('unit.vehicle-changed', 1, 'A vehicle has another permit or rated load from a day on'),
    z.strictObject({ plate: RecordedPlate, ...some(vehicle), effectiveFrom }),
  ),
  VehicleDeregistered: renamed(unitEventSchemas.VehicleDeregistered)(
    told('unit.vehicle-deregistered', 1, 'A carrier has a vehicle no more from a day on'),
    z.strictObject({ plate: RecordedPlate, ...ended }),
    END,
  ),
  DriverRegistered: alike(unitEventSchemas.DriverRegistered)(
    told('unit.driver-registered', 1, 'A carrier has a driver, whose name is sealed'),
    z.strictObject({ driver: SealedPerson, ...driver, ...sinceDay }),
  ),
  DriverChanged: alike(unitEventSchemas.DriverChanged)(
    told('unit.driver-changed', 1, 'A driver, by an opaque id, has another permit from a day on'),
    z.strictObject({ person: z.string(), ...some(driver), effectiveFrom }),
  ),
  DriverDeregistered: renamed(unitEventSchemas.DriverDeregistered)(
    told('unit.driver-deregistered', 1, 'A carrier has a driver no more from a day on'),
    z.strictObject({ person: z.string(), ...ended }),
    END,
  ),
  ContractConcluded: renamed(unitEventSchemas.ContractConcluded)(
    told('unit.contract-concluded', 2, 'A consignor and a receiver agreed on a kind of waste'),
    z.strictObject({ number: z.string(), ...contract, validFrom: Day }),
    { code: 'wasteCode', ...TERM },
  ),
  ContractRenewed: renamed(unitEventSchemas.ContractRenewed)(
    told('unit.contract-renewed', 1, 'A contract has a further term under its number'),
    z.strictObject({ number: z.string(), ...contract, validFrom: Day }),
    { code: 'wasteCode', ...TERM },
  ),
  ContractChanged: renamed(unitEventSchemas.ContractChanged)(
    told('unit.contract-changed', 1, 'A contract names another waste, receiver or last day from a day on'),
    z.strictObject({ number: z.string(), ...some(contract), receiver: UnitCode, effectiveFrom }),
    { code: 'wasteCode', to: 'validTo' },
  ),
  ContractTerminated: renamed(unitEventSchemas.ContractTerminated)(
    told('unit.contract-terminated', 1, 'A contract ended before its day'),
    z.strictObject({ number: z.string(), receiver: UnitCode, ...ended }),
    END,
  ),
  PlanLineFiled: renamed(planEventSchemas.PlanLineFiled)(
    told('plan.line-filed', 2, 'A unit filed a line of its yearly plan (管理计划)'),
    z.strictObject({
      unit: UnitCode,
      year: z.int().min(2000).max(2100),
      wasteCode: z.string(),
      receiver: UnitCode,
      method: z.string(),
      planned: MovedGrams,
      destination: z.enum(['in-province', 'cross-province', 'abroad']),
    }),
    { code: 'wasteCode' },
  ),
  NameClaimed: alike(claimEventSchemas.NameClaimed)(
    told('claim.name-claimed', 1, 'A label or a number belongs to one thing from now on'),
    z.strictObject({
      kind: z.enum(['label', 'manifest-number', 'record', 'correction']),
      name: z.string(),
      by: z.string(),
    }),
  ),
  LoadClaimed: alike(claimEventSchemas.LoadClaimed)(
    told('claim.load-claimed', 1, 'A weighbridge slip says that a vehicle brought a load'),
    z.strictObject({
      plate: RecordedPlate,
      wasteCode: z.string(),
      grams: MovedGrams,
      receiver: UnitCode,
      trip: z.string(),
      by: z.string(),
    }),
  ),
} as const satisfies Readonly<Record<UnitEventType | PlanEventType | ClaimEventType, object>>
