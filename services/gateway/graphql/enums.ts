import { FINDING_STATUSES } from '../../../projections/findings/queries.ts'
import { KINDS } from '../../../schemas/mass/account.ts'
import { LOT_STATUSES } from '../../../projections/lots/fold.ts'
import { CORRECTION_STATUSES } from '../../../schemas/correction/events.ts'
import { HOLD_STATUSES } from '../../../schemas/hold/state.ts'
import { CASE_STATUSES } from '../../../schemas/case/state.ts'
import { STAGES, WASTE_STREAMS } from '../../../schemas/values/waste.ts'
import { builder } from './builder.ts'

/** An enum whose names are the domain's words in capitals. */
function words<const T extends string>(name: string, description: string, values: readonly T[]) {
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(values.map((value) => [value.replaceAll('-', '_').toUpperCase(), { value }])),
  })
}

export const Stage = words('Stage', '环节（五横）。 The five stages.', STAGES)
export const WasteStream = words('WasteStream', '类别（五纵）。 The five streams of waste.', WASTE_STREAMS)
export const Direction = words('Direction', 'Upstream to the origins, downstream to the ends, or both.', [
  'upstream',
  'downstream',
  'both',
] as const)
export const AccountKind = words(
  'AccountKind',
  '账户。 Where mass can be in the journal, and where it comes from and ends.',
  KINDS,
)
export const CustodyNodeKind = words(
  'CustodyNodeKind',
  'An account; BEYOND is a lot that does not exist for the reader.',
  [...KINDS, 'beyond'] as const,
)
export const LotStatus = words('LotStatus', 'Where mass of the lot lies that is least far along.', LOT_STATUSES)
export const ManifestForm = words('ManifestForm', '转移联单 or 出厂环节记录表.', [
  'transfer-manifest',
  'out-record',
] as const)
export const ManifestStatus = words('ManifestStatus', '联单状态。 How far a manifest is.', [
  'filed',
  'loaded',
  'departed',
  'arrived',
  'weighed',
  'completed',
  'cancelled',
] as const)
export const LineDecision = words('LineDecision', '接受人处理意见。 The receiver’s decision on a line.', [
  'accepted',
  'partly-accepted',
  'refused',
] as const)
export const Severity = words(
  'Severity',
  'WARN was recorded with its event; HOLD waits for an official, or an official released it; ALERT is of a timer or a projection.',
  ['WARN', 'HOLD', 'ALERT'] as const,
)
export const FindingStatus = words(
  'FindingStatus',
  'RECORDED travels with its event; OPEN waits to be settled by its owner.',
  FINDING_STATUSES,
)
export const CaseStatus = words('CaseStatus', '整改状态。 How far a case is.', CASE_STATUSES)
export const HoldStatus = words('HoldStatus', '待批状态。 What became of a command that was held.', HOLD_STATUSES)

export const CorrectionStatus = words('CorrectionStatus', '更正状态。 How far a correction is.', CORRECTION_STATUSES)
export const CaseResult = words('CaseResult', 'How a case was closed.', ['rectified', 'dropped'] as const)
export const UnitRole = words('UnitRole', 'What a unit was registered for.', [
  'producer',
  'collector',
  'carrier',
  'recycler',
  'disposer',
] as const)
