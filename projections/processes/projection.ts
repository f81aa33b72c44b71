import { CALENDAR_END } from '../../schemas/calendar/working-days.ts'
import type { EventType } from '../../schemas/streams.ts'
import { processManagers } from '../../schemas/processes/all.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'
import { yearOf } from '../../schemas/values/time.ts'
import type { Projection } from '../projection.ts'
import { deadlineTable, foldOf, outageTable, processTable, timedTable } from './fold.ts'

// Raised when a process manager makes other deadlines of the same events.
const VERSION = 3

/** Instances and deadlines of process managers as rows. A release with a longer calendar has another version, so all open terms are calculated again. */
export const processesOf = (managers: readonly ProcessManager[]): Projection => ({
  name: 'processes',
  version: yearOf(CALENDAR_END) * 100 + VERSION,
  tables: [processTable, timedTable, deadlineTable, outageTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: [...new Set<EventType>([...managers.flatMap(({ on }) => on), 'OutageDeclared'])],
  open: () => ({ fold: foldOf(managers) }),
})

export const processesProjection: Projection = processesOf(processManagers)
