import { z } from 'zod'
import { Day } from './values/time.ts'
import { TraceParent } from './values/trace-parent.ts'
import { UnitCode } from './values/unit-code.ts'

/** Who acted, for whom. Persons stand here by their opaque subject only. */
export const EventActor = z.strictObject({ subject: z.string(), unit: UnitCode.optional(), roles: z.array(z.string()) })
export type EventActor = z.infer<typeof EventActor>

/** live: recorded by who acted; book: read from the books afterwards; policy: a reaction of the system to another event. */
export const Provenance = z.enum(['live', 'book', 'policy'])
export type Provenance = z.infer<typeof Provenance>

/** What every event carries beside its data. */
export const EventMetadata = z.strictObject({
  commandId: z.uuid(),
  /** Event that caused this one, where a policy moved mass because of a document's event. */
  causationId: z.uuid().optional(),
  /** The first command of the chain. */
  correlationId: z.uuid().optional(),
  actor: EventActor,
  provenance: Provenance,
  findings: z
    .array(
      z.strictObject({
        rule: z.string(),
        severity: z.enum(['WARN', 'HOLD']),
        pointer: z.string(),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
        /** Day whose edition was applied, where that is another than the day of the event. */
        day: Day.optional(),
      }),
    )
    .optional(),
  /** Why it is recorded late (R106), or why a weight was typed. */
  reason: z.string().max(500).optional(),
  /** Where in which trace it was decided; absent where nobody traced. Whatever handles the event later links to it. */
  traceparent: TraceParent.optional(),
})
export type EventMetadata = z.infer<typeof EventMetadata>
