import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { Terms } from '../../schemas/calendar/terms.ts'
import { causeOf, type Deadline, type Happened, type ProcessManager } from '../../schemas/processes/process.ts'
import { compareMoments } from '../../schemas/values/time.ts'
import type { Cell, Changes, Rows, Table } from '../projection.ts'

export const processTable: Table = { name: 'process', columns: { id: 'text', state: 'jsonb' }, key: ['id'] }

export const deadlineTable: Table = {
  name: 'deadline',
  columns: {
    id: 'text',
    process: 'text',
    instance: 'text',
    due_at: 'timestamptz',
    fire_at: 'timestamptz',
    effect: 'jsonb',
    cause: 'jsonb',
  },
  key: ['id'],
}

/** An instance that a page touches; undefined states are those of no row. */
interface Instance {
  readonly process: ProcessManager
  readonly name: string
  before: unknown
  state: unknown
}

/** What is carried out, with the instant that it is due at as it was counted: a column would give it back in another zone. */
const effectCell = ({ effect, due }: Deadline): string => JSON.stringify({ ...effect, due })

function deadlineRows({ process, name }: Instance, state: unknown, terms: Terms): ReadonlyMap<string, readonly Cell[]> {
  if (state === undefined) return new Map()
  return new Map(
    process.deadlines(state, terms).map((deadline) => {
      const { key, due, notBefore, cause } = deadline
      const id = `${process.name}/${name}/${key}`
      const fire = due !== undefined && notBefore !== undefined && compareMoments(notBefore, due) > 0 ? notBefore : due
      const row = [id, process.name, name, due ?? null, fire ?? null, effectCell(deadline), JSON.stringify(cause)]
      return [id, row] as const
    }),
  )
}

const sameRow = (one: readonly Cell[], other: readonly Cell[] | undefined): boolean =>
  other !== undefined && one.every((cell, i) => cell === other[i])

const happenedIn = (recorded: RecordedEvent): Happened => ({
  stream: recorded.stream,
  recordedAt: recorded.recordedAt,
  event: upcast(recorded),
  cause: causeOf(recorded.id, recorded.metadata),
})

/** Folds pages into instances and their deadlines. Order between streams matters: an instance is about several. */
export function foldOf(processes: readonly ProcessManager[], terms: Terms) {
  const byType = new Map<string, ProcessManager[]>()
  for (const process of processes)
    for (const type of process.on) byType.set(type, [...(byType.get(type) ?? []), process])

  return async function fold(page: readonly RecordedEvent[], rows: Rows): Promise<readonly Changes[]> {
    const steps: { readonly id: string; readonly happened: Happened }[] = []
    const instances = new Map<string, Instance>()
    for (const recorded of page) {
      const happened = happenedIn(recorded)
      for (const process of byType.get(recorded.type) ?? []) {
        const name = process.instanceOf(happened)
        if (name === undefined) continue
        const id = `${process.name}/${name}`
        steps.push({ id, happened })
        if (!instances.has(id)) instances.set(id, { process, name, before: undefined, state: undefined })
      }
    }
    for (const [id, state] of await rows.byKey(processTable, [...instances.keys()])) {
      const instance = instances.get(String(id))
      if (instance) instance.before = instance.state = typeof state === 'string' ? JSON.parse(state) : state
    }
    for (const { id, happened } of steps) {
      const instance = instances.get(id)
      if (instance)
        instance.state = instance.process.evolve(instance.state ?? instance.process.initial, happened, terms)
    }
    return changesOf(instances, terms)
  }
}

function changesOf(instances: ReadonlyMap<string, Instance>, terms: Terms): readonly Changes[] {
  const process = { table: processTable, inserts: [], upserts: [] as Cell[][], deletes: [] as Cell[][] }
  const deadline = { table: deadlineTable, inserts: [], upserts: [] as (readonly Cell[])[], deletes: [] as Cell[][] }
  for (const [id, instance] of instances) {
    const { before, state } = instance
    if (state !== undefined) process.upserts.push([id, JSON.stringify(state)])
    else if (before !== undefined) process.deletes.push([id])
    const known = deadlineRows(instance, before, terms)
    const wanted = deadlineRows(instance, state, terms)
    for (const key of known.keys()) if (!wanted.has(key)) deadline.deletes.push([key])
    for (const [key, row] of wanted) if (!sameRow(row, known.get(key))) deadline.upserts.push(row)
  }
  return [process, deadline]
}
