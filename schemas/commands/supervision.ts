import { z } from 'zod'
import { GivenUnitCode } from '../values/unit-code.ts'
import { Moment } from '../values/time.ts'
import { acted, text } from './common.ts'

const LONG = 2_000

/** 整改: an office asks something of a unit because of a finding. */
export const OpenCase = z.strictObject({
  /** Id of the finding, as `GET /findings` gives it. */
  finding: z.string().regex(/^\d{1,15}-\d{1,3}$/),
  /** The unit that has to answer; the finding's owner without it. */
  unit: GivenUnitCode.optional(),
  demand: text(LONG),
  due: Moment,
  ...acted,
})
export type OpenCase = z.infer<typeof OpenCase>

/** 停运: when the park could record nothing. */
export const DeclareOutage = z.strictObject({ startedAt: Moment, endedAt: Moment, cause: text(500), ...acted })
export type DeclareOutage = z.infer<typeof DeclareOutage>

const ofCase = { case: z.uuid(), ...acted }
export const AnswerCase = z.strictObject({ ...ofCase, answer: text(LONG) })
export type AnswerCase = z.infer<typeof AnswerCase>
export const ExtendCase = z.strictObject({ ...ofCase, due: Moment, reason: text(500) })
export type ExtendCase = z.infer<typeof ExtendCase>
export const CloseCase = z.strictObject({
  ...ofCase,
  result: z.enum(['rectified', 'dropped']),
  note: text(LONG).optional(),
})
export type CloseCase = z.infer<typeof CloseCase>
