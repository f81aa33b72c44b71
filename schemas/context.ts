import type { Actor } from './actor.ts'
import type { Catalogues } from './catalogues/catalogue.ts'
import type { Finding } from './decision.ts'
import type { Provenance } from './event.ts'

/** What every decision knows beside the state: who asks, what time it is, how the command came in, and the code lists. */
export interface Context {
  readonly actor: Actor
  /** The server's clock, RFC 3339 in UTC; of a held command that is decided again the time at which it was held. */
  readonly now: string
  readonly provenance: Provenance
  readonly catalogues: Catalogues
  /** Of a held command that is decided again: the findings that an official has released. */
  readonly released?: readonly Finding[]
}
