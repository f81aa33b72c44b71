import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { termsOf, type Pause, type Terms } from '../../schemas/calendar/terms.ts'
import { causeOf, type Deadline, type Happened, type ProcessManager } from '../../schemas/processes/process.ts'
import { compareMoments } from '../../schemas/values/time.ts'
import type { Cell, Changes, Rows, Table } from '../projection.ts'

export const processTable: Table = { name: 'process', columns: { id: 'text', state: 'jsonb' }, key: ['id'] }

/** Instances with terms of law, by process manager: their deadlines are calculated again where an outage is declared. */
export const timedTable: Table = {
  name: 'process_timed',
  columns: { process: 'text', id: 'text' },
  key: ['process', 'id'],
}

/** Declared outages. All of them have one scope, so that they are read at once. */
export const outageTable: Table = {
  name: 'outage',
  columns: { scope: 'text', id: 'text', from_at: 'text', to_at: 'text' },
  key: ['scope', 'id'],
}
const SCOPE = 'park'

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

interface Page {
  readonly instances: Map<string, Instance>
  readonly outages: Cell[][]
}

const parsed = (state: Cell | undefined): unknown => (typeof state === 'string' ? JSON.parse(state) : state)

/** Folds pages into instances and their deadlines. Order between streams matters: an instance is about several. */
export function foldOf(processes: readonly ProcessManager[]) {
  const byType = new Map<string, ProcessManager[]>()
  for (const process of processes)
    for (const type of process.on) byType.set(type, [...(byType.get(type) ?? []), process])
  const timed = new Map(processes.filter(({ isTimed }) => isTimed).map((process) => [process.name, process]))
  let outages: readonly Pause[] | undefined

  /** Reads those that an outage concerns beside those of the page. */
  async function withTimed({ instances }: Page, rows: Rows): Promise<void> {
    const ids = new Map<string, Instance>()
    for (const [name, id] of await rows.byKey(timedTable, [...timed.keys()])) {
      const process = timed.get(String(name))
      if (process && !instances.has(String(id)))
        ids.set(String(id), {
          process,
          name: String(id).slice(process.name.length + 1),
          before: undefined,
          state: undefined,
        })
    }
    await readStates(ids, rows)
    for (const [id, instance] of ids) instances.set(id, instance)
  }

  return async function fold(page: readonly RecordedEvent[], rows: Rows): Promise<readonly Changes[]> {
    outages ??= (await rows.byKey(outageTable, [SCOPE])).map(([, , from, to]) => ({
      from: String(from),
      to: String(to),
    }))
    const before = termsOf(outages)
    let terms = before
    const steps: { readonly id: string; readonly happened: Happened }[] = []
    const folded: Page = { instances: new Map(), outages: [] }
    for (const recorded of page) {
      const happened = happenedIn(recorded)
      if (happened.event.type === 'OutageDeclared') steps.push({ id: '', happened })
      for (const process of byType.get(recorded.type) ?? []) {
        const name = process.instanceOf(happened)
        if (name === undefined) continue
        const id = `${process.name}/${name}`
        steps.push({ id, happened })
        if (!folded.instances.has(id)) folded.instances.set(id, { process, name, before: undefined, state: undefined })
      }
    }
    await readStates(folded.instances, rows)
    for (const { id, happened } of steps) {
      if (happened.event.type === 'OutageDeclared') {
        const { startedAt: from, endedAt: to } = happened.event.data
        folded.outages.push([SCOPE, happened.stream, from, to])
        outages = [...outages, { from, to }]
        terms = termsOf(outages)
      }
      const instance = folded.instances.get(id)
      if (instance)
        instance.state = instance.process.evolve(instance.state ?? instance.process.initial, happened, terms)
    }
    if (terms !== before) await withTimed(folded, rows)
    return changesOf(folded, before, terms)
  }
}

async function readStates(instances: ReadonlyMap<string, Instance>, rows: Rows): Promise<void> {
  for (const [id, state] of await rows.byKey(processTable, [...instances.keys()])) {
    const instance = instances.get(String(id))
    if (instance) instance.before = instance.state = parsed(state)
  }
}

const empty = (table: Table) => ({ table, inserts: [], upserts: [] as (readonly Cell[])[], deletes: [] as Cell[][] })

function changesOf({ instances, outages }: Page, termsBefore: Terms, terms: Terms): readonly Changes[] {
  const [process, timed, deadline] = [empty(processTable), empty(timedTable), empty(deadlineTable)]
  for (const [id, instance] of instances) {
    const { before, state } = instance
    if (state !== undefined && state !== before) process.upserts.push([id, JSON.stringify(state)])
    else if (state === undefined && before !== undefined) process.deletes.push([id])
    if (instance.process.isTimed) {
      if (state !== undefined && before === undefined) timed.upserts.push([instance.process.name, id])
      else if (state === undefined && before !== undefined) timed.deletes.push([instance.process.name, id])
    }
    const known = deadlineRows(instance, before, termsBefore)
    const wanted = deadlineRows(instance, state, terms)
    for (const key of known.keys()) if (!wanted.has(key)) deadline.deletes.push([key])
    for (const [key, row] of wanted) if (!sameRow(row, known.get(key))) deadline.upserts.push(row)
  }
  return [process, timed, deadline, { ...empty(outageTable), upserts: outages }]
}
