import { streamKind } from '../stream/stream-kind.ts'
import { compareMoments } from '../values/time.ts'
import type { WasteStream } from '../values/waste.ts'
import { caseEvents } from './events.ts'

export const CASE_STATUSES = ['open', 'answered', 'closed'] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

/** Spelled out, because the events fold to it. */
export interface OpenedCase {
  readonly units: string[]
  readonly streams: WasteStream[]
  readonly finding: string
  readonly rule: string
  readonly subject: string
  readonly unit: string
  readonly demand: string
  readonly due: string
}

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

/** What an office asks of a unit, stream `case-<id>`. */
export const cases = streamKind<'case', Case, typeof caseEvents>({
  name: 'case',
  channel: 'law',
  initial: noCase,
  concern: { from: 'event' },
  subjectOf: (id) => ({ kind: 'case', id }),
  events: caseEvents,
})
export const evolveCase = cases.evolve

/** Whether what the unit did, or without an answer the closing itself, came after the deadline. */
export const isLate = ({ due, answeredAt }: KnownCase, closedAt: string): boolean =>
  compareMoments(answeredAt ?? closedAt, due) > 0
