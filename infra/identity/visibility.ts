import { hasRole } from '../../schemas/actor.ts'
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
  const units = actor.unit === undefined ? [] : [actor.unit]
  if (hasRole(actor, 'bureau')) return { all: false, units, streams: actor.competence ?? [] }
  return { all: false, units }
}

/** Whether something of these units and, where it has one, of this stream of waste is anything to whoever sees this much. */
export function sees(
  { all, units = [], streams = [] }: Visibility,
  thing: { readonly units: readonly (string | undefined)[]; readonly streams?: readonly WasteStream[] },
): boolean {
  return (
    all ||
    thing.units.some((unit) => unit !== undefined && units.includes(unit)) ||
    (thing.streams ?? []).some((stream) => streams.includes(stream))
  )
}
