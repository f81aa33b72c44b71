import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import {
  evolveCorrection,
  noCorrection,
  type Correction,
  type CorrectionEvent,
} from '../../schemas/correction/events.ts'
import { correctionStream } from '../../schemas/values/identifiers.ts'
import type { Document, DocumentPage, DocumentShape } from '../documents.ts'
import type { Cell, Table } from '../projection.ts'

export const correctionTable: Table = {
  name: 'correction',
  columns: {
    id: 'text',
    revision: 'integer',
    position: 'bigint',
    status: 'text',
    document: 'text',
    proposed_position: 'bigint',
    units: 'jsonb',
    streams: 'jsonb',
    state: 'jsonb',
  },
  key: ['id'],
}

/** A correction with what its stream says beside its state: when it was proposed and how it ended. */
export interface FoldedCorrection {
  readonly correction: Correction
  readonly proposedPosition: number
  readonly proposedAt: string
  readonly endedAt?: string
  /** Why it was refused, and the unit that refused it. */
  readonly refusal?: string
  readonly refusedBy?: string
}

export const unknownCorrection: FoldedCorrection = { correction: noCorrection, proposedPosition: 0, proposedAt: '' }

export function correctionRow(id: string, document: Document<FoldedCorrection>): readonly Cell[] {
  const { state, revision, position } = document
  const { correction, proposedPosition } = state
  const known = correction.status === 'none' ? undefined : correction
  return [
    id,
    revision,
    position,
    correction.status,
    known?.lot ?? known?.manifest ?? '',
    proposedPosition,
    JSON.stringify(known?.units ?? []),
    JSON.stringify(known?.streams ?? []),
    JSON.stringify(state),
  ]
}

export const correctionIdOf = (stream: string): string => stream.slice(correctionStream('').length)

function evolve(folded: FoldedCorrection, event: CorrectionEvent, position: number): FoldedCorrection {
  const next = { ...folded, correction: evolveCorrection(folded.correction, event) }
  const { occurredAt } = event
  switch (event.type) {
    case 'CorrectionProposed':
      return { correction: next.correction, proposedPosition: position, proposedAt: occurredAt }
    case 'CorrectionConsented':
      return next
    case 'CorrectionRefused':
      return { ...next, endedAt: occurredAt, refusal: event.data.reason, refusedBy: event.data.unit }
    case 'CorrectionWithdrawn':
    case 'CorrectionApplied':
      return { ...next, endedAt: occurredAt }
  }
}

/** Folds one page into its corrections; an event that was folded before changes nothing. */
export function foldCorrections(page: readonly RecordedEvent[], corrections: DocumentPage<FoldedCorrection>): void {
  for (const recorded of page) {
    const id = correctionIdOf(recorded.stream)
    const known = corrections.get(id)
    if (recorded.revision <= known.revision) continue
    const state = evolve(known.state, upcast(recorded) as CorrectionEvent, recorded.position)
    corrections.put(id, { state, revision: recorded.revision, position: recorded.position })
  }
}

export type CorrectionShape = DocumentShape<FoldedCorrection>
