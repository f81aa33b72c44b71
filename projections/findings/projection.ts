import { eventSchemas, type EventType } from '../../schemas/event.ts'
import type { Projection } from '../projection.ts'
import { findingTable, foldFindings } from './fold.ts'

export const findingsProjection: Projection = {
  name: 'findings',
  version: 1,
  byStream: true,
  tables: [findingTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: Object.keys(eventSchemas) as EventType[],
  concerns: ({ metadata: { findings = [] } }) => findings.length > 0,
  open: () => ({ fold: (page) => Promise.resolve(foldFindings(page)) }),
}
