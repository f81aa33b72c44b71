import { planEventSchemas, type PlanEventType } from '../../schemas/plan/events.ts'
import { unitEventSchemas, type UnitEventType } from '../../schemas/unit/events.ts'
import type { Projection } from '../projection.ts'
import { openRegistry, registryTables } from './fold.ts'

export const registryProjection: Projection = {
  name: 'registry',
  version: 3,
  byStream: true,
  tables: registryTables,
  ddl: new URL('./tables.sql', import.meta.url),
  handles: [
    ...(Object.keys(unitEventSchemas) as UnitEventType[]),
    ...(Object.keys(planEventSchemas) as PlanEventType[]),
  ],
  open: openRegistry,
}
