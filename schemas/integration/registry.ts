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

/** What is registered: units and what they may do, plans, names that only one thing may bear. Spelled out like the others. */
export const registryMessages = {
  UnitRegistered: alike(unitEventSchemas.UnitRegistered)(
    told('unit.registered', 1, 'A unit was registered, or registered anew'),
    z.strictObject({
      unit: UnitCode,
      name: z.string().min(1).max(200),
      roles: z.array(z.enum(['producer', 'collector', 'carrier', 'recycler', 'disposer'])),
      industry: z.string().optional(),
      address: z.string().optional(),
      inside: z.boolean(),
      managementClass: z.enum(['key', 'simplified', 'registered']).optional(),
      contact: SealedPerson.optional(),
    }),
  ),
  SiteAdded: alike(unitEventSchemas.SiteAdded)(
    told('unit.site-added', 1, 'A unit has a further site'),
    z.strictObject({
      site: z.string().max(32),
      name: z.string(),
      address: z.string(),
      division: Division.optional(),
    }),
  ),
  FacilityAdded: alike(unitEventSchemas.FacilityAdded)(
    told('unit.facility-added', 1, 'A unit has a further facility'),
    z.strictObject({
      facility: FacilityCode,
      name: z.string(),
      kind: z.enum(['production', 'warehouse', 'yard', 'pool', 'tank-farm', 'storage-point', 'treatment']),
      capacity: MovedGrams.optional(),
      site: z.string().optional(),
    }),
  ),
  LicenceGranted: renamed(unitEventSchemas.LicenceGranted)(
    told('unit.licence-granted', 2, 'A unit may treat or collect hazardous waste'),
    z.strictObject({
      number: z.string().min(1).max(64),
      kind: z.enum(['comprehensive', 'collection']),
      covers: z.array(z.string()).min(1),
      methods: z.array(z.string()).min(1),
      annual: MovedGrams,
      validFrom: Day,
      validTo: Day,
    }),
    { from: 'validFrom', to: 'validTo' },
  ),
  LicenceRevoked: renamed(unitEventSchemas.LicenceRevoked)(
    told('unit.licence-revoked', 2, 'A licence ended before its day'),
    z.strictObject({ number: z.string(), revokedFrom: Day, cause: z.string() }),
    { from: 'revokedFrom', reason: 'cause' },
  ),
  VehicleRegistered: alike(unitEventSchemas.VehicleRegistered)(
    told('unit.vehicle-registered', 1, 'A carrier has a vehicle'),
    z.strictObject({
      plate: RecordedPlate,
      permit: z.string(),
      validTo: Day,
      rated: MovedGrams.optional(),
      dangerousGoods: z.boolean(),
    }),
  ),
  DriverRegistered: alike(unitEventSchemas.DriverRegistered)(
    told('unit.driver-registered', 1, 'A carrier has a driver, whose name is sealed'),
    z.strictObject({ driver: SealedPerson, permit: z.string(), validTo: Day, dangerousGoods: z.boolean() }),
  ),
  ContractConcluded: renamed(unitEventSchemas.ContractConcluded)(
    told('unit.contract-concluded', 2, 'A consignor and a receiver agreed on a kind of waste'),
    z.strictObject({ number: z.string(), receiver: UnitCode, wasteCode: z.string(), validFrom: Day, validTo: Day }),
    { code: 'wasteCode', from: 'validFrom', to: 'validTo' },
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
    z.strictObject({ kind: z.enum(['label', 'manifest-number', 'record']), name: z.string(), by: z.string() }),
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
