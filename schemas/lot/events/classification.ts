import { z } from 'zod'
import { followed } from '../../mass/steps.ts'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { LabelCode } from '../../values/identifiers.ts'
import { Hazard, PhysicalForm } from '../../values/waste.ts'
import { shift } from '../holdings.ts'
import type { Lot } from '../state.ts'
import { move, publicMove } from './moves.ts'

const event = eventOf<Lot, true>()

export const classification = {
  /** Follows: takes what was generated. */
  LotClassified: event({
    schema: z.strictObject({
      ...move,
      category: z.string().optional(),
      hazards: z.array(Hazard).optional(),
      form: PhysicalForm.optional(),
      report: z.string().optional(),
    }),
    fold: (lot, { data: { waste, from, to, grams, hazards, form } }) => ({
      ...lot,
      waste,
      classified: true,
      hazards: hazards ?? lot.hazards,
      form: form ?? lot.form,
      held: shift(lot.held, from, to, grams),
    }),
    mass: followed,
    concerns: { joins: ({ waste, from, to }) => ({ units: [from.holder, to.holder], streams: [waste.stream] }) },
    public: {
      name: 'classified',
      version: 1,
      facts: z.strictObject({
        ...publicMove,
        category: z.string().optional(),
        hazards: z.array(Hazard).optional(),
        form: PhysicalForm.optional(),
        report: z.string().optional(),
      }),
    },
    zh: '判定废物类别',
    en: 'What the waste is was decided',
  }),

  LotLabelled: event({
    schema: z.strictObject({ label: LabelCode }),
    fold: (lot, { data: { label } }) => ({ ...lot, label }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: { name: 'labelled', version: 1, facts: z.strictObject({ label: LabelCode }) },
    zh: '粘贴标签',
    en: 'A label was put on the package',
  }),
}
