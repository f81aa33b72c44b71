import { z } from 'zod'
import { text } from './common.ts'

const hold = z.uuid()

/** An official lets a held act be done in spite of the findings that it waits for. */
export const ReleaseHold = z.strictObject({ hold, reason: text(500) })
export type ReleaseHold = z.infer<typeof ReleaseHold>

/** An official decides that a held act is not done. */
export const RejectHold = z.strictObject({ hold, reason: text(500) })
export type RejectHold = z.infer<typeof RejectHold>

/** The sender no longer wants a held act to be done. */
export const WithdrawHold = z.strictObject({ hold, reason: text(500).optional() })
export type WithdrawHold = z.infer<typeof WithdrawHold>
