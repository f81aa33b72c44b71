import { CALENDAR_END } from '../../schemas/calendar/working-days.ts'
import { termsOf } from '../../schemas/calendar/terms.ts'
import type { EventType } from '../../schemas/event.ts'
import { processManagers } from '../../schemas/processes/all.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'
import { yearOf } from '../../schemas/values/time.ts'
import type { Projection } from '../projection.ts'
import { deadlineTable, foldOf, processTable } from './fold.ts'

// Raised when a process manager would want other deadlines of the same events.
const VERSION = 1

/** Instances and deadlines of process managers as rows. A release with a longer calendar counts all open terms anew. */
export const processesOf = (managers: readonly ProcessManager[]): Projection => ({
  name: 'processes',
  version: yearOf(CALENDAR_END) * 100 + VERSION,
  tables: [processTable, deadlineTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: [...new Set(managers.flatMap(({ on }): readonly EventType[] => on))],
  open: () => ({ fold: foldOf(managers, termsOf()) }),
})

export const processesProjection: Projection = processesOf(processManagers)
