import { eventSchemas, type EventType } from '../../schemas/streams.ts'
import type { Projection } from '../projection.ts'
import { findingTable, foldFindings, settledTable } from './fold.ts'

export const findingsProjection: Projection = {
  name: 'findings',
  version: 3,
  byStream: true,
  tables: [findingTable, settledTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: Object.keys(eventSchemas) as EventType[],
  concerns: ({ stream, metadata: { findings = [] } }) => findings.length > 0 || stream.startsWith('finding-'),
  open: () => ({ fold: (page) => Promise.resolve(foldFindings(page)) }),
}
