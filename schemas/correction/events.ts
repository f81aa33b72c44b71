import { z } from 'zod'
import { carried } from '../finding/events.ts'
import { eventOf, NO_MASS, type AnyEventFrom, type EventFrom } from '../stream/event-row.ts'
import { streamKind } from '../stream/stream-kind.ts'
import { LotId, ManifestId } from '../values/identifiers.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import { Change } from './changes.ts'

/** The lot or manifest whose events are corrected, and whom that concerns; repeated in all of its events, so that each can be read alone. */
const about = {
  lot: LotId.optional(),
  manifest: ManifestId.optional(),
  units: z.array(UnitCode),
  streams: z.array(WasteStream),
} as const

const publicConcern = { units: z.array(UnitCode), streams: z.array(WasteStream) } as const
const Document = z.strictObject({ kind: z.enum(['lot', 'manifest']), id: z.string() })

interface About {
  readonly lot?: string | undefined
  readonly manifest?: string | undefined
}

/**
 * The public side of an event: the document and its own facts. Version 1 was of lots alone, named by `lot`, before manifests could be corrected; it is
 * read still.
 */
function published<const Own extends z.core.$ZodShape>(name: string, own: Own) {
  type Stored = z.infer<z.ZodObject<typeof about & Own>>
  const facts = z.strictObject({ document: Document, ...publicConcern, ...own })
  type Facts = z.infer<typeof facts>
  return {
    name,
    version: 2,
    facts,
    publish: (data: Stored): Facts => {
      const { lot, manifest, ...rest } = data as About
      const document = manifest === undefined ? { kind: 'lot', id: lot ?? '' } : { kind: 'manifest', id: manifest }
      return { document, ...rest } as unknown as Facts
    },
    restore: (given: Facts): Stored => {
      const { document, ...rest } = given as unknown as { readonly document: z.infer<typeof Document> }
      return { [document.kind]: document.id, ...rest } as unknown as Stored
    },
    former: {
      1: {
        facts: z.strictObject({ lot: LotId, ...publicConcern, ...own }),
        restore: (given: unknown) => given as Stored,
      },
    },
  }
}

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
    public: published('proposed', {
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
    zh: '提出更正',
    en: 'Earlier events of a lot or manifest are to say something else (更正)',
  }),
  CorrectionConsented: event({
    schema: z.strictObject({ ...about, unit: UnitCode }),
    fold: (correction, { data: { unit } }) =>
      correction.status === 'none' ? correction : { ...correction, agreed: [...correction.agreed, unit] },
    mass: NO_MASS,
    concerns: carried,
    public: published('consented', { unit: UnitCode }),
    zh: '同意更正',
    en: 'A unit agreed to a correction',
  }),
  CorrectionRefused: event({
    schema: z.strictObject({ ...about, unit: UnitCode, reason }),
    fold: ending('refused'),
    mass: NO_MASS,
    concerns: carried,
    public: published('refused', { unit: UnitCode, reason: z.string().min(1).max(500) }),
    zh: '拒绝更正',
    en: 'A unit refused a correction, which ended it',
  }),
  CorrectionWithdrawn: event({
    schema: z.strictObject({ ...about }),
    fold: ending('withdrawn'),
    mass: NO_MASS,
    concerns: carried,
    public: published('withdrawn', {}),
    zh: '撤回更正',
    en: 'A correction was withdrawn by the unit that proposed it',
  }),
  /** Every unit agreed: the event of the lot or manifest (LotCorrected, ManifestCorrected) follows. */
  CorrectionApplied: event({
    schema: z.strictObject({ ...about, agreed: z.array(UnitCode) }),
    fold: ending('applied'),
    mass: NO_MASS,
    concerns: carried,
    public: published('applied', { agreed: z.array(UnitCode) }),
    zh: '更正生效',
    en: 'Everyone agreed to a correction; the event of the lot or manifest follows',
  }),
}

export type CorrectionEventType = keyof typeof correctionEvents
export type CorrectionEventOf<T extends CorrectionEventType> = EventFrom<typeof correctionEvents, T>
export type CorrectionEvent = AnyEventFrom<typeof correctionEvents>

/** A correction of earlier events of one lot or manifest, stream `correction-<id>`: proposed, agreed on by those concerned, then applied. */
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
