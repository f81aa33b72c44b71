import type { People } from '../../../infra/commanding/execute.ts'
import type { Position } from '../../../infra/event-store/port.ts'
import type { AuthenticatedActor } from '../../../infra/identity/actor.ts'
import { visibility, type Visibility } from '../../../infra/identity/visibility.ts'
import { hasRole } from '../../../schemas/actor.ts'
import type { Language } from '../../../schemas/texts/fill.ts'
import type { ReadSide } from './read-side.ts'

/** What a query runs with: who asks, what exists for them, in which language, and where answers come from. */
export interface GatewayContext {
  readonly actor: AuthenticatedActor
  readonly visibility: Visibility
  readonly language: Language
  readonly readSide: ReadSide
  /** Notes that an answer's figures are of this prefix of the log. */
  readonly figuresOf: (position: Position) => void
  /** Opens persons for a reader who may know them, and records that they looked. */
  readonly reveal?: People['reveal'] | undefined
  /** Of a stream: aborted when nobody waits for what comes any more. Made when it is asked for, because few operations are streams. */
  readonly signal: () => AbortSignal
}

export const contextFor = (given: Omit<GatewayContext, 'visibility'>): GatewayContext => ({
  ...given,
  visibility: visibility(given.actor),
})

/** Whether the reader may see what a unit keeps to itself: the unit, officials of any stream, and the park's book-keeper. */
export const mayKnowInside = ({ actor, visibility: { all, streams = [] } }: GatewayContext, unit: string): boolean =>
  all || streams.length > 0 || (hasRole(actor, 'producer', 'carrier', 'driver', 'receiver') && actor.unit === unit)
