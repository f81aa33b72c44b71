import { z } from 'zod'
import { LANDFILL, LOSS, placed, processOf, PRODUCT } from '../../mass/account.ts'
import { eventOf } from '../../stream/event-row.ts'
import { LotId, ManifestId, TreatmentId } from '../../values/identifiers.ts'
import { Grams, MovedGrams } from '../../values/mass.ts'
import { Origin } from '../../values/origin.ts'
import { Place } from '../../values/place.ts'
import { businessDay } from '../../values/time.ts'
import { plus, type Total } from '../../values/total.ts'
import { UnitCode } from '../../values/unit-code.ts'
import { Waste } from '../../values/waste.ts'
import { take, withoutSetAside } from '../holdings.ts'
import type { Lot } from '../state.ts'
import { joinsOrigin } from './moves.ts'

const event = eventOf<Lot, true>()

/** New waste of the treater out of one treatment (残渣): a lot of its own, derived from the treated ones. */
const ResidueShare = z.strictObject({ lot: LotId, waste: Waste, origin: Origin, to: Place, grams: MovedGrams })

export const treatment = {
  /** Measures a part: treated = product + residues + loss + landfilled (R77). */
  LotTreated: event({
    schema: z.strictObject({
      waste: Waste,
      from: Place,
      grams: MovedGrams,
      method: z.string(),
      treatment: z.string(),
      /** The treatment's own id, where it has a stream: what was set aside for it is used up. */
      run: TreatmentId.optional(),
      manifest: ManifestId.optional(),
      line: z.int().positive().optional(),
      product: Grams,
      loss: Grams,
      landfilled: Grams,
      residues: z.array(ResidueShare),
    }),
    fold: (lot, { data: { from, grams, run } }) => ({
      ...lot,
      held: take(lot.held, from, grams),
      reserved: run === undefined ? lot.reserved : withoutSetAside(lot.reserved, run),
    }),
    mass: ({
      data: { from, grams, waste, method, treatment: run, product, loss, landfilled, residues },
      occurredAt,
    }) => {
      const inside = processOf(from, run)
      // What a producer treats itself comes into the stage of disposal with the treatment, and is never received (HJ 1259-2022 B.4).
      const at = from.at === 'disposal' ? placed(from) : placed({ ...from, at: 'disposal', document: run })
      const out = [product, loss, landfilled, ...residues.map((residue) => residue.grams)].reduce<Total>(plus, 0)
      return [
        { step: 'at-least', at: placed(from), grams, waste },
        ...(from.at === 'disposal' ? [] : [{ step: 'move' as const, from: placed(from), to: at, grams, waste }]),
        { step: 'move', from: at, to: inside, grams, waste, method },
        // R77 makes them equal; if they ever were not, the process would still close.
        { step: 'hold', at: inside, grams: out, waste },
        { step: 'move', from: inside, to: PRODUCT, grams: product, waste, method },
        ...residues.map(({ lot, waste: born, origin, to, grams: share }) => ({
          step: 'move' as const,
          from: inside,
          to: placed(to),
          grams: share,
          waste,
          method,
          into: { lot, born: { waste: born, origin: { ...origin, day: businessDay(occurredAt), derived: true } } },
        })),
        { step: 'move', from: inside, to: LOSS, grams: loss, waste, method },
        { step: 'move', from: inside, to: LANDFILL, grams: landfilled, waste, method },
      ]
    },
    concerns: joinsOrigin,
    public: {
      name: 'treated',
      version: 1,
      facts: z.strictObject({
        waste: Waste,
        from: Place,
        grams: MovedGrams,
        method: z.string(),
        treatment: z.string(),
        run: TreatmentId.optional(),
        manifest: ManifestId.optional(),
        line: z.int().positive().optional(),
        product: Grams,
        loss: Grams,
        landfilled: Grams,
        residues: z.array(
          z.strictObject({
            lot: LotId,
            waste: Waste,
            origin: z.strictObject({ unit: UnitCode, inside: z.boolean() }),
            to: Place,
            grams: MovedGrams,
          }),
        ),
      }),
    },
    zh: '利用或处置：投入 = 产品 + 次生废物 + 损耗 + 填埋',
    en: 'Waste was recycled or disposed of: treated = product + residues + loss + landfilled',
  }),
}
