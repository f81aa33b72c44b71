import { z } from 'zod'
import { placed } from '../../mass/account.ts'
import { eventOf } from '../../stream/event-row.ts'
import { LotId, TreatmentId } from '../../values/identifiers.ts'
import { Grams, MovedGrams } from '../../values/mass.ts'
import { Place } from '../../values/place.ts'
import { Waste } from '../../values/waste.ts'
import { gramsAt, put, take, withoutSetAside } from '../holdings.ts'
import type { Lot } from '../state.ts'
import { joinsHolder } from './moves.ts'

const event = eventOf<Lot, true>()

/** What happens to a lot where it lies. */
export const parts = {
  /** A part becomes a lot of its own in the same place. */
  LotSplit: event({
    /** `as`: what the part is, where it was sorted out as something else. */
    schema: z.strictObject({ waste: Waste, at: Place, child: LotId, grams: MovedGrams, as: Waste.optional() }),
    fold: (lot, { data: { at, grams } }) => ({ ...lot, held: take(lot.held, at, grams) }),
    mass: ({ data: { at, child, grams, waste } }) => [
      { step: 'at-least', at: placed(at), grams, waste },
      { step: 'move', from: placed(at), to: placed(at), grams, waste, into: { lot: child } },
    ],
    concerns: joinsHolder,
    public: {
      name: 'split',
      version: 1,
      facts: z.strictObject({ waste: Waste, at: Place, child: LotId, grams: MovedGrams, as: Waste.optional() }),
    },
    zh: '拆分出新批次',
    en: 'A part became a lot of its own in the same place',
  }),

  /** Physically mixed into another lot in the same place; the mix takes a share of each source's layers. */
  LotMixedInto: event({
    schema: z.strictObject({
      waste: Waste,
      at: Place,
      into: LotId,
      grams: MovedGrams,
      /** Where the mix lies, where that is another account of the same place: what was received lies there under no line any more. */
      to: Place.optional(),
      /** The mixture's own id: what was set aside for it is used up. */
      run: TreatmentId.optional(),
    }),
    fold: (lot, { data: { at, grams, run } }) => ({
      ...lot,
      held: take(lot.held, at, grams),
      reserved: run === undefined ? lot.reserved : withoutSetAside(lot.reserved, run),
    }),
    mass: ({ data: { at, into, grams, waste, to = at } }) => [
      { step: 'at-least', at: placed(at), grams, waste },
      { step: 'move', from: placed(at), to: placed(to), grams, waste, into: { lot: into } },
      { step: 'mix', lot: into },
    ],
    concerns: joinsHolder,
    public: {
      name: 'mixed-into',
      version: 1,
      facts: z.strictObject({
        waste: Waste,
        at: Place,
        into: LotId,
        grams: MovedGrams,
        to: Place.optional(),
        run: TreatmentId.optional(),
      }),
    },
    zh: '混入另一批次',
    en: 'Waste was mixed into another lot in the same place',
  }),

  /** 盘点: what was counted against what the books said. */
  LotStockTaken: event({
    schema: z.strictObject({
      waste: Waste,
      at: Place,
      counted: Grams,
      booked: Grams,
      reason: z.string().min(1).max(500),
    }),
    fold: (lot, { data: { at, counted } }) => ({
      ...lot,
      held: put(take(lot.held, at, gramsAt(lot.held, at)), at, counted),
    }),
    mass: ({ data: { at, counted, waste } }) => [{ step: 'hold', at: placed(at), grams: counted, waste }],
    concerns: joinsHolder,
    public: {
      name: 'stock-taken',
      version: 2,
      facts: z.strictObject({
        waste: Waste,
        at: Place,
        counted: Grams,
        booked: Grams,
        note: z.string().min(1).max(500),
      }),
      names: { reason: 'note' },
    },
    zh: '盘点，账随实',
    en: 'Waste was counted, and the books follow the count (盘点)',
  }),
}
