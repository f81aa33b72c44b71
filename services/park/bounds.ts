import type { Configuration } from '../../infra/configuration/configuration.ts'
import { defaultBounds, type Bounds } from '../../schemas/commands/bounds.ts'
import { TONNE } from '../../schemas/values/mass.ts'

export type BoundsConfiguration = Pick<Configuration, 'BOOKS_FROM' | 'OPENING_STOCK_FROM' | 'ACT_MASS_LIMIT_TONNES'>

/** The bounds that a configuration sets; of what it says nothing, the defaults. */
export const boundsFrom = ({
  BOOKS_FROM: booksFrom = defaultBounds.booksFrom,
  OPENING_STOCK_FROM: openingStockFrom = defaultBounds.openingStockFrom,
  ACT_MASS_LIMIT_TONNES: tonnes,
}: Partial<BoundsConfiguration>): Bounds => ({
  booksFrom,
  openingStockFrom,
  actMass: tonnes === undefined ? defaultBounds.actMass : tonnes * TONNE,
})
