import { z } from 'zod'
import { carried } from '../finding/events.ts'
import { eventOf, NO_MASS, type AnyEventFrom } from '../stream/event-row.ts'
import { Moment } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import type { Case } from './state.ts'

const text = z.string().min(1).max(2_000)
const about = { units: z.array(UnitCode), streams: z.array(WasteStream) } as const
const publicAbout = { units: z.array(UnitCode), streams: z.array(WasteStream) } as const

const event = eventOf<Case>()

/** Facts about one case (整改): what an office asks of a unit because of a finding, stream `case-<id>`. */
export const caseEvents = {
  CaseOpened: event({
    schema: z.strictObject({
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
    fold: (_known, { occurredAt, data }) => ({
      status: 'open',
      opened: data,
      openedAt: occurredAt,
      due: data.due,
      lastAt: occurredAt,
    }),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'opened',
      version: 1,
      facts: z.strictObject({
        ...publicAbout,
        finding: z.string().regex(/^\d{1,15}-\d{1,3}$/),
        rule: z.string().min(1).max(32),
        subject: z.string().min(1).max(128),
        unit: UnitCode,
        demand: text,
        due: Moment,
      }),
    },
    zh: '责令整改',
    en: 'An office asks something of a unit because of a finding (整改)',
  }),

  /** The unit says what it did. */
  CaseAnswered: event({
    schema: z.strictObject({ ...about, answer: text }),
    fold: (known, { occurredAt }) =>
      known.status === 'none' ? known : { ...known, status: 'answered', answeredAt: occurredAt, lastAt: occurredAt },
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'answered', version: 1, facts: z.strictObject({ ...publicAbout, answer: text }) },
    zh: '单位答复整改情况',
    en: 'The unit says what it did',
  }),

  CaseExtended: event({
    schema: z.strictObject({ ...about, due: Moment, reason: text }),
    fold: (known, { occurredAt, data }) =>
      known.status === 'none' ? known : { ...known, due: data.due, lastAt: occurredAt },
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'extended', version: 1, facts: z.strictObject({ ...publicAbout, due: Moment, reason: text }) },
    zh: '整改期限延长',
    en: 'A case has a later deadline',
  }),

  /** The case is rectified or dropped by an office. `late` where the last answer, or without one the closing, came after its deadline. */
  CaseClosed: event({
    schema: z.strictObject({
      ...about,
      result: z.enum(['rectified', 'dropped']),
      note: text.optional(),
      late: z.boolean(),
    }),
    fold: (known, { occurredAt }) =>
      known.status === 'none' ? known : { ...known, status: 'closed', lastAt: occurredAt },
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'closed',
      version: 1,
      facts: z.strictObject({
        ...publicAbout,
        result: z.enum(['rectified', 'dropped']),
        note: text.optional(),
        late: z.boolean(),
      }),
    },
    zh: '整改结案',
    en: 'An office closed a case',
  }),
}

export type CaseEventType = keyof typeof caseEvents
export type CaseEvent = AnyEventFrom<typeof caseEvents>
