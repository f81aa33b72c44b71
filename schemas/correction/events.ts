import { z } from 'zod'
import { carried } from '../finding/events.ts'
import { eventOf, NO_MASS, type AnyEventFrom, type EventFrom } from '../stream/event-row.ts'
import { streamKind } from '../stream/stream-kind.ts'
import { LotId } from '../values/identifiers.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import { Change } from './changes.ts'

/** Whom the correction concerns; repeated in all of its events, so that each can be read alone. */
const about = { lot: LotId, units: z.array(UnitCode), streams: z.array(WasteStream) } as const
const publicAbout = { lot: LotId, units: z.array(UnitCode), streams: z.array(WasteStream) } as const
const reason = z.string().min(1).max(500)

const Proposal = z.strictObject({
  ...about,
  changes: z.array(Change).min(1),
  reason,
  by: UnitCode,
  /** Units that must agree beside the one that proposes. */
  mustAgree: z.array(UnitCode),
})
type Proposal = z.infer<typeof Proposal>

export const CORRECTION_STATUSES = ['proposed', 'refused', 'withdrawn', 'applied'] as const
export type CorrectionStatus = (typeof CORRECTION_STATUSES)[number]

/** One correction as its events lead to. */
export type Correction =
  | { readonly status: 'none' }
  | (Proposal & {
      readonly status: CorrectionStatus
      /** Units that agreed, the one that proposed it first. */
      readonly agreed: readonly string[]
    })
export type KnownCorrection = Exclude<Correction, { readonly status: 'none' }>
export const noCorrection: Correction = { status: 'none' }

const ending =
  (status: 'refused' | 'withdrawn' | 'applied') =>
  (correction: Correction): Correction =>
    correction.status === 'none' ? correction : { ...correction, status }

const event = eventOf<Correction>()

export const correctionEvents = {
  CorrectionProposed: event({
    schema: Proposal,
    fold: (_none, { data }) => ({ ...data, status: 'proposed', agreed: [data.by] }),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'proposed',
      version: 1,
      facts: z.strictObject({
        ...publicAbout,
        changes: z
          .array(
            z.strictObject({
              of: z.uuid(),
              revision: z.int().positive(),
              was: z.record(z.string(), z.unknown()),
              is: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .min(1),
        reason: z.string().min(1).max(500),
        by: UnitCode,
        mustAgree: z.array(UnitCode),
      }),
    },
    zh: '提出更正',
    en: 'Earlier events of a lot are to say something else (更正)',
  }),
  CorrectionConsented: event({
    schema: z.strictObject({ ...about, unit: UnitCode }),
    fold: (correction, { data: { unit } }) =>
      correction.status === 'none' ? correction : { ...correction, agreed: [...correction.agreed, unit] },
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'consented', version: 1, facts: z.strictObject({ ...publicAbout, unit: UnitCode }) },
    zh: '同意更正',
    en: 'A unit agreed to a correction',
  }),
  CorrectionRefused: event({
    schema: z.strictObject({ ...about, unit: UnitCode, reason }),
    fold: ending('refused'),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'refused',
      version: 1,
      facts: z.strictObject({ ...publicAbout, unit: UnitCode, reason: z.string().min(1).max(500) }),
    },
    zh: '拒绝更正',
    en: 'A unit refused a correction, which ended it',
  }),
  CorrectionWithdrawn: event({
    schema: z.strictObject({ ...about }),
    fold: ending('withdrawn'),
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'withdrawn', version: 1, facts: z.strictObject({ ...publicAbout }) },
    zh: '撤回更正',
    en: 'A correction was withdrawn by the unit that proposed it',
  }),
  /** Every unit agreed: the lot's own event (LotCorrected) follows. */
  CorrectionApplied: event({
    schema: z.strictObject({ ...about, agreed: z.array(UnitCode) }),
    fold: ending('applied'),
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'applied', version: 1, facts: z.strictObject({ ...publicAbout, agreed: z.array(UnitCode) }) },
    zh: '更正生效',
    en: 'Everyone agreed to a correction; the event of the lot follows',
  }),
}

export type CorrectionEventType = keyof typeof correctionEvents
export type CorrectionEventOf<T extends CorrectionEventType> = EventFrom<typeof correctionEvents, T>
export type CorrectionEvent = AnyEventFrom<typeof correctionEvents>

/** A correction of earlier events of one lot, stream `correction-<id>`: proposed, agreed on by those concerned, then applied to the lot. */
export const corrections = streamKind<'correction', Correction, typeof correctionEvents>({
  name: 'correction',
  channel: 'law',
  initial: noCorrection,
  concern: { from: 'event' },
  subjectOf: (id) => ({ kind: 'correction', id }),
  events: correctionEvents,
})
export const evolveCorrection = corrections.evolve

/** Units that have not agreed yet. */
export const awaited = ({ mustAgree, agreed }: KnownCorrection): readonly string[] =>
  mustAgree.filter((unit) => !agreed.includes(unit))
