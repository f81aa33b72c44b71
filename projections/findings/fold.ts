import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { businessDay } from '../../schemas/values/time.ts'
import type { Cell, Changes, Table } from '../projection.ts'

export const findingTable: Table = {
  name: 'finding',
  columns: {
    position: 'bigint',
    seq: 'integer',
    event_id: 'uuid',
    event_type: 'text',
    rule: 'text',
    severity: 'text',
    pointer: 'text',
    facts: 'jsonb',
    subject_kind: 'text',
    subject: 'text',
    occurred_at: 'text',
    day: 'date',
  },
  key: ['position', 'seq'],
}

/** What a stream is about: a plan is a matter of its unit. */
function subjectOf(stream: string): readonly [kind: string, id: string] {
  const dash = stream.indexOf('-')
  const kind = stream.slice(0, dash)
  const id = stream.slice(dash + 1)
  switch (kind) {
    case 'plan':
      return ['unit', id.slice(0, id.lastIndexOf('-'))]
    case 'lot':
    case 'manifest':
    case 'unit':
      return [kind, id]
    default:
      return ['claim', id]
  }
}

/** Folds one page: the findings of each event as rows. Who may see one follows from its subject, so nothing earlier need be read. */
export function foldFindings(page: readonly RecordedEvent[]): readonly Changes[] {
  const upserts = page.flatMap(({ position, id, type, stream, occurredAt, metadata: { findings = [] } }) =>
    findings.map(({ rule, severity, pointer, facts }, seq): readonly Cell[] => [
      position,
      seq,
      id,
      type,
      rule,
      severity,
      pointer,
      JSON.stringify(facts),
      ...subjectOf(stream),
      occurredAt,
      businessDay(occurredAt),
    ]),
  )
  return [{ table: findingTable, inserts: [], upserts, deletes: [] }]
}
