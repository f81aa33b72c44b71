import { z } from 'zod'
import { placed } from '../../mass/account.ts'
import { followed, measured } from '../../mass/steps.ts'
import { eventOf } from '../../stream/event-row.ts'
import { Grams, SignedGrams } from '../../values/mass.ts'
import { lineDocument, Place } from '../../values/place.ts'
import { RecordedPlate } from '../../values/plate.ts'
import { plus } from '../../values/total.ts'
import { Waste } from '../../values/waste.ts'
import { moveMeasured, put, shift, take, without } from '../holdings.ts'
import type { Lot } from '../state.ts'
import { joinsBothEnds, move, publicLine, publicMove, publicWeighedMove, underLine, weighedMove } from './moves.ts'

const event = eventOf<Lot, true>()

/** On the road, under the line of a manifest. */
export const transfer = {
  /** Measures: 移出量. Consumes the reservation of that line. `trailer`: of a weighed trip, whose vehicle no manifest names. */
  LotPickedUp: event({
    schema: z.strictObject({ ...weighedMove, ...underLine, trailer: RecordedPlate.optional() }),
    fold: (lot, { data }) => ({
      ...lot,
      reserved: without(lot.reserved, lineDocument(data.manifest, data.line)),
      held: moveMeasured(lot.held, data),
    }),
    mass: measured,
    concerns: joinsBothEnds,
    public: {
      name: 'picked-up',
      version: 1,
      facts: z.strictObject({ ...publicWeighedMove, ...publicLine, trailer: RecordedPlate.optional() }),
    },
    zh: '称重移出，交付承运人',
    en: 'Waste was weighed and handed to a carrier (移出)',
  }),

  /** Follows: from one carrier to the next (令第23号 art 17). */
  LotHandedOver: event({
    schema: z.strictObject({ ...move, ...underLine, leg: z.int().positive() }),
    fold: (lot, { data: { from, to, grams } }) => ({ ...lot, held: shift(lot.held, from, to, grams) }),
    mass: followed,
    concerns: joinsBothEnds,
    public: {
      name: 'handed-over',
      version: 1,
      facts: z.strictObject({ ...publicMove, ...publicLine, leg: z.int().positive() }),
    },
    zh: '承运人之间转交',
    en: 'Waste went from one carrier to the next',
  }),

  /**
   * The receiver's decision for this lot's part of a line. Measures: what arrived is accepted + refused; `variance` is what arrived
   * less what was shipped. Accepted mass moves to the receiver, refused mass stays on the road until it is returned.
   */
  LotAccepted: event({
    schema: z.strictObject({
      waste: Waste,
      from: Place,
      to: Place,
      refusedTo: Place,
      ...underLine,
      accepted: Grams,
      refused: Grams,
      variance: SignedGrams,
    }),
    fold: (lot, { data: { from, to, refusedTo, accepted, refused, variance } }) => {
      const gone = take(lot.held, from, accepted + refused - variance)
      return { ...lot, held: put(put(gone, to, accepted), refusedTo, refused) }
    },
    // Oldest first is accepted; the rest waits with the carrier for its return.
    mass: ({ data: { from, to, refusedTo, accepted, refused, waste } }) => [
      { step: 'hold', at: placed(from), grams: plus(accepted, refused), waste },
      { step: 'move', from: placed(from), to: placed(to), grams: accepted, waste },
      { step: 'move', from: placed(from), to: placed(refusedTo), grams: refused, waste },
    ],
    concerns: { joins: ({ from, to, refusedTo }) => ({ units: [from.holder, to.holder, refusedTo.holder] }) },
    public: {
      name: 'accepted',
      version: 1,
      facts: z.strictObject({
        waste: Waste,
        from: Place,
        to: Place,
        refusedTo: Place,
        ...publicLine,
        accepted: Grams,
        refused: Grams,
        variance: SignedGrams,
      }),
    },
    zh: '接受人确认接受量与拒收量',
    en: 'The receiver decided what it takes and what it refuses (接受)',
  }),

  /** Follows: refused mass comes back to the consignor. */
  LotReturned: event({
    schema: z.strictObject({ ...move, ...underLine }),
    fold: (lot, { data: { from, to, grams } }) => ({ ...lot, held: shift(lot.held, from, to, grams) }),
    mass: followed,
    concerns: joinsBothEnds,
    public: { name: 'returned', version: 1, facts: z.strictObject({ ...publicMove, ...publicLine }) },
    zh: '拒收废物退回移出人',
    en: 'Refused waste came back to its consignor (退运)',
  }),
}
