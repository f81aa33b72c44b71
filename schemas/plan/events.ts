import { z } from 'zod'
import { CapacityGrams } from '../values/mass.ts'
import { UnitCode } from '../values/unit-code.ts'

export const PlanLine = z.strictObject({
  code: z.string(),
  receiver: UnitCode,
  method: z.string(),
  planned: CapacityGrams,
  destination: z.enum(['in-province', 'cross-province', 'abroad']),
})
export type PlanLine = z.infer<typeof PlanLine>

/** Facts about one year's 管理计划 of one unit (HJ 1259-2022 A.7), stream `plan-<credit code>-<year>`. */
export const planEventSchemas = {
  PlanLineFiled: z.strictObject({ unit: UnitCode, year: z.int().min(2000).max(2100), ...PlanLine.shape }),
} as const

type Schemas = typeof planEventSchemas
export type PlanEventType = keyof Schemas
export type PlanEvent = {
  [T in PlanEventType]: { readonly type: T; readonly occurredAt: string; readonly data: Readonly<z.infer<Schemas[T]>> }
}[PlanEventType]

export interface Plan {
  readonly lines: readonly PlanLine[]
}
export const noPlan: Plan = { lines: [] }

/** The fold of a plan: the lines filed so far. A unit without lines has no plan (R20). */
export function evolvePlan(plan: Plan, { data: { code, receiver, method, planned, destination } }: PlanEvent): Plan {
  return { lines: [...plan.lines, { code, receiver, method, planned, destination }] }
}
