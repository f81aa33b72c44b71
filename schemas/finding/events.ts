import { z } from 'zod'
import { Moment } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'

/** What a finding is about and whom it concerns; the same in all of its events, so that each stands on its own. */
const about = {
  /** A rule of law (R71), or a word of `schemas/texts/notices.ts` where no law is behind it. */
  rule: z.string().min(1).max(32),
  /** Stream of the thing that it is about. */
  subject: z.string().min(1).max(128),
  /** Which part of the thing, such as the number of a line. */
  part: z.string().min(1).max(128).optional(),
  units: z.array(UnitCode),
  streams: z.array(WasteStream),
} as const

/**
 * Findings of timers and projections, stream `finding-<rule>-<subject>`, with `.<part>` where one thing may have several. A finding that is found again
 * after it was settled is raised again on the same stream.
 */
export const findingEventSchemas = {
  /** Found at the time of the event: the instant at which it was due, whenever it was recorded. */
  FindingRaised: z.strictObject({
    ...about,
    severity: z.literal('ALERT'),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    /** Who has to settle it: a unit, or without one the operator of the park. */
    owner: UnitCode.optional(),
    /** Until when it is to be settled; absent where no calendar reaches so far, or nothing is due. */
    due: Moment.optional(),
  }),
  /** What it asked for was done, at the time of the event; `late` where that was after its deadline. */
  FindingSettled: z.strictObject({ ...about, late: z.boolean().optional() }),
} as const

type Schemas = typeof findingEventSchemas
export type FindingEventType = keyof Schemas
export type FindingEventOf<T extends FindingEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type FindingEvent = { [T in FindingEventType]: FindingEventOf<T> }[FindingEventType]

export type RaisedFinding = FindingEventOf<'FindingRaised'>['data']
export type AboutFinding = Pick<RaisedFinding, keyof typeof about>
