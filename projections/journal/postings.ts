import type { LotEvent, LotEventOf, LotEventType } from '../../schemas/lot/events.ts'
import { businessDay, type Day } from '../../schemas/values/time.ts'
import type { Waste } from '../../schemas/values/waste.ts'
import { plus, type Total } from '../../schemas/values/total.ts'
import { LANDFILL, LOSS, placed, processOf, PRODUCT, type Account } from './account.ts'

/** Whose waste, of which day, and whether it came out of a treatment. */
export interface Origin {
  readonly unit: string
  readonly inside: boolean
  readonly day: Day
  readonly derived: boolean
}

/**
 * What an event does to mass, in the order in which it does it. The steps ask nothing of what is there; the fold makes entries of them and
 * is total: `follow` takes what there is, and what `hold` or `atLeast` find missing comes from variance.
 */
export type Step =
  /** New mass. */
  | {
      readonly step: 'bring'
      readonly to: Account
      readonly grams: number
      readonly waste: Waste
      readonly origin: Origin
    }
  /** A scale read all that is there: the account holds exactly this, the difference is variance. */
  | { readonly step: 'hold'; readonly at: Account; readonly grams: Total; readonly waste: Waste }
  /** A scale read a part: the account holds no less than this. */
  | { readonly step: 'at-least'; readonly at: Account; readonly grams: number; readonly waste: Waste }
  /** What was read moves, oldest first. Into another lot, or as new waste, where those are named. */
  | {
      readonly step: 'move'
      readonly from: Account
      readonly to: Account
      readonly grams: number
      readonly waste: Waste
      readonly into?: Into
      readonly method?: string
    }
  /** As much of this as there is moves. */
  | {
      readonly step: 'follow'
      readonly from: Account
      readonly to: Account
      readonly grams: number
      readonly waste: Waste
    }
  /** The lot (this one, where none is named) is a physical mixture: whatever leaves it is a share of each of its layers. */
  | { readonly step: 'mix'; readonly lot?: string }
  /** The lot is known as this waste from now on. */
  | { readonly step: 'name'; readonly at: Account; readonly waste: Waste }

export interface Into {
  readonly lot: string
  /** New waste with an origin of its own; without it the layers keep theirs. */
  readonly born?: { readonly waste: Waste; readonly origin: Origin }
}

export interface Posting {
  readonly day: Day
  readonly steps: readonly Step[]
}

type Row<T extends LotEventType> = (event: LotEventOf<T>) => readonly Step[]

interface Measured {
  readonly from: Parameters<typeof placed>[0]
  readonly to: Parameters<typeof placed>[0]
  readonly grams: number
  readonly waste: Waste
  readonly whole: boolean
}

/** Someone read a scale: of a whole package nothing stays behind, of a part just the part goes. */
const measured = ({ data: { from, to, grams, waste, whole } }: { readonly data: Measured }): readonly Step[] => [
  { step: whole ? 'hold' : 'at-least', at: placed(from), grams, waste },
  { step: 'move', from: placed(from), to: placed(to), grams, waste },
]
const followed = ({
  data: { from, to, grams, waste },
}: {
  readonly data: Omit<Measured, 'whole'>
}): readonly Step[] => [{ step: 'follow', from: placed(from), to: placed(to), grams, waste }]
const nothing = (): readonly Step[] => []

/** Every type of event has its row: a new type does not compile until someone has said what it does to mass. */
const rows: { readonly [T in LotEventType]: Row<T> } = {
  LotOpened: ({ data: { to, grams, waste, origin, bornOn } }) => [
    { step: 'bring', to: placed(to), grams, waste, origin: { ...origin, day: bornOn, derived: false } },
  ],
  LotGenerated: ({ data: { to, grams, waste, origin }, occurredAt }) => [
    {
      step: 'bring',
      to: placed(to),
      grams,
      waste,
      origin: { ...origin, day: businessDay(occurredAt), derived: false },
    },
  ],
  // Its mass was posted by the events of its sources; what it says is what the lot is.
  LotDerived: ({ data: { kind, to, waste } }) => [
    { step: 'name', at: placed(to), waste },
    ...(kind === 'mix' ? [{ step: 'mix' } as const] : []),
  ],
  LotClassified: followed,
  LotLabelled: nothing,
  LotStored: measured,
  LotTakenOut: measured,
  LotReserved: nothing,
  LotReservationReleased: nothing,
  LotPickedUp: measured,
  LotHandedOver: followed,
  // What arrived is accepted + refused. Oldest first is accepted; the rest waits with the carrier for its return.
  LotAccepted: ({ data: { from, to, refusedTo, accepted, refused, waste } }) => [
    { step: 'hold', at: placed(from), grams: plus(accepted, refused), waste },
    { step: 'move', from: placed(from), to: placed(to), grams: accepted, waste },
    { step: 'move', from: placed(from), to: placed(refusedTo), grams: refused, waste },
  ],
  LotReturned: followed,
  LotTreated: ({
    data: { from, grams, waste, method, treatment, product, loss, landfilled, residues },
    occurredAt,
  }) => {
    const inside = processOf(from, treatment)
    const out = [product, loss, landfilled, ...residues.map((residue) => residue.grams)].reduce<Total>(plus, 0)
    return [
      { step: 'at-least', at: placed(from), grams, waste },
      { step: 'move', from: placed(from), to: inside, grams, waste, method },
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
  LotSplit: ({ data: { at, child, grams, waste } }) => [
    { step: 'at-least', at: placed(at), grams, waste },
    { step: 'move', from: placed(at), to: placed(at), grams, waste, into: { lot: child } },
  ],
  LotMixedInto: ({ data: { at, into, grams, waste } }) => [
    { step: 'at-least', at: placed(at), grams, waste },
    { step: 'move', from: placed(at), to: placed(at), grams, waste, into: { lot: into } },
    { step: 'mix', lot: into },
  ],
  // Posts the difference of two foldings, which needs the lot's history: correct.ts.
  LotCorrected: nothing,
  LotStockTaken: ({ data: { at, counted, waste } }) => [{ step: 'hold', at: placed(at), grams: counted, waste }],
}

/** What this event does to mass, and on which business day. A lot of an earlier year is posted on its old day. */
export function postingOf<T extends LotEventType>(event: LotEventOf<T>): Posting {
  const lotEvent = event as LotEvent
  return {
    day: lotEvent.type === 'LotOpened' ? lotEvent.data.bornOn : businessDay(event.occurredAt),
    steps: rows[event.type](event),
  }
}
