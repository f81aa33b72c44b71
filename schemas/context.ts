import type { Actor } from './actor.ts'
import type { Catalogues } from './catalogues/catalogue.ts'
import type { Provenance } from './event.ts'

/** What every decision knows beside the state: who asks, what time it is, how the command came in, and the code lists. */
export interface Context {
  readonly actor: Actor
  /** The server's clock, RFC 3339 in UTC. */
  readonly now: string
  readonly provenance: Provenance
  readonly catalogues: Catalogues
}
