import { z } from 'zod'
import { Grams, MovedGrams } from '../values/mass.ts'
import { Moment } from '../values/time.ts'

/** When it happened, and why it is recorded only now where that is more than a day later (R106). */
export const acted = { occurredAt: Moment, reason: z.string().min(1).max(500).optional() }

/** Masses enter and leave the system as whole grams. */
export const mass = MovedGrams
export const massOrNone = Grams
export const text = (max: number) => z.string().min(1).max(max)
