import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { CaseEvent } from '../../schemas/case/events.ts'
import { evolveCase, noCase, type Case } from '../../schemas/case/state.ts'
import { caseStream } from '../../schemas/values/identifiers.ts'
import type { Document, DocumentPage, DocumentShape } from '../documents.ts'
import type { Cell, Table } from '../projection.ts'

export const caseTable: Table = {
  name: 'case_file',
  columns: {
    id: 'text',
    revision: 'integer',
    position: 'bigint',
    status: 'text',
    unit: 'text',
    finding: 'text',
    opened_position: 'bigint',
    units: 'jsonb',
    streams: 'jsonb',
    state: 'jsonb',
  },
  key: ['id'],
}

/** A case with what its stream says beside its state: the texts of its last steps. */
export interface FoldedCase {
  readonly case: Case
  readonly openedPosition: number
  readonly answer?: string
  readonly result?: 'rectified' | 'dropped'
  readonly note?: string
  readonly closedAt?: string
  readonly late?: boolean
}

export const unknownCase: FoldedCase = { case: noCase, openedPosition: 0 }

export function caseRow(id: string, { state, revision, position }: Document<FoldedCase>): readonly Cell[] {
  const opened = state.case.status === 'none' ? undefined : state.case.opened
  return [
    id,
    revision,
    position,
    state.case.status,
    opened?.unit ?? '',
    opened?.finding ?? '',
    state.openedPosition,
    JSON.stringify(opened?.units ?? []),
    JSON.stringify(opened?.streams ?? []),
    JSON.stringify(state),
  ]
}

export const caseIdOf = (stream: string): string => stream.slice(caseStream('').length)

function evolve(folded: FoldedCase, event: CaseEvent, position: number): FoldedCase {
  const known = { ...folded, case: evolveCase(folded.case, event) }
  switch (event.type) {
    case 'CaseOpened':
      return { case: known.case, openedPosition: position }
    case 'CaseAnswered':
      return { ...known, answer: event.data.answer }
    case 'CaseExtended':
      return known
    case 'CaseClosed': {
      const { result, note, late } = event.data
      return { ...known, result, ...(note === undefined ? {} : { note }), late, closedAt: event.occurredAt }
    }
  }
}

/** Folds one page into its cases; an event that was folded before changes nothing. */
export function foldCases(page: readonly RecordedEvent[], cases: DocumentPage<FoldedCase>): void {
  for (const recorded of page) {
    const id = caseIdOf(recorded.stream)
    const known = cases.get(id)
    if (recorded.revision <= known.revision) continue
    const state = evolve(known.state, upcast(recorded) as CaseEvent, recorded.position)
    cases.put(id, { state, revision: recorded.revision, position: recorded.position })
  }
}

export type CaseShape = DocumentShape<FoldedCase>
