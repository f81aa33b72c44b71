import {
  openDeadlineRunner,
  type DeadlineRunner,
  type Deadlines,
  type DueDeadline,
} from '../../infra/commanding/deadlines.ts'
import type { Runtime } from '../../infra/commanding/execute.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { deadlineTable } from '../../projections/processes/fold.ts'
import { processesProjection } from '../../projections/processes/projection.ts'
import type { Projection } from '../../projections/projection.ts'
import { openMemoryTables } from '../../projections/runner/memory-tables.ts'
import { openPast } from '../../projections/runner/past.ts'
import type { Cause, Effect } from '../../schemas/processes/process.ts'
import { performDue, processes } from '../../services/park/process/parts.ts'

/** Deadlines of a log in memory, folded by the projection itself as far as the log goes whenever they are asked for. */
export function memoryDeadlines(
  store: EventStore,
  projection: Projection = processesProjection,
): Deadlines & { open(): Promise<readonly string[]> } {
  const tables = openMemoryTables()
  const folding = projection.open()
  const handles = new Set<string>(projection.handles)
  const tried = new Map<string, { readonly attempts: number; readonly until: number }>()
  let position = 0
  const noteOf = ({ id, cause }: Pick<DueDeadline, 'id' | 'cause'>): string => `${id} ${cause.eventId}`

  async function rows(): Promise<readonly (DueDeadline & { readonly fireAt: number })[]> {
    for (;;) {
      const page = await store.readAll(position, 100)
      position = page.at(-1)?.position ?? position
      tables.apply(
        await folding.fold(
          page.filter(({ type }) => handles.has(type)),
          tables.rows,
          openPast(store, { upTo: position }),
        ),
      )
      if (page.length < 100) break
    }
    return tables.all(deadlineTable).map(([id, process, , , fireAt, effect, cause]) => {
      const { due, ...rest } = JSON.parse(String(effect)) as Effect & { readonly due: string }
      const row = { id: String(id), process: String(process), cause: JSON.parse(String(cause)) as Cause }
      return {
        ...row,
        due,
        effect: rest,
        fireAt: Date.parse(String(fireAt)),
        attempts: tried.get(noteOf(row))?.attempts ?? 0,
      }
    })
  }

  return {
    reached: () => Promise.resolve(true),
    async due(names, now, most) {
      const ready = (await rows()).filter(
        (row) => names.includes(row.process) && row.fireAt <= now && (tried.get(noteOf(row))?.until ?? 0) <= now,
      )
      return ready.toSorted((a, b) => a.fireAt - b.fireAt).slice(0, most)
    },
    done(carried) {
      for (const due of carried) tried.set(noteOf(due), { attempts: due.attempts, until: Number.POSITIVE_INFINITY })
      return Promise.resolve()
    },
    postpone(due, _why, until) {
      tried.set(noteOf(due), { attempts: due.attempts + 1, until })
      return Promise.resolve()
    },
    open: async () => (await rows()).map(({ id }) => id),
  }
}

/** What carries out the deadlines of a park in memory. */
export const deadlinesOn = (runtime: Runtime, deadlines: Deadlines = memoryDeadlines(runtime.store)): DeadlineRunner =>
  openDeadlineRunner(runtime, { deadlines, processes, perform: performDue })
