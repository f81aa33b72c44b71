import { accountKey as placeKey, type Place } from '../../schemas/values/place.ts'
import type { Kind } from './kinds.ts'

/** Where mass can be in the journal: a kind, who holds it, where, under which document. Ends and origins have no holder. */
export interface Account {
  readonly kind: Kind
  readonly holder: string | null
  readonly place: string | null
  readonly document: string | null
}

export const placed = ({ at, holder, place, document }: Place): Account => ({ kind: at, holder, place, document: document ?? null })
const nowhere = (kind: Kind): Account => ({ kind, holder: null, place: null, document: null })

export const ORIGIN = nowhere('origin')
export const PRODUCT = nowhere('product')
export const LOSS = nowhere('loss')
export const LANDFILL = nowhere('landfill')
export const VARIANCE = nowhere('variance')

/** Inside one treatment, at the treater. */
export const processOf = (from: Place, treatment: string): Account => ({ kind: 'process', holder: from.holder, place: from.place, document: treatment })

/** One string for one account of one lot; of a place the same as everywhere else. */
export const keyOf = ({ kind, holder, place, document }: Account): string => placeKey({ at: kind as Place['at'], holder: holder ?? '', place: place ?? '', ...(document === null ? {} : { document }) })
