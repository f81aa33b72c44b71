import { hasRole } from '../../schemas/actor.ts'
import type { Concern } from '../../schemas/stream/registry.ts'
import { WASTE_STREAMS, type WasteStream } from '../../schemas/values/waste.ts'
import type { AuthenticatedActor } from './actor.ts'

/** What an actor may see: everything; or whatever concerns one of these units or belongs to one of these streams. */
export interface Visibility {
  readonly all: boolean
  readonly units?: readonly string[]
  readonly streams?: readonly WasteStream[]
}

/**
 * Competence of the park's offices (architecture 7): 生态环境局 industrial, hazardous and sludge; 综合执法局 municipal; 规建委
 * construction. An official whose token names no stream sees none: what is not granted is denied.
 */
export const COMPETENCES = {
  environment: ['industrial', 'hazardous', 'sludge'],
  enforcement: ['municipal'],
  planning: ['construction'],
  all: WASTE_STREAMS,
} as const satisfies Readonly<Record<string, readonly WasteStream[]>>

/** Pure: the one answer to "what may this actor see" for the feed and for every query. */
export function visibility(actor: AuthenticatedActor): Visibility {
  if (hasRole(actor, 'admin')) return { all: true }
  // A token with none of our roles is another system's, whatever unit it names.
  if (actor.roles.length === 0) return { all: false }
  const units = actor.unit === undefined ? [] : [actor.unit]
  if (hasRole(actor, 'bureau')) return { all: false, units, streams: actor.competence ?? [] }
  return { all: false, units }
}

/** Whether a thing that concerns these units and streams of waste may be read by this reader: the one answer for every door. */
export const canRead = ({ all, units = [], streams = [] }: Visibility, concern: Concern): boolean =>
  all ||
  concern.units.some((unit) => units.includes(unit)) ||
  concern.streams.some((stream) => streams.includes(stream))

/**
 * Streams of waste that an office is not competent for: what it does not see of them is not shown, which is something else than zero. Empty for
 * everybody but officials, whose view is bounded by units.
 */
export function outsideCompetence({ all, streams, units = [] }: Visibility): readonly WasteStream[] {
  if (all || streams === undefined || (streams.length === 0 && units.length > 0)) return []
  return WASTE_STREAMS.filter((stream) => !streams.includes(stream))
}
