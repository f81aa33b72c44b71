import type { Context } from '../../../schemas/context.ts'
import { refusal, type Decider, type Decision, type Refusal } from '../../../schemas/decision.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../../schemas/manifest/state.ts'
import type { Unit } from '../../../schemas/unit/state.ts'
import { present } from '../../../schemas/values/present.ts'

export const manifestDecider = <C, X extends Context = Context>(
  decide: (command: C, manifest: Manifest, context: X) => Decision<ManifestEvent>,
): Decider<Manifest, C, ManifestEvent, X> => ({
  initial: noManifest,
  evolve: evolveManifest,
  decide,
})

/** Nothing where a unit has this facility on the day of the act; else why it cannot be used: not registered, or closed by then. */
export function unusable(
  { facilities }: Pick<Unit, 'facilities'>,
  unit: string,
  facility: string,
  pointer: string,
): readonly Refusal[] {
  const known = Object.hasOwn(facilities, facility) ? facilities[facility] : undefined
  const { closedFrom } = known ?? {}
  return known && closedFrom === undefined
    ? []
    : [refusal('facility-unknown', pointer, present({ unit, facility, closedFrom }))]
}
