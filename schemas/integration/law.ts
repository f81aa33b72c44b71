import { z } from 'zod'
import { caseEventSchemas, type CaseEventType } from '../case/events.ts'
import { correctionEventSchemas, type CorrectionEventType } from '../correction/events.ts'
import { findingEventSchemas, type FindingEventType } from '../finding/events.ts'
import { outageEventSchemas, type OutageEventType } from '../outage/events.ts'
import { Moment } from '../values/time.ts'
import { LotId } from '../values/identifiers.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import { alike } from './message.ts'

const told = <Name extends string>(name: Name, summary: string) =>
  ({ name: `cn.wufei.${name}`, version: 1, channel: 'law', summary }) as const

const concerning = { units: z.array(UnitCode), streams: z.array(WasteStream) } as const
const finding = {
  rule: z.string().min(1).max(32),
  subject: z.string().min(1).max(128),
  part: z.string().min(1).max(128).optional(),
  ...concerning,
} as const
const text = z.string().min(1).max(2_000)

const ofLot = { lot: LotId, ...concerning } as const
const whyNot = z.string().min(1).max(500)

/** Findings of timers and projections, cases, and corrections. Spelled out like the others. */
export const lawMessages = {
  FindingRaised: alike(findingEventSchemas.FindingRaised)(
    told('finding.raised', 'A timer or a projection found something that has to be settled'),
    z.strictObject({
      ...finding,
      severity: z.literal('ALERT'),
      facts: z.record(z.string(), z.union([z.string(), z.number()])),
      owner: UnitCode.optional(),
      due: Moment.optional(),
    }),
  ),
  FindingSettled: alike(findingEventSchemas.FindingSettled)(
    told('finding.settled', 'What a finding asked for was done'),
    z.strictObject({ ...finding, late: z.boolean().optional() }),
  ),
  CaseOpened: alike(caseEventSchemas.CaseOpened)(
    told('case.opened', 'An office asks something of a unit because of a finding (整改)'),
    z.strictObject({
      ...concerning,
      finding: z.string().regex(/^\d{1,15}-\d{1,3}$/),
      rule: z.string().min(1).max(32),
      subject: z.string().min(1).max(128),
      unit: UnitCode,
      demand: text,
      due: Moment,
    }),
  ),
  CaseAnswered: alike(caseEventSchemas.CaseAnswered)(
    told('case.answered', 'The unit says what it did'),
    z.strictObject({ ...concerning, answer: text }),
  ),
  CaseExtended: alike(caseEventSchemas.CaseExtended)(
    told('case.extended', 'A case has a later deadline'),
    z.strictObject({ ...concerning, due: Moment, reason: text }),
  ),
  CaseClosed: alike(caseEventSchemas.CaseClosed)(
    told('case.closed', 'An office closed a case'),
    z.strictObject({
      ...concerning,
      result: z.enum(['rectified', 'dropped']),
      note: text.optional(),
      late: z.boolean(),
    }),
  ),
  OutageDeclared: alike(outageEventSchemas.OutageDeclared)(
    told('outage.declared', 'The park could not record what happened: terms are longer by it'),
    z.strictObject({ startedAt: Moment, endedAt: Moment, cause: z.string().min(1).max(500) }),
  ),
  CorrectionProposed: alike(correctionEventSchemas.CorrectionProposed)(
    told('correction.proposed', 'Earlier events of a lot are to say something else (更正)'),
    z.strictObject({
      ...ofLot,
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
      reason: whyNot,
      by: UnitCode,
      mustAgree: z.array(UnitCode),
    }),
  ),
  CorrectionConsented: alike(correctionEventSchemas.CorrectionConsented)(
    told('correction.consented', 'A unit agreed to a correction'),
    z.strictObject({ ...ofLot, unit: UnitCode }),
  ),
  CorrectionRefused: alike(correctionEventSchemas.CorrectionRefused)(
    told('correction.refused', 'A unit refused a correction, which ended it'),
    z.strictObject({ ...ofLot, unit: UnitCode, reason: whyNot }),
  ),
  CorrectionWithdrawn: alike(correctionEventSchemas.CorrectionWithdrawn)(
    told('correction.withdrawn', 'A correction was withdrawn by the unit that proposed it'),
    z.strictObject({ ...ofLot }),
  ),
  CorrectionApplied: alike(correctionEventSchemas.CorrectionApplied)(
    told('correction.applied', 'Everyone agreed to a correction; the event of the lot follows'),
    z.strictObject({ ...ofLot, agreed: z.array(UnitCode) }),
  ),
} as const satisfies Readonly<Record<FindingEventType | CaseEventType | OutageEventType | CorrectionEventType, object>>
