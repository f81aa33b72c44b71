import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { HoldEvent } from '../../schemas/hold/events.ts'
import { evolveHold, noHold, type Hold } from '../../schemas/hold/state.ts'
import { holdStream } from '../../schemas/values/identifiers.ts'
import type { Document, DocumentPage, DocumentShape } from '../documents.ts'
import type { Cell, Table } from '../projection.ts'

export const holdTable: Table = {
  name: 'hold',
  columns: {
    id: 'text',
    revision: 'integer',
    position: 'bigint',
    status: 'text',
    held_position: 'bigint',
    units: 'jsonb',
    streams: 'jsonb',
    state: 'jsonb',
  },
  key: ['id'],
}

/** A hold with what its stream says beside its state: where it began, and which official decided last. */
export interface FoldedHold {
  readonly hold: Hold
  readonly heldPosition: number
  /** Subject of the official who released or rejected it. */
  readonly official?: string
}

export const unknownHold: FoldedHold = { hold: noHold, heldPosition: 0 }

export function holdRow(id: string, { state, revision, position }: Document<FoldedHold>): readonly Cell[] {
  const { hold, heldPosition } = state
  const held = hold.status === 'none' ? undefined : hold.held
  return [
    id,
    revision,
    position,
    hold.status,
    heldPosition,
    JSON.stringify(held?.units ?? []),
    JSON.stringify(held?.streams ?? []),
    JSON.stringify(state),
  ]
}

export const holdIdOf = (stream: string): string => stream.slice(holdStream('').length)

function evolve(folded: FoldedHold, recorded: RecordedEvent): FoldedHold {
  const event = upcast(recorded) as HoldEvent
  const hold = evolveHold(folded.hold, event)
  switch (event.type) {
    case 'CommandHeld':
      return { hold, heldPosition: recorded.position }
    case 'HoldReleased':
    case 'HoldRejected':
      return { ...folded, hold, official: recorded.metadata.actor.subject }
    case 'HoldCompleted':
    case 'HoldBlocked':
    case 'HoldExtended':
    case 'HoldWithdrawn':
    case 'HoldExpired':
      return { ...folded, hold }
  }
}

/** Folds one page into its holds; an event that was folded before changes nothing. */
export function foldHolds(page: readonly RecordedEvent[], holds: DocumentPage<FoldedHold>): void {
  for (const recorded of page) {
    const id = holdIdOf(recorded.stream)
    const known = holds.get(id)
    if (recorded.revision <= known.revision) continue
    const { revision, position } = recorded
    holds.put(id, { state: evolve(known.state, recorded), revision, position })
  }
}

export type HoldShape = DocumentShape<FoldedHold>
