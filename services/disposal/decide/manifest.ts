import type { Context } from '../../../schemas/context.ts'
import type { Decider, Decision } from '../../../schemas/decision.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../../schemas/manifest/state.ts'
import type { Unit } from '../../../schemas/unit/state.ts'

/** What the receiver's steps know beside the manifest. */
export interface ReceiverContext extends Context {
  readonly receiver: Unit
}

export const manifestDecider = <C, X extends Context = Context>(
  decide: (command: C, manifest: Manifest, context: X) => Decision<ManifestEvent>,
): Decider<Manifest, C, ManifestEvent, X> => ({
  initial: noManifest,
  evolve: evolveManifest,
  decide,
})
