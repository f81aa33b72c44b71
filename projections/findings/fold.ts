import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { FindingEvent, FindingEventOf } from '../../schemas/finding/events.ts'
import { streams } from '../../schemas/streams.ts'
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
    finding: 'text',
    revision: 'integer',
    owner: 'text',
    due_at: 'text',
    internal: 'boolean',
    judged_on: 'date',
  },
  key: ['position', 'seq'],
}

export const settledTable: Table = {
  name: 'finding_settled',
  columns: { finding: 'text', revision: 'integer', settled_at: 'text', late: 'boolean' },
  key: ['finding', 'revision'],
}

/** What a stream is about: a plan is a matter of its unit. A stream of a later system is about itself. */
function subjectOf(stream: string): readonly [kind: string, id: string] {
  const known = streams.streamOf(stream)
  if (!known) return ['claim', stream]
  const { kind, id } = known.kind.subjectOf(known.id)
  return [kind, id]
}

/** Findings that travel with an event which they did not stop. */
const travelling = ({ position, id, type, stream, occurredAt, metadata: { findings = [] } }: RecordedEvent): Cell[][] =>
  findings.map(({ rule, severity, pointer, facts, day }, seq) => [
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
    null,
    null,
    null,
    null,
    false,
    day ?? null,
  ])

/** A finding of a timer or projection, which is the event itself. One that concerns no unit is a matter of the offices. */
function raised({ position, id, type, stream, revision, occurredAt, data }: RecordedEvent): Cell[] {
  const { rule, severity, facts, subject, units, owner, due } = data as FindingEventOf<'FindingRaised'>['data']
  return [
    position,
    0,
    id,
    type,
    rule,
    severity,
    '',
    JSON.stringify(facts),
    ...subjectOf(subject),
    occurredAt,
    businessDay(occurredAt),
    stream,
    revision,
    owner ?? null,
    due ?? null,
    units.length === 0,
    null,
  ]
}

const SETTLED: FindingEvent['type'] = 'FindingSettled'
const RAISED: FindingEvent['type'] = 'FindingRaised'

/** Folds one page: findings as rows. Who may see one follows from its subject, so nothing earlier need be read. */
export function foldFindings(page: readonly RecordedEvent[]): readonly Changes[] {
  const found = page.flatMap((event) => [...travelling(event), ...(event.type === RAISED ? [raised(event)] : [])])
  const settled = page
    .filter(({ type }) => type === SETTLED)
    .map(({ stream, revision, occurredAt, data }): readonly Cell[] => {
      const { late } = data as FindingEventOf<'FindingSettled'>['data']
      return [stream, revision - 1, occurredAt, late ?? null]
    })
  return [
    { table: findingTable, inserts: [], upserts: found, deletes: [] },
    { table: settledTable, inserts: [], upserts: settled, deletes: [] },
  ]
}
