import { accountKey, PLACE_KINDS, type Place, type PlaceKind } from '../values/place.ts'

/** Kinds of account. A place holds mass; the others are where it comes from, passes or ends. */
export const KINDS = [...PLACE_KINDS, 'origin', 'process', 'product', 'loss', 'landfill', 'variance'] as const
export type Kind = PlaceKind | 'origin' | 'process' | 'product' | 'loss' | 'landfill' | 'variance'

/** Where mass can be in the journal: a kind, who holds it, where, under which document. Ends and origins have no holder. */
export interface Account {
  readonly kind: Kind
  readonly holder: string | null
  readonly place: string | null
  readonly document: string | null
  /** One string for one account of one lot; of a place the same as everywhere else. */
  readonly key: string
}

export const placed = (place: Place): Account => ({
  kind: place.at,
  holder: place.holder,
  place: place.place,
  document: place.document ?? null,
  key: accountKey(place),
})
const nowhere = (kind: Kind): Account => ({ kind, holder: null, place: null, document: null, key: `${kind}|||` })

export const ORIGIN = nowhere('origin')
export const PRODUCT = nowhere('product')
export const LOSS = nowhere('loss')
export const LANDFILL = nowhere('landfill')
export const VARIANCE = nowhere('variance')

/** Inside one treatment, at the treater. */
export const processOf = ({ holder, place }: Place, treatment: string): Account => ({
  kind: 'process',
  holder,
  place,
  document: treatment,
  key: `process|${holder}|${place}|${treatment}`,
})

/** An account as its row has it. */
export const accountOf = (
  kind: Kind,
  holder: string | null,
  place: string | null,
  document: string | null,
): Account => ({
  kind,
  holder,
  place,
  document,
  key: `${kind}|${holder ?? ''}|${place ?? ''}|${document ?? ''}`,
})
