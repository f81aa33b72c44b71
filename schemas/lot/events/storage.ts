import { z } from 'zod'
import { measured } from '../../mass/steps.ts'
import { eventOf } from '../../stream/event-row.ts'
import { BatchCode } from '../../values/identifiers.ts'
import { SealedPerson } from '../../values/person.ts'
import { moveMeasured } from '../holdings.ts'
import type { Lot } from '../state.ts'
import { joinsBothEnds, publicWeighedMove, weighedMove } from './moves.ts'

const event = eventOf<Lot, true>()

export const storage = {
  /** Measures: 入库量 is read off a scale (HJ 1259-2022 B.2). */
  LotStored: event({
    schema: z.strictObject({ ...weighedMove, batch: BatchCode.optional(), handler: SealedPerson.optional() }),
    fold: (lot, { data }) => {
      const { grams, batch } = data
      const storedIn =
        batch === undefined ? lot.storedIn : { ...lot.storedIn, [batch]: (lot.storedIn[batch] ?? 0) + grams }
      return { ...lot, storedIn, held: moveMeasured(lot.held, data) }
    },
    mass: measured,
    concerns: joinsBothEnds,
    public: {
      name: 'stored',
      version: 1,
      facts: z.strictObject({ ...publicWeighedMove, batch: BatchCode.optional(), handler: SealedPerson.optional() }),
    },
    zh: '称重入库',
    en: 'Waste was weighed into a store (入库)',
  }),

  /** Measures: 出库量 (B.3). From the store to where it is staged for pickup. */
  LotTakenOut: event({
    schema: z.strictObject({
      ...weighedMove,
      batch: BatchCode,
      storeIn: BatchCode.optional(),
      handler: SealedPerson.optional(),
    }),
    fold: (lot, { data }) => ({
      ...lot,
      takenOut: { ...lot.takenOut, [data.batch]: data.to },
      held: moveMeasured(lot.held, data),
    }),
    mass: measured,
    concerns: joinsBothEnds,
    public: {
      name: 'taken-out',
      version: 1,
      facts: z.strictObject({
        ...publicWeighedMove,
        batch: BatchCode,
        storeIn: BatchCode.optional(),
        handler: SealedPerson.optional(),
      }),
    },
    zh: '称重出库，待转移',
    en: 'Waste was weighed out of its store and staged for pickup (出库)',
  }),
}
