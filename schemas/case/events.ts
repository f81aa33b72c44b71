import { z } from 'zod'
import { Moment } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'

const text = z.string().min(1).max(2_000)
const about = { units: z.array(UnitCode), streams: z.array(WasteStream) } as const

/** Facts about one case (整改): what an office asks of a unit because of a finding, stream `case-<id>`. */
export const caseEventSchemas = {
  CaseOpened: z.strictObject({
    ...about,
    /** Position and place of the finding that it grew from, `<position>-<place>`. */
    finding: z.string().regex(/^\d{1,15}-\d{1,3}$/),
    rule: z.string().min(1).max(32),
    /** Stream of the thing that the finding is about. */
    subject: z.string().min(1).max(128),
    /** The unit that has to answer. */
    unit: UnitCode,
    /** What it has to do. */
    demand: text,
    due: Moment,
  }),
  /** The unit says what it did. */
  CaseAnswered: z.strictObject({ ...about, answer: text }),
  CaseExtended: z.strictObject({ ...about, due: Moment, reason: text }),
  /** An office is content, or drops the case. `late` where the last answer, or without one the closing, came after its deadline. */
  CaseClosed: z.strictObject({
    ...about,
    result: z.enum(['rectified', 'dropped']),
    note: text.optional(),
    late: z.boolean(),
  }),
} as const

type Schemas = typeof caseEventSchemas
export type CaseEventType = keyof Schemas
export type CaseEventOf<T extends CaseEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type CaseEvent = { [T in CaseEventType]: CaseEventOf<T> }[CaseEventType]
