import { z } from 'zod'
import { Moment } from '../values/time.ts'

/** Times in which the park could not record what happened, stream `outage-<id>`: terms that they lie in are longer by them. */
export const outageEventSchemas = {
  OutageDeclared: z.strictObject({ startedAt: Moment, endedAt: Moment, cause: z.string().min(1).max(500) }),
} as const

type Schemas = typeof outageEventSchemas
export type OutageEventType = keyof Schemas
export type OutageEvent = {
  readonly type: 'OutageDeclared'
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas['OutageDeclared']>>
}

export type Outage = OutageEvent['data'] | undefined
export const noOutage: Outage = undefined
/** One is declared once; whatever is declared of another time is another one. */
export const evolveOutage = (_known: Outage, { data }: OutageEvent): Outage => data
