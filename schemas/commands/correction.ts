import { z } from 'zod'
import { CorrectionId, LotId } from '../values/identifiers.ts'
import { text } from './common.ts'

/** One event that says something else: `is` has the values that change, by their names; null takes an optional one away. */
export const CorrectedEvent = z.strictObject({ of: z.uuid(), is: z.record(z.string(), z.unknown()) })

/**
 * Earlier events of one lot are to say something else, or the lot was recorded by mistake (`void`). Several events in one proposal are judged as a
 * whole.
 */
export const ProposeCorrection = z.strictObject({
  lot: LotId,
  changes: z.array(CorrectedEvent).max(100).optional(),
  void: z.boolean().optional(),
  reason: text(500),
})
export type ProposeCorrection = z.infer<typeof ProposeCorrection>

export const ConsentToCorrection = z.strictObject({ correction: CorrectionId })
export type ConsentToCorrection = z.infer<typeof ConsentToCorrection>
export const RefuseCorrection = z.strictObject({ correction: CorrectionId, reason: text(500) })
export type RefuseCorrection = z.infer<typeof RefuseCorrection>
export const WithdrawCorrection = z.strictObject({ correction: CorrectionId })
export type WithdrawCorrection = z.infer<typeof WithdrawCorrection>
