import { hasRole, type Actor } from '../actor.ts'
import { refusal, type Refusal } from '../decision.ts'
import type { AvailableAction } from '../manifest/actions.ts'
import type { WasteStream } from '../values/waste.ts'
import type { Case, CaseStatus, KnownCase } from './state.ts'

export const CASE_ACTIONS = ['answer', 'extension', 'closing'] as const
export type CaseAction = (typeof CASE_ACTIONS)[number]

/** Who asks, with the streams of waste of their office where they are an official. */
export type Official = Actor & { readonly competence?: readonly WasteStream[] | undefined }

/** Whether the office of this official is competent for one of these streams of waste. */
export const isCompetent = (actor: Official, streams: readonly WasteStream[]): boolean =>
  hasRole(actor, 'bureau') && streams.some((stream) => actor.competence?.includes(stream))

interface Row {
  readonly by: 'unit' | 'office'
  readonly statuses: readonly CaseStatus[]
}

const rows: Readonly<Record<CaseAction, Row>> = {
  answer: { by: 'unit', statuses: ['open', 'answered'] },
  extension: { by: 'office', statuses: ['open', 'answered'] },
  closing: { by: 'office', statuses: ['open', 'answered'] },
}

const isOfUnit = ({ opened }: KnownCase, actor: Official): boolean => actor.unit === opened.unit
const exists = (known: KnownCase, actor: Official): boolean =>
  hasRole(actor, 'admin') ||
  isCompetent(actor, known.opened.streams) ||
  (actor.unit !== undefined && known.opened.units.includes(actor.unit))

/** Why this actor may not do this to the case now, or nothing. To whom it does not concern it does not exist. */
export function guardCase(action: CaseAction, known: Case, actor: Official): Refusal | undefined {
  if (known.status === 'none' || !exists(known, actor)) return refusal('case-unknown')
  const { by, statuses } = rows[action]
  if (by === 'office' ? !isCompetent(actor, known.opened.streams) : !isOfUnit(known, actor))
    return refusal(by === 'office' ? 'case-for-offices' : 'case-for-its-unit', '', { unit: known.opened.unit })
  return statuses.includes(known.status) ? undefined : refusal('case-closed')
}

export const caseActions = (known: Case, actor: Official): readonly AvailableAction<CaseAction>[] =>
  CASE_ACTIONS.map((action) => {
    const why = guardCase(action, known, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })
