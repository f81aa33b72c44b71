import { z } from 'zod'
import { LotId } from '../values/identifiers.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import { Change } from './changes.ts'

/** Whom the correction concerns; the same in all of its events, so that each stands on its own. */
const about = { lot: LotId, units: z.array(UnitCode), streams: z.array(WasteStream) } as const
const reason = z.string().min(1).max(500)

/** A correction of earlier events of one lot, stream `correction-<id>`. It is proposed, agreed on by those concerned, and then applied to the lot. */
export const correctionEventSchemas = {
  CorrectionProposed: z.strictObject({
    ...about,
    changes: z.array(Change).min(1),
    reason,
    by: UnitCode,
    /** Units that must agree beside the one that proposes. */
    mustAgree: z.array(UnitCode),
  }),
  CorrectionConsented: z.strictObject({ ...about, unit: UnitCode }),
  CorrectionRefused: z.strictObject({ ...about, unit: UnitCode, reason }),
  CorrectionWithdrawn: z.strictObject({ ...about }),
  /** Everyone agreed: the lot's own event (LotCorrected) follows. */
  CorrectionApplied: z.strictObject({ ...about, agreed: z.array(UnitCode) }),
} as const

type Schemas = typeof correctionEventSchemas
export type CorrectionEventType = keyof Schemas
export type CorrectionEventOf<T extends CorrectionEventType> = {
  readonly type: T
  readonly occurredAt: string
  readonly data: Readonly<z.infer<Schemas[T]>>
}
export type CorrectionEvent = { [T in CorrectionEventType]: CorrectionEventOf<T> }[CorrectionEventType]
type Proposal = CorrectionEventOf<'CorrectionProposed'>['data']

/** One correction as its events lead to. */
export type Correction =
  | { readonly status: 'none' }
  | (Proposal & {
      readonly status: 'proposed' | 'refused' | 'withdrawn' | 'applied'
      /** Units that agreed, the one that proposed it first. */
      readonly agreed: readonly string[]
    })
export type KnownCorrection = Exclude<Correction, { readonly status: 'none' }>
export const noCorrection: Correction = { status: 'none' }

export function evolveCorrection(correction: Correction, event: CorrectionEvent): Correction {
  if (event.type === 'CorrectionProposed') return { ...event.data, status: 'proposed', agreed: [event.data.by] }
  if (correction.status === 'none') return correction
  switch (event.type) {
    case 'CorrectionConsented':
      return { ...correction, agreed: [...correction.agreed, event.data.unit] }
    case 'CorrectionRefused':
      return { ...correction, status: 'refused' }
    case 'CorrectionWithdrawn':
      return { ...correction, status: 'withdrawn' }
    case 'CorrectionApplied':
      return { ...correction, status: 'applied' }
  }
}

/** Units that have not agreed yet. */
export const awaited = ({ mustAgree, agreed }: KnownCorrection): readonly string[] =>
  mustAgree.filter((unit) => !agreed.includes(unit))
