import { z } from 'zod'
import { CorrectionId, LotId } from '../values/identifiers.ts'
import { text } from './common.ts'

/** Values that change, by their names; null takes an optional one away. */
const Values = z.record(z.string(), z.unknown())

/** One event that says something else. */
export const CorrectedEvent = z.strictObject({ of: z.uuid(), is: Values })

/**
 * Earlier events of one lot are to say something else, or the lot was recorded by mistake (`void`). One event is named by `of` and `is`, several
 * by `changes`, which are judged as a whole. Which lot it is follows from the events; only `void` must name it.
 */
export const ProposeCorrection = z.strictObject({
  lot: LotId.optional(),
  of: z.uuid().optional(),
  is: Values.optional(),
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
