import { z } from 'zod'
import { Division } from '../values/division.ts'
import { FacilityCode } from '../values/identifiers.ts'
import { CapacityGrams, MovedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { RecordedPlate } from '../values/plate.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'

/** What a unit may be in the park: its registration gives it these roles, and with them its rights. */
export const UnitRole = z.enum(['producer', 'collector', 'carrier', 'recycler', 'disposer'])
export type UnitRole = z.infer<typeof UnitRole>

/** 管理类别 of HJ 1259-2022 4.2: 重点, 简化, 登记. */
export const ManagementClass = z.enum(['key', 'simplified', 'registered'])

/** What is registered of each kind of thing: the content of its events, and of its versions by day. */
export const registered = {
  unit: z.strictObject({
    unit: UnitCode,
    name: z.string().min(1).max(200),
    roles: z.array(UnitRole),
    industry: z.string().optional(),
    address: z.string().optional(),
    /** 园区内: whether it lies in the park; a rate counts only waste of units inside. */
    inside: z.boolean(),
    managementClass: ManagementClass.optional(),
    contact: SealedPerson.optional(),
  }),
  site: z.strictObject({
    site: z.string().max(32),
    name: z.string(),
    address: z.string(),
    division: Division.optional(),
  }),
  facility: z.strictObject({
    facility: FacilityCode,
    name: z.string(),
    kind: z.enum(['production', 'warehouse', 'yard', 'pool', 'tank-farm', 'storage-point', 'treatment']),
    capacity: CapacityGrams.optional(),
    site: z.string().optional(),
  }),
  licence: z.strictObject({
    number: z.string().min(1).max(64),
    kind: z.enum(['comprehensive', 'collection']),
    /** HW categories or eight-digit codes. */ covers: z.array(z.string()).min(1),
    methods: z.array(z.string()).min(1),
    /** 年经营规模, grams a licence year. */ annual: CapacityGrams,
    from: Day,
    to: Day,
  }),
  vehicle: z.strictObject({
    plate: RecordedPlate,
    permit: z.string(),
    validTo: Day,
    rated: MovedGrams.optional(),
    dangerousGoods: z.boolean(),
  }),
  driver: z.strictObject({
    driver: SealedPerson,
    permit: z.string(),
    validTo: Day,
    dangerousGoods: z.boolean(),
  }),
  contract: z.strictObject({ number: z.string(), receiver: UnitCode, code: z.string(), from: Day, to: Day }),
} as const

/** First day of a change or an end, or of a registration that is not known to have held before. */
const effectiveFrom = Day
const sinceDay = { effectiveFrom: effectiveFrom.optional() }
const ended = { effectiveFrom, reason: z.string() }

/**
 * Facts about one unit, stream `unit-<credit code>`: who it is and what it may do, from which day on. A change names only the fields that
 * differ. A licence or contract that is renewed under its number has a further term.
 */
export const unitEventSchemas = {
  UnitRegistered: registered.unit.extend(sinceDay),
  UnitChanged: registered.unit.omit({ unit: true }).partial().extend({ effectiveFrom }),
  UnitClosed: z.strictObject(ended),
  SiteAdded: registered.site.extend(sinceDay),
  SiteChanged: registered.site.partial().extend({ site: registered.site.shape.site, effectiveFrom }),
  SiteClosed: z.strictObject({ site: z.string(), ...ended }),
  FacilityAdded: registered.facility.extend(sinceDay),
  FacilityChanged: registered.facility.partial().extend({ facility: FacilityCode, effectiveFrom }),
  FacilityClosed: z.strictObject({ facility: FacilityCode, ...ended }),
  LicenceGranted: registered.licence,
  LicenceRenewed: registered.licence,
  LicenceChanged: registered.licence
    .omit({ from: true })
    .partial()
    .extend({ number: registered.licence.shape.number, effectiveFrom }),
  LicenceRevoked: z.strictObject({ number: z.string(), from: Day, reason: z.string() }),
  VehicleRegistered: registered.vehicle.extend(sinceDay),
  VehicleChanged: registered.vehicle.partial().extend({ plate: RecordedPlate, effectiveFrom }),
  VehicleDeregistered: z.strictObject({ plate: RecordedPlate, ...ended }),
  DriverRegistered: registered.driver.extend(sinceDay),
  /** `person`: the opaque id under which the driver was registered. */
  DriverChanged: registered.driver.omit({ driver: true }).partial().extend({ person: z.string(), effectiveFrom }),
  DriverDeregistered: z.strictObject({ person: z.string(), ...ended }),
  ContractConcluded: registered.contract,
  ContractRenewed: registered.contract,
  /** `receiver`: the one of that day, so that it sees the change of its contract. */
  ContractChanged: registered.contract
    .omit({ from: true })
    .partial()
    .extend({ number: z.string(), receiver: UnitCode, effectiveFrom }),
  ContractTerminated: z.strictObject({ number: z.string(), receiver: UnitCode, ...ended }),
} as const

type Schemas = typeof unitEventSchemas
export type UnitEventType = keyof Schemas
export type UnitEventOf<T extends UnitEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type UnitEvent = { [T in UnitEventType]: UnitEventOf<T> }[UnitEventType]
