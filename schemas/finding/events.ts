import { z } from 'zod'
import { eventOf, NO_MASS, type AnyEventFrom, type EventFrom } from '../stream/event-row.ts'
import type { Named } from '../stream/concerning.ts'
import { Moment } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import type { RecordedFinding } from './state.ts'

/** What a finding is about and whom it concerns; repeated in all of its events, so that each can be read alone. */
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
const publicAbout = {
  rule: z.string().min(1).max(32),
  subject: z.string().min(1).max(128),
  part: z.string().min(1).max(128).optional(),
  units: z.array(UnitCode),
  streams: z.array(WasteStream),
} as const

/** An event that says itself whom it concerns. */
export const carried = {
  begins: ({
    units,
    streams,
  }: {
    readonly units: readonly string[]
    readonly streams: readonly WasteStream[]
  }): Named => ({
    units,
    streams,
  }),
}

const event = eventOf<RecordedFinding>()

/**
 * Findings of timers and projections, stream `finding-<rule>-<subject>`, with `.<part>` where one thing may have several. A finding that is found again
 * after it was settled is raised again on the same stream.
 */
export const findingEvents = {
  /** Found at the time of the event: the instant at which it was due, whenever it was recorded. */
  FindingRaised: event({
    schema: z.strictObject({
      ...about,
      severity: z.literal('ALERT'),
      facts: z.record(z.string(), z.union([z.string(), z.number()])),
      /** Who has to settle it: a unit, or without one the operator of the park. */
      owner: UnitCode.optional(),
      /** Until when it is to be settled; absent where no calendar reaches so far, or nothing is due. */
      due: Moment.optional(),
    }),
    fold: (_finding, { occurredAt, data }) => ({ status: 'open', raised: data, raisedAt: occurredAt }),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'raised',
      version: 1,
      facts: z.strictObject({
        ...publicAbout,
        severity: z.literal('ALERT'),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
        owner: UnitCode.optional(),
        due: Moment.optional(),
      }),
    },
    zh: '发现待处理事项',
    en: 'A timer or a projection found something that has to be settled',
  }),

  /** What it asked for was done, at the time of the event; `late` where that was after its deadline. */
  FindingSettled: event({
    schema: z.strictObject({ ...about, late: z.boolean().optional() }),
    fold: (finding, { occurredAt }) =>
      finding.status === 'none' ? finding : { ...finding, status: 'settled', settledAt: occurredAt },
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'settled', version: 1, facts: z.strictObject({ ...publicAbout, late: z.boolean().optional() }) },
    zh: '事项已处理',
    en: 'What a finding asked for was done',
  }),
}

export type FindingEventType = keyof typeof findingEvents
export type FindingEventOf<T extends FindingEventType> = EventFrom<typeof findingEvents, T>
export type FindingEvent = AnyEventFrom<typeof findingEvents>

/** Spelled out, because the state that the events fold to holds it. */
export interface RaisedFinding extends AboutFinding {
  readonly severity: 'ALERT'
  readonly facts: Readonly<Record<string, string | number>>
  readonly owner?: string | undefined
  readonly due?: string | undefined
}
export interface AboutFinding {
  readonly rule: string
  readonly subject: string
  readonly part?: string | undefined
  readonly units: string[]
  readonly streams: WasteStream[]
}
