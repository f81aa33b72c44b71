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
export const effectiveFrom = Day
export const sinceDay = { effectiveFrom: effectiveFrom.optional() }
export const ended = { effectiveFrom, reason: z.string() }
