import { z } from 'zod'
import { unitsNamed } from '../stream/concerning.ts'
import { eventOf, NO_MASS, type AnyEventFrom } from '../stream/event-row.ts'
import { streamKind } from '../stream/stream-kind.ts'
import { CapacityGrams, MovedGrams } from '../values/mass.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WASTE_STREAMS } from '../values/waste.ts'

export const PlanLine = z.strictObject({
  code: z.string(),
  receiver: UnitCode,
  method: z.string(),
  planned: CapacityGrams,
  destination: z.enum(['in-province', 'cross-province', 'abroad']),
})
export type PlanLine = z.infer<typeof PlanLine>

export interface Plan {
  readonly lines: readonly PlanLine[]
}
export const noPlan: Plan = { lines: [] }

const event = eventOf<Plan>()

const planEvents = {
  /** The fold keeps the lines filed so far. A unit without lines has no plan (R20). */
  PlanLineFiled: event({
    schema: z.strictObject({ unit: UnitCode, year: z.int().min(2000).max(2100), ...PlanLine.shape }),
    fold: (plan, { data: { code, receiver, method, planned, destination } }) => ({
      lines: [...plan.lines, { code, receiver, method, planned, destination }],
    }),
    mass: NO_MASS,
    concerns: { joins: ({ receiver }) => ({ units: [receiver] }) },
    public: {
      name: 'line-filed',
      version: 2,
      facts: z.strictObject({
        unit: UnitCode,
        year: z.int().min(2000).max(2100),
        wasteCode: z.string(),
        receiver: UnitCode,
        method: z.string(),
        planned: MovedGrams,
        destination: z.enum(['in-province', 'cross-province', 'abroad']),
      }),
      names: { code: 'wasteCode' },
    },
    zh: '管理计划备案一行',
    en: 'A unit filed a line of its yearly plan (管理计划)',
  }),
}

export type PlanEvent = AnyEventFrom<typeof planEvents>

/** One year's 管理计划 of one unit (HJ 1259-2022 A.7), stream `plan-<credit code>-<year>`. */
export const plans = streamKind({
  name: 'plan',
  channel: 'registry',
  initial: noPlan,
  concern: { from: 'id', units: unitsNamed, streams: WASTE_STREAMS },
  subjectOf: (id) => ({ kind: 'unit', id: id.slice(0, 18) }),
  events: planEvents,
})
export const evolvePlan = plans.evolve
