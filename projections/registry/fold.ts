import { LRUCache } from 'lru-cache'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { PlanEvent } from '../../schemas/plan/events.ts'
import type { UnitEvent } from '../../schemas/unit/events.ts'
import { withStatement, type History, type Statement } from '../../schemas/unit/history.ts'
import { sayingOf, type UnitHistory } from '../../schemas/unit/state.ts'
import { dayBefore } from '../../schemas/values/time.ts'
import { fromJson, type Cell, type Changes, type Folding, type Rows, type Table } from '../projection.ts'
import { kinds } from './kinds.ts'

const planLineTable: Table = {
  name: 'plan_line',
  key: ['unit', 'year', 'line'],
  columns: {
    unit: 'text',
    year: 'integer',
    line: 'integer',
    code: 'text',
    receiver: 'text',
    method: 'text',
    planned: 'bigint',
    destination: 'text',
    position: 'bigint',
  },
}
export const registryTables: readonly Table[] = [...Object.values(kinds).map(({ table }) => table), planLineTable]

type Kind = keyof UnitHistory
/** A statement with the place of its event in the log. */
type Recorded = Statement<object> & { readonly position: number }
interface Thing {
  readonly kind: Kind
  readonly unit: string
  readonly id: string
  /** In the order of the log. */
  readonly recorded: readonly Recorded[]
}

// Things that pages in a row touch; others are read again.
const KEPT = 20_000

/** Folds master data by the same histories as the deciders do, thing by thing: a late change takes its place among earlier ones. */
export function openRegistry(): Folding {
  const kept = new LRUCache<string, Thing>({ max: KEPT })
  return {
    async fold(page, rows) {
      const said = page.flatMap((recorded) => sayingIn(recorded))
      const before = new Map<string, Thing>()
      for (const kind of Object.keys(kinds) as Kind[]) {
        const missing = new Set<string>()
        for (const { thing } of said.filter(({ thing }) => thing.kind === kind)) {
          const known = kept.get(nameOf(thing))
          if (known) before.set(nameOf(thing), known)
          else missing.add(thing.id)
        }
        for (const thing of missing.size === 0 ? [] : await thingsOf(kind, [...missing], rows))
          before.set(nameOf(thing), thing)
      }
      const now = new Map<string, Thing>()
      for (const { thing, statement } of said) {
        const name = nameOf(thing)
        const known = now.get(name) ?? before.get(name) ?? thing
        // An event that comes again says nothing new.
        if (statement.position <= (known.recorded.at(-1)?.position ?? 0)) continue
        now.set(name, { ...known, recorded: [...known.recorded, statement] })
      }
      for (const [name, thing] of now) kept.set(name, thing)
      return [...changesOf(now), planLines(page)]
    },
  }
}

const nameOf = ({ kind, id }: Thing): string => `${kind}|${id}`

function sayingIn(recorded: RecordedEvent): readonly { readonly thing: Thing; readonly statement: Recorded }[] {
  const event = upcast(recorded) as UnitEvent | PlanEvent
  if (event.type === 'PlanLineFiled') return []
  const { kind, key, statement } = sayingOf(event)
  const unit = recorded.stream.slice('unit-'.length)
  const thing: Thing = { kind, unit, id: key === '' ? unit : `${unit}|${key}`, recorded: [] }
  return [{ thing, statement: { ...statement, position: recorded.position } }]
}

async function thingsOf(kind: Kind, ids: readonly string[], rows: Rows): Promise<readonly Thing[]> {
  const { table } = kinds[kind]
  const at = Object.keys(table.columns).indexOf('recorded')
  const read = await rows.byKey(table, ids)
  return read.flatMap((cells) =>
    cells[at] === null
      ? []
      : [{ kind, id: String(cells[0]), unit: String(cells[2]), recorded: fromJson<readonly Recorded[]>(cells[at]) }],
  )
}

function changesOf(things: ReadonlyMap<string, Thing>): readonly Changes[] {
  return (Object.keys(kinds) as Kind[]).map((kind) => ({
    table: kinds[kind].table,
    inserts: [],
    upserts: [...things.values()].filter((thing) => thing.kind === kind).flatMap(versionRows),
    deletes: [],
  }))
}

function versionRows({ kind, id, unit, recorded }: Thing): readonly (readonly Cell[])[] {
  const history = recorded.reduce<History<object> | undefined>(withStatement, undefined)
  if (history === undefined) return []
  const { cells } = kinds[kind] as { readonly cells: (content: object) => readonly Cell[] }
  const positions = new Map(history.statements.map((one) => [one.from, (one as Recorded).position]))
  const registeredAt = recorded.find((one) => 'is' in one)?.position ?? 0
  return history.versions.map(({ from, content, ended }, nth) => {
    const next = history.versions[nth + 1]?.from
    const until = next === undefined ? null : dayBefore(next)
    const position = positions.get(from) ?? registeredAt
    return [
      id,
      nth,
      unit,
      ...cells(content),
      from ?? null,
      until,
      ended ?? null,
      position,
      nth === 0 ? JSON.stringify(recorded) : null,
    ]
  })
}

function planLines(page: readonly RecordedEvent[]): Changes {
  const lines = new Map<string, readonly Cell[]>()
  for (const recorded of page) {
    const event = upcast(recorded) as UnitEvent | PlanEvent
    if (event.type !== 'PlanLineFiled') continue
    const { unit, year, code, receiver, method, planned, destination } = event.data
    const { revision, position } = recorded
    const cells = [unit, year, revision, code, receiver, method, planned, destination, position]
    lines.set(`${unit}|${year}|${revision}`, cells)
  }
  return { table: planLineTable, inserts: [], upserts: [...lines.values()], deletes: [] }
}
