import type { Facts } from '../decision.ts'
import { accountKey, manifestOfDocument, type Place } from '../values/place.ts'
import { heldAt, type Lot } from './state.ts'

const MOST_NAMED = 3

// What is set aside for a treatment is so for a moment, and there is nothing to cancel.
const isLine = (document: string): boolean => !document.startsWith('treatment ')

/**
 * What lies at these places of a lot, and how much of it is promised to which manifests: facts `held`, `promised` (grams) and `promisedTo`
 * (ids) of a refusal. For a reader who acts for the holder of these places, who is consignor of those manifests; no other reader may know them.
 * Nothing where none of it is promised. `own` is the document of a line whose promise does not count.
 */
export function promisesAt(lot: Lot, places: readonly Place[], own?: string): Facts {
  const keys = new Set(places.map(accountKey))
  const promises = Object.entries(lot.reserved).filter(
    ([document, { place }]) => isLine(document) && document !== own && keys.has(accountKey(place)),
  )
  if (promises.length === 0) return {}
  const manifests = [...new Set(promises.map(([document]) => manifestOfDocument(document)))]
  return {
    held: places.reduce((sum, place) => sum + heldAt(lot, place), 0),
    promised: promises.reduce((sum, [, { grams }]) => sum + grams, 0),
    promisedTo: `${manifests.slice(0, MOST_NAMED).join(', ')}${manifests.length > MOST_NAMED ? ', …' : ''}`,
  }
}
