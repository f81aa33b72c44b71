import { z } from 'zod'
import { eventOf, NO_MASS, type EventFrom } from '../stream/event-row.ts'
import { streamKind } from '../stream/stream-kind.ts'
import { MovedGrams } from '../values/mass.ts'
import { RecordedPlate } from '../values/plate.ts'
import { UnitCode } from '../values/unit-code.ts'

/** A load as its slip names it. */
export interface ClaimedLoad {
  readonly by: string
  readonly trip: string
  readonly receiver: string
  readonly arrivedAt: string
}

/** A name, or a load by what its slip says of it. */
export interface Claim {
  /** Stream of the thing that has the name. */
  readonly by: string | undefined
  /** The loads of one stream in the order in which they were claimed. */
  readonly loads: readonly ClaimedLoad[]
}
export const noClaim: Claim = { by: undefined, loads: [] }

const event = eventOf<Claim>()

const claimEvents = {
  /**
   * A name that only one thing may have (a label R31, an official number R48, a record's number), stream `claim-<kind>-<name>`. Of two claims the
   * last counts: a name is claimed again only where the thing that had it never came to be (the deciders see to it).
   */
  NameClaimed: event({
    schema: z.strictObject({
      kind: z.enum(['label', 'manifest-number', 'record', 'correction']),
      name: z.string(),
      by: z.string(),
    }),
    fold: (claim, { data: { by } }) => ({ ...claim, by }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'name-claimed',
      version: 1,
      facts: z.strictObject({
        kind: z.enum(['label', 'manifest-number', 'record', 'correction']),
        name: z.string(),
        by: z.string(),
      }),
    },
    zh: '占用标签或编号',
    en: 'A label or a number belongs to one thing from now on',
  }),

  /**
   * A weighbridge slip says that this vehicle brought this mass of this code, at the time of the event. Loads that differ in their time only
   * share a stream for a day, `claim-load-<plate>-<code>-<grams>-<day>`, so that one load under two slips is noticed (R107).
   */
  LoadClaimed: event({
    schema: z.strictObject({
      plate: RecordedPlate,
      wasteCode: z.string(),
      grams: MovedGrams,
      receiver: UnitCode,
      /** The slip's number, unique within its receiver. */
      trip: z.string(),
      /** Stream of the slip's lot. */
      by: z.string(),
    }),
    fold: (claim, { occurredAt, data: { by, trip, receiver } }) => ({
      ...claim,
      loads: [...claim.loads, { by, trip, receiver, arrivedAt: occurredAt }],
    }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'load-claimed',
      version: 1,
      facts: z.strictObject({
        plate: RecordedPlate,
        wasteCode: z.string(),
        grams: MovedGrams,
        receiver: UnitCode,
        trip: z.string(),
        by: z.string(),
      }),
    },
    zh: '过磅单登记一车次',
    en: 'A weighbridge slip says that a vehicle brought a load',
  }),
}

export type ClaimEventOf<T extends keyof typeof claimEvents> = EventFrom<typeof claimEvents, T>

/** Names that only one thing may have, and loads: the park's own business. */
export const claims = streamKind({
  name: 'claim',
  channel: 'registry',
  initial: noClaim,
  concern: { from: 'id', units: () => [], streams: [] },
  subjectOf: (id) => ({ kind: 'claim', id }),
  events: claimEvents,
})
export const evolveClaim = claims.evolve
