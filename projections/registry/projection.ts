import { plans, type PlanEvent } from '../../schemas/plan/events.ts'
import { unitEvents, type UnitEventType } from '../../schemas/unit/events.ts'
import type { Projection } from '../projection.ts'
import { openRegistry, registryTables } from './fold.ts'

export const registryProjection: Projection = {
  name: 'registry',
  version: 4,
  byStream: true,
  tables: registryTables,
  ddl: new URL('./tables.sql', import.meta.url),
  handles: [...(Object.keys(unitEvents) as UnitEventType[]), ...(Object.keys(plans.events) as PlanEvent['type'][])],
  open: openRegistry,
}
