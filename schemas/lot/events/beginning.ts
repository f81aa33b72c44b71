import { z } from 'zod'
import { placed } from '../../mass/account.ts'
import { eventOf } from '../../stream/event-row.ts'
import { BatchCode, LotId } from '../../values/identifiers.ts'
import { Grams, MovedGrams } from '../../values/mass.ts'
import { Origin } from '../../values/origin.ts'
import { SealedPerson } from '../../values/person.ts'
import { Place } from '../../values/place.ts'
import { businessDay, Day } from '../../values/time.ts'
import { UnitCode } from '../../values/unit-code.ts'
import { Waste } from '../../values/waste.ts'
import { put } from '../holdings.ts'
import type { Lot } from '../state.ts'

const event = eventOf<Lot, true>()

const opening = { waste: Waste, origin: Origin, to: Place }
const publicOpening = { waste: Waste, origin: z.strictObject({ unit: UnitCode, inside: z.boolean() }), to: Place }
const beginsLot = {
  begins: ({ waste, origin, to }: z.infer<z.ZodObject<typeof opening>>) => ({
    units: [origin.unit, to.holder],
    streams: [waste.stream],
  }),
}

/** How a lot comes to be. */
export const beginning = {
  /** 往年贮存: a lot of an earlier year that lay in store when the books began; posted on its old day. */
  LotOpened: event({
    schema: z.strictObject({
      ...opening,
      grams: MovedGrams,
      bornOn: Day,
      batch: BatchCode,
      storeIn: BatchCode.optional(),
      name: z.string().optional(),
    }),
    fold: (lot, { data: { waste, origin, bornOn, batch, storeIn, name, to, grams } }) => ({
      ...lot,
      exists: true,
      classified: true,
      waste,
      origin,
      bornOn,
      batch,
      name,
      storedIn: storeIn === undefined ? lot.storedIn : { ...lot.storedIn, [storeIn]: grams },
      held: put(lot.held, to, grams),
    }),
    mass: ({ data: { to, grams, waste, origin, bornOn } }) => [
      { step: 'bring', to: placed(to), grams, waste, origin: { ...origin, day: bornOn, derived: false } },
    ],
    day: ({ bornOn }) => bornOn,
    concerns: beginsLot,
    public: {
      name: 'opened',
      version: 1,
      facts: z.strictObject({
        ...publicOpening,
        grams: MovedGrams,
        bornOn: Day,
        batch: BatchCode,
        storeIn: BatchCode.optional(),
        name: z.string().optional(),
      }),
    },
    zh: '建账时的往年贮存',
    en: 'A lot of an earlier year lay in store when the books began',
  }),

  LotGenerated: event({
    schema: z.strictObject({
      ...opening,
      grams: MovedGrams,
      /** True for a pool, which many records fill; a lot of packages is generated once. */
      pool: z.boolean(),
      batch: BatchCode.optional(),
      name: z.string().optional(),
      packaging: z.string().optional(),
      packageCount: z.int().positive().optional(),
      handler: SealedPerson.optional(),
      /** Wet and dry: moisture in hundredths of a per cent, and the dry mass (Code art 304). */
      moisture: z.int().min(0).max(10_000).optional(),
      dryGrams: Grams.optional(),
    }),
    fold: (lot, { occurredAt, data: { waste, origin, pool, batch, name, to, grams } }) => ({
      ...lot,
      exists: true,
      waste,
      origin,
      pool,
      bornOn: lot.exists ? lot.bornOn : businessDay(occurredAt),
      batch: pool ? undefined : batch,
      name: name ?? lot.name,
      held: put(lot.held, to, grams),
    }),
    mass: ({ data: { to, grams, waste, origin }, occurredAt }) => [
      {
        step: 'bring',
        to: placed(to),
        grams,
        waste,
        origin: { ...origin, day: businessDay(occurredAt), derived: false },
      },
    ],
    concerns: beginsLot,
    public: {
      name: 'generated',
      version: 1,
      facts: z.strictObject({
        ...publicOpening,
        grams: MovedGrams,
        pool: z.boolean(),
        batch: BatchCode.optional(),
        name: z.string().optional(),
        packaging: z.string().optional(),
        packageCount: z.int().positive().optional(),
        handler: SealedPerson.optional(),
        moisture: z.int().min(0).max(10_000).optional(),
        dryGrams: Grams.optional(),
      }),
    },
    zh: '产生废物',
    en: 'Waste came to be',
  }),

  /** A lot that came out of others: of a treatment, a split or a mix. Its mass was posted by the events of its sources. */
  LotDerived: event({
    schema: z.strictObject({
      ...opening,
      grams: MovedGrams,
      kind: z.enum(['residue', 'split', 'mix']),
      sources: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
      treatment: z.string().optional(),
      /** Day of the oldest mass in it; its own day for a residue, which is new waste (regulations 9.2, 7). */
      bornOn: Day,
    }),
    fold: (lot, { data: { waste, origin, to, grams, bornOn } }) => ({
      ...lot,
      exists: true,
      waste,
      origin,
      bornOn,
      classified: to.at !== 'generation',
      held: put(lot.held, to, grams),
    }),
    // What it says is what the lot is.
    mass: ({ data: { kind, to, waste } }) => [
      { step: 'name', at: placed(to), waste },
      ...(kind === 'mix' ? [{ step: 'mix' } as const] : []),
    ],
    concerns: beginsLot,
    public: {
      name: 'derived',
      version: 1,
      facts: z.strictObject({
        ...publicOpening,
        grams: MovedGrams,
        kind: z.enum(['residue', 'split', 'mix']),
        sources: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
        treatment: z.string().optional(),
        bornOn: Day,
      }),
    },
    zh: '由处理、拆分或混合形成批次',
    en: 'A lot came out of others by treatment, splitting or mixing',
  }),
}
