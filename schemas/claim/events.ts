import { z } from 'zod'
import { MovedGrams } from '../values/mass.ts'
import { RecordedPlate } from '../values/plate.ts'
import { UnitCode } from '../values/unit-code.ts'

export const claimEventSchemas = {
  /** A name that only one thing may bear (a label R31, an official number R48, a record's number), stream `claim-<kind>-<name>`. */
  NameClaimed: z.strictObject({
    kind: z.enum(['label', 'manifest-number', 'record', 'correction']),
    name: z.string(),
    by: z.string(),
  }),
  /**
   * A weighbridge slip says that this vehicle brought this mass of this code, at the time of the event. Loads that differ in their time only
   * share a stream for a day, `claim-load-<plate>-<code>-<grams>-<day>`, so that one load under two slips is noticed (R107).
   */
  LoadClaimed: z.strictObject({
    plate: RecordedPlate,
    wasteCode: z.string(),
    grams: MovedGrams,
    receiver: UnitCode,
    /** The slip's number, unique within its receiver. */
    trip: z.string(),
    /** Stream of the slip's lot. */
    by: z.string(),
  }),
} as const

type Schemas = typeof claimEventSchemas
export type ClaimEventType = keyof Schemas
export type ClaimEventOf<T extends ClaimEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type ClaimEvent = { [T in ClaimEventType]: ClaimEventOf<T> }[ClaimEventType]

export interface Claim {
  /** Stream of the thing that bears the name. */
  readonly by: string | undefined
}
export const noClaim: Claim = { by: undefined }

/** Who claimed it last bears it: a name is claimed again only where its bearer never came to be (the deciders see to it). */
export const evolveClaim = (_claim: Claim, { data }: ClaimEventOf<'NameClaimed'>): Claim => ({ by: data.by })

/** A load as its slip names it. */
export interface ClaimedLoad {
  readonly by: string
  readonly trip: string
  readonly receiver: string
  readonly arrivedAt: string
}

/** The loads of one stream in the order in which they were claimed. */
export const noLoads: readonly ClaimedLoad[] = []
export const evolveLoads = (
  loads: readonly ClaimedLoad[],
  { occurredAt, data: { by, trip, receiver } }: ClaimEventOf<'LoadClaimed'>,
): readonly ClaimedLoad[] => [...loads, { by, trip, receiver, arrivedAt: occurredAt }]
