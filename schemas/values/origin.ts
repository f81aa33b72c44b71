import { z } from 'zod'
import { UnitCode } from './unit-code.ts'

/** Whose waste it is, and whether that unit lay in the park when the waste came to be (a rate asks for both). */
export const Origin = z.strictObject({ unit: UnitCode, inside: z.boolean() })
export type Origin = z.infer<typeof Origin>
