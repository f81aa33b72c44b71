import type { Context } from '../../../schemas/context.ts'
import type { Decider, Decision } from '../../../schemas/decision.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../../schemas/manifest/state.ts'

export type ManifestDecider<C, X extends Context = Context> = Decider<Manifest, C, ManifestEvent, X>

export const manifestDecider = <C, X extends Context = Context>(
  decide: (command: C, manifest: Manifest, context: X) => Decision<ManifestEvent>,
): ManifestDecider<C, X> => ({
  initial: noManifest,
  evolve: evolveManifest,
  decide,
})
