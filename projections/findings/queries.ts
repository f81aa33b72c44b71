import type { Visibility } from '../../infra/identity/visibility.ts'
import type { Facts } from '../../schemas/decision.ts'
import type { WasteStream } from '../../schemas/values/waste.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase, type Sql } from '../sql.ts'

/** ALERT: of a timer or a projection; the others travel with the event that they did not stop. */
export type FindingSeverity = 'WARN' | 'HOLD' | 'ALERT'
/** `recorded` travels with its event and asks for nothing; `open` ones wait to be settled. */
export const FINDING_STATUSES = ['recorded', 'open', 'settled'] as const
export type FindingStatus = (typeof FINDING_STATUSES)[number]

export interface FindingView {
  readonly position: number
  /** Place among the findings of one event, from 0. */
  readonly seq: number
  readonly eventType: string
  readonly rule: string
  readonly severity: FindingSeverity
  readonly pointer: string
  readonly facts: Facts
  readonly subject: { readonly kind: 'lot' | 'manifest' | 'unit' | 'claim'; readonly id: string }
  readonly wasteStream: WasteStream | undefined
  /** Business day whose edition of the rule was applied. */
  readonly day: string
  /** As claimed, RFC 3339 with offset. */
  readonly occurredAt: string
  readonly status: FindingStatus
  /** Credit code of the unit that has to settle it; undefined where that is the operator, or nothing is asked for. */
  readonly owner: string | undefined
  /** Until when, RFC 3339. */
  readonly due: string | undefined
  readonly settledAt: string | undefined
  /** Whether it was settled after its deadline. */
  readonly late: boolean | undefined
}

export interface FindingFilter {
  readonly rule?: string
  readonly severity?: FindingSeverity
  readonly status?: FindingStatus
  /** The unit that has to settle it. */
  readonly owner?: string
  /** Any unit that the subject concerns. */
  readonly unit?: string
  readonly stream?: WasteStream
  /** Own id of a lot or manifest, or a unit's code. */
  readonly subject?: string
  /** Business days on which it happened, both included. */
  readonly from?: string
  readonly to?: string
}

export interface FindingCursor {
  readonly position: number
  readonly seq: number
}

interface Row {
  readonly position: string
  readonly seq: number
  readonly event_type: string
  readonly rule: string
  readonly severity: FindingSeverity
  readonly pointer: string
  readonly facts: Facts
  readonly subject_kind: FindingView['subject']['kind']
  readonly subject: string
  readonly waste_stream: WasteStream | null
  readonly occurred_at: string
  readonly day: string
  readonly finding: string | null
  readonly owner: string | null
  readonly due_at: string | null
  readonly settled_at: string | null
  readonly late: boolean | null
}

const view = (row: Row): FindingView => ({
  position: Number(row.position),
  seq: row.seq,
  eventType: row.event_type,
  rule: row.rule,
  severity: row.severity,
  pointer: row.pointer,
  facts: row.facts,
  subject: { kind: row.subject_kind, id: row.subject },
  wasteStream: row.waste_stream ?? undefined,
  day: row.day,
  occurredAt: row.occurred_at,
  status: row.finding === null ? 'recorded' : row.settled_at === null ? 'open' : 'settled',
  owner: row.owner ?? undefined,
  due: row.due_at ?? undefined,
  settledAt: row.settled_at ?? undefined,
  late: row.late ?? undefined,
})

// The subject says whom a finding concerns, and which waste: what is known of it today decides, so whoever takes part later sees it too.
const source = sql`finding f
  left join lot l on f.subject_kind = 'lot' and l.id = f.subject
  left join manifest m on f.subject_kind = 'manifest' and m.id = f.subject
  left join finding_settled s on s.finding = f.finding and s.revision = f.revision`

const columns = sql`f.position, f.seq, f.event_type, f.rule, f.severity, f.pointer, f.facts, f.subject_kind, f.subject,
  coalesce(l.stream, m.stream) as waste_stream, f.occurred_at, coalesce(f.judged_on, f.day)::text as day, f.finding, f.owner, f.due_at, s.settled_at, s.late`

const concerning = (units: readonly string[]): Sql => sql`case f.subject_kind
  when 'lot' then exists (select from lot_unit u where u.lot = f.subject and u.unit = any(${units}::text[]))
  when 'manifest' then exists (select from manifest_unit u where u.manifest = f.subject and u.unit = any(${units}::text[]))
  when 'unit' then f.subject = any(${units}::text[])
  else false end`

/** Holds for findings that exist for this reader. A finding about master data is no waste stream's: every official sees it. */
const visible = (to: Visibility): Sql | undefined =>
  visibleAs(
    to,
    (units) => sql`(not f.internal and ${concerning(units)})`,
    (streams) => sql`(f.subject_kind = 'unit' or coalesce(l.stream, m.stream) = any(${streams}::text[]))`,
  )

const withStatus: Readonly<Record<FindingStatus, Sql>> = {
  recorded: sql`f.finding is null`,
  open: sql`f.finding is not null and s.finding is null`,
  settled: sql`s.finding is not null`,
}

const matches = (filter: FindingFilter): Sql =>
  every(
    filter.rule === undefined ? undefined : sql`f.rule = ${filter.rule}`,
    filter.severity === undefined ? undefined : sql`f.severity = ${filter.severity}`,
    filter.status === undefined ? undefined : withStatus[filter.status],
    filter.owner === undefined ? undefined : sql`f.owner = ${filter.owner}`,
    filter.unit === undefined ? undefined : concerning([filter.unit]),
    filter.stream === undefined ? undefined : sql`coalesce(l.stream, m.stream) = ${filter.stream}`,
    filter.subject === undefined ? undefined : sql`f.subject = ${filter.subject}`,
    filter.from === undefined ? undefined : sql`f.day >= ${filter.from}::date`,
    filter.to === undefined ? undefined : sql`f.day <= ${filter.to}::date`,
  )

/** A page of findings, newest first. */
export async function listFindings(
  database: ReadDatabase,
  filter: FindingFilter,
  page: { readonly first: number; readonly after?: FindingCursor },
  to: Visibility,
): Promise<readonly FindingView[]> {
  const after = page.after && sql`(f.position, f.seq) < (${page.after.position}, ${page.after.seq})`
  return (
    await rowsOf<Row>(
      database,
      sql`select ${columns}
      from ${source} where ${every(visible(to), matches(filter), after)} order by f.position desc, f.seq desc limit ${page.first}`,
    )
  ).map(view)
}

export async function countFindings(database: ReadDatabase, filter: FindingFilter, to: Visibility): Promise<number> {
  const rows = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from ${source} where ${every(visible(to), matches(filter))}`,
  )
  return Number(rows[0]?.total ?? 0)
}

/** Findings that came with events after `after` and up to `upTo`, oldest first: what a subscription has to tell. */
export async function findingsBetween(
  database: ReadDatabase,
  after: number,
  upTo: number,
  to: Visibility,
): Promise<readonly FindingView[]> {
  return (
    await rowsOf<Row>(
      database,
      sql`select ${columns}
      from ${source} where ${every(visible(to), sql`f.position > ${after} and f.position <= ${upTo}`)} order by f.position, f.seq`,
    )
  ).map(view)
}
