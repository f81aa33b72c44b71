import { z } from 'zod'
import { publicTreatedLot } from '../manifest/public-shapes.ts'
import { TreatedLot } from '../manifest/shapes.ts'
import { eventOf, NO_MASS, type AnyEventFrom, type EventFrom } from '../stream/event-row.ts'
import { streamKind } from '../stream/stream-kind.ts'
import { FacilityCode, LotId } from '../values/identifiers.ts'
import { Grams, MovedGrams } from '../values/mass.ts'
import { Origin } from '../values/origin.ts'
import { Place } from '../values/place.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { Waste } from '../values/waste.ts'

/** One lot's share of a treatment: what was taken of it from which place, and what came out of that. */
export const TreatedInput = z.strictObject({ ...TreatedLot.shape, waste: Waste, from: Place })
export type TreatedInput = z.infer<typeof TreatedInput>

/** What of a lot went into a mixture, and where it lay. */
const MixedInput = z.strictObject({ lot: LotId, waste: Waste, from: Place, grams: MovedGrams })
export type MixedInput = z.infer<typeof MixedInput>

/** `abandoned`: the process that set its inputs aside has died, so it can never be recorded. */
export type Treatment =
  | { readonly status: 'none' }
  | { readonly status: 'abandoned' }
  | {
      readonly status: 'recorded'
      readonly unit: string
      readonly treatment: string
      /** The lot that a mixture became. */
      readonly lot?: string
    }

export const noTreatment: Treatment = { status: 'none' }

const event = eventOf<Treatment>()

const treatmentEvents = {
  /** One run of a facility over one or many lots: inputs = product + residues + loss + landfilled (R77). Its lots are treated by their own events. */
  TreatmentRecorded: event({
    schema: z.strictObject({
      /** Who treats. */
      unit: UnitCode,
      /** The facility's own number of the treatment, unique within the unit. */
      treatment: z.string(),
      facility: FacilityCode.optional(),
      method: z.string(),
      treated: MovedGrams,
      product: Grams,
      productName: z.string().optional(),
      loss: Grams,
      landfilled: Grams,
      residues: z.array(z.strictObject({ lot: LotId, waste: Waste, grams: MovedGrams })),
      inputs: z.array(TreatedInput).min(1),
    }),
    fold: (_, { data: { unit, treatment } }) => ({ status: 'recorded', unit, treatment }),
    mass: NO_MASS,
    // Producers know it by the events of their own lots and manifests: what else was in the furnace is the facility's.
    concerns: {
      begins: ({ unit, inputs }) => ({ units: [unit], streams: [...new Set(inputs.map(({ waste }) => waste.stream))] }),
    },
    public: {
      name: 'recorded',
      version: 1,
      facts: z.strictObject({
        unit: UnitCode,
        treatment: z.string(),
        facility: FacilityCode.optional(),
        method: z.string(),
        treated: MovedGrams,
        product: Grams,
        productName: z.string().optional(),
        loss: Grams,
        landfilled: Grams,
        residues: z.array(z.strictObject({ lot: LotId, waste: Waste, grams: MovedGrams })),
        inputs: z.array(z.strictObject({ ...publicTreatedLot.shape, waste: Waste, from: Place })).min(1),
      }),
    },
    zh: '一次利用处置：投入 = 产品 + 次生废物 + 损耗 + 填埋',
    en: 'One run of a facility over its inputs: inputs = product + residues + loss + landfilled',
  }),

  /** Several lots that lay in one place became one (混合): its lots go into the new one by their own events. */
  MixtureRecorded: event({
    schema: z.strictObject({
      unit: UnitCode,
      /** The unit's own number of it. */
      mixture: z.string(),
      lot: LotId,
      waste: Waste,
      origin: Origin,
      bornOn: Day,
      to: Place,
      grams: MovedGrams,
      inputs: z.array(MixedInput).min(1),
    }),
    fold: (_, { data: { unit, mixture, lot } }) => ({ status: 'recorded', unit, treatment: mixture, lot }),
    mass: NO_MASS,
    concerns: {
      begins: ({ unit, waste, inputs }) => ({
        units: [unit],
        streams: [...new Set([waste.stream, ...inputs.map((input) => input.waste.stream)])],
      }),
    },
    public: {
      name: 'mixture-recorded',
      version: 1,
      facts: z.strictObject({
        unit: UnitCode,
        mixture: z.string(),
        lot: LotId,
        waste: Waste,
        origin: z.strictObject({ unit: UnitCode, inside: z.boolean() }),
        bornOn: Day,
        to: Place,
        grams: MovedGrams,
        inputs: z.array(z.strictObject({ lot: LotId, waste: Waste, from: Place, grams: MovedGrams })).min(1),
      }),
    },
    zh: '多个批次混合为一个批次',
    en: 'Several lots that lay in one place became one',
  }),

  TreatmentAbandoned: event({
    schema: z.strictObject({ reason: z.enum(['never-recorded']) }),
    fold: () => ({ status: 'abandoned' }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'abandoned',
      version: 1,
      facts: z.strictObject({ cause: z.enum(['never-recorded']) }),
      names: { reason: 'cause' },
    },
    zh: '未完成登记的利用处置已放弃',
    en: 'A treatment that was never recorded was given up; what was set aside for it is free again',
  }),
}

export type TreatmentEvent = AnyEventFrom<typeof treatmentEvents>
export type TreatmentEventOf<T extends keyof typeof treatmentEvents> = EventFrom<typeof treatmentEvents, T>

/** A treatment, stream `treatment-<id>`. */
export const treatments = streamKind<'treatment', Treatment, typeof treatmentEvents>({
  name: 'treatment',
  channel: 'lots',
  initial: noTreatment,
  concern: { from: 'event' },
  subjectOf: (id) => ({ kind: 'treatment', id }),
  events: treatmentEvents,
})
export const evolveTreatment = treatments.evolve
