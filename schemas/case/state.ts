import { compareMoments } from '../values/time.ts'
import type { CaseEvent, CaseEventOf } from './events.ts'

export const CASE_STATUSES = ['open', 'answered', 'closed'] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

export type OpenedCase = CaseEventOf<'CaseOpened'>['data']

export interface KnownCase {
  readonly status: CaseStatus
  readonly opened: OpenedCase
  readonly openedAt: string
  readonly due: string
  /** When the unit last answered. */
  readonly answeredAt?: string
  readonly lastAt: string
}

/** A case of a finding; the same finding may have one again after it was closed. */
export type Case = { readonly status: 'none' } | KnownCase
export const noCase: Case = { status: 'none' }

export function evolveCase(known: Case, event: CaseEvent): Case {
  const { occurredAt } = event
  if (event.type === 'CaseOpened') {
    const { due } = event.data
    return { status: 'open', opened: event.data, openedAt: occurredAt, due, lastAt: occurredAt }
  }
  if (known.status === 'none') return known
  switch (event.type) {
    case 'CaseAnswered':
      return { ...known, status: 'answered', answeredAt: occurredAt, lastAt: occurredAt }
    case 'CaseExtended':
      return { ...known, due: event.data.due, lastAt: occurredAt }
    case 'CaseClosed':
      return { ...known, status: 'closed', lastAt: occurredAt }
  }
}

/** Whether what the unit did, or without an answer the closing itself, came after the deadline. */
export const isLate = ({ due, answeredAt }: KnownCase, closedAt: string): boolean =>
  compareMoments(answeredAt ?? closedAt, due) > 0
