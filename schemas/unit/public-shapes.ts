import { z } from 'zod'
import { Division } from '../values/division.ts'
import { MovedGrams } from '../values/mass.ts'
import { SealedPerson } from '../values/person.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'

// What is published of each kind of thing, spelled out and not taken from the stored events: what was promised outside must not change
// because a stored event does.
export const publicUnit = {
  name: z.string().min(1).max(200),
  roles: z.array(z.enum(['producer', 'collector', 'carrier', 'recycler', 'disposer'])),
  industry: z.string().optional(),
  address: z.string().optional(),
  inside: z.boolean(),
  managementClass: z.enum(['key', 'simplified', 'registered']).optional(),
  contact: SealedPerson.optional(),
}
export const publicSite = { name: z.string(), address: z.string(), division: Division.optional() }
export const publicFacility = {
  name: z.string(),
  kind: z.enum(['production', 'warehouse', 'yard', 'pool', 'tank-farm', 'storage-point', 'treatment']),
  capacity: MovedGrams.optional(),
  site: z.string().optional(),
}
export const publicLicence = {
  kind: z.enum(['comprehensive', 'collection']),
  covers: z.array(z.string()).min(1),
  methods: z.array(z.string()).min(1),
  annual: MovedGrams,
  validTo: Day,
}
export const publicVehicle = {
  permit: z.string(),
  validTo: Day,
  rated: MovedGrams.optional(),
  dangerousGoods: z.boolean(),
}
export const publicDriver = { permit: z.string(), validTo: Day, dangerousGoods: z.boolean() }
export const publicContract = { receiver: UnitCode, wasteCode: z.string(), validTo: Day }

export const publicNumber = z.string().min(1).max(64)
export const publicFrom = Day
export const publicSinceDay = { effectiveFrom: Day.optional() }
export const publicEnd = { effectiveFrom: Day, cause: z.string() }
/** The fields of a change: those that differ. */
export const some = <const Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape).partial().shape

/** Stored names to public names. */
export const TERM = { from: 'validFrom', to: 'validTo' } as const
export const END = { reason: 'cause' } as const
