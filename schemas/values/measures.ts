import { z } from 'zod'

/**
 * What a field measures, and with that which bound of the park holds for it (schemas/commands/bounds.ts):
 *
 * - `act-mass`: grams that one act brings about or moves
 * - `held-mass`: grams that a year, a store or a count may hold, which many acts bring together
 * - `moment`: when an act happened
 * - `opening-day`: when waste of an earlier year was generated
 * - `paper-day`: from or until when a licence, a permit or a contract holds
 */
export type Measure = 'act-mass' | 'held-mass' | 'moment' | 'opening-day' | 'paper-day'

/** Schemas of measured values. A field made of one of them is bounded by that, wherever it stands in a command. */
export const measures = z.registry<{ readonly measure: Measure }>()
