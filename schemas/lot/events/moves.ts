import { z } from 'zod'
import { ManifestId } from '../../values/identifiers.ts'
import { MovedGrams } from '../../values/mass.ts'
import { Place } from '../../values/place.ts'
import { Waste } from '../../values/waste.ts'

/**
 * The head of every event that moves mass: what it is, where it was, where it is now, how many grams. With the stream's name
 * it says everything that its posting needs, so the journal reads nothing else.
 */
export const move = { waste: Waste, from: Place, to: Place, grams: MovedGrams }
/** A move that someone read a scale for. `whole`: the package is gone from where it was, whatever the earlier scale said. */
export const weighedMove = { ...move, whole: z.boolean() }
/** Line of the manifest under which mass is promised or moves. */
export const underLine = { manifest: ManifestId, line: z.int().positive() }

// The same as they are published: what was promised outside must not change because a stored event does.
export const publicMove = { waste: Waste, from: Place, to: Place, grams: MovedGrams }
export const publicWeighedMove = { ...publicMove, whole: z.boolean() }
export const publicLine = { manifest: ManifestId, line: z.int().positive() }

type Holder = Pick<z.infer<typeof Place>, 'holder'>
export const joinsBothEnds = {
  joins: ({ from, to }: { readonly from: Holder; readonly to: Holder }) => ({
    units: [from.holder, to.holder],
  }),
}
export const joinsOrigin = { joins: ({ from }: { readonly from: Holder }) => ({ units: [from.holder] }) }
export const joinsHolder = { joins: ({ at }: { readonly at: Holder }) => ({ units: [at.holder] }) }
