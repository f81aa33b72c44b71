import { settle } from '../../infra/commanding/settle.ts'
import type { Park } from './open.ts'
import { policies, watches } from './process/parts.ts'

/** Whose mark the caretaker of a park in one process keeps. */
export const PARK_CARE = 'park'

/** Makes up for whatever a process of this park left out when it died. */
export const settlePark = ({ runtime, pool }: Pick<Park, 'runtime' | 'pool'>): Promise<void> =>
  settle(runtime, { service: PARK_CARE, pool, policies, watches })
