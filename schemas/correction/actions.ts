import { actsFor, concerns, type Actor } from '../actor.ts'
import { refusal, type Refusal } from '../decision.ts'
import type { AvailableAction } from '../manifest/actions.ts'
import { awaited, type Correction, type KnownCorrection } from './events.ts'

export const CORRECTION_ACTIONS = ['consent', 'refusal', 'withdrawal'] as const
export type CorrectionAction = (typeof CORRECTION_ACTIONS)[number]

/** The unit for which this actor may do it: one whose consent is awaited, or the one that proposed. */
export function partyOf(action: CorrectionAction, correction: KnownCorrection, actor: Actor): string | undefined {
  const units = action === 'withdrawal' ? [correction.by] : awaited(correction)
  return (
    units.find((unit) => actor.unit === unit) ??
    units.find((unit) => actsFor(actor, unit, 'producer', 'receiver', 'carrier'))
  )
}

/** Why this actor may not do this to the correction now, or nothing. To whom it is nothing it does not exist. */
export function guardCorrection(action: CorrectionAction, correction: Correction, actor: Actor): Refusal | undefined {
  if (correction.status === 'none' || !concerns(actor, correction.units)) return refusal('correction-unknown')
  if (correction.status !== 'proposed') return refusal('correction-closed', '', { status: correction.status })
  const unit = partyOf(action, correction, actor)
  if (unit === undefined || !actsFor(actor, unit, 'producer', 'receiver', 'carrier'))
    return refusal('correction-not-yours', '', {
      units: (action === 'withdrawal' ? [correction.by] : awaited(correction)).join(', '),
    })
  return undefined
}

export const correctionActions = (correction: Correction, actor: Actor): readonly AvailableAction<CorrectionAction>[] =>
  CORRECTION_ACTIONS.map((action) => {
    const why = guardCorrection(action, correction, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })
