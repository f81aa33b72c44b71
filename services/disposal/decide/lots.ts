import { accept, refusal, refusalsOf, refuse, type Decider, type Decision } from '../../../schemas/decision.ts'
import type { DecidedLot, TreatedLot } from '../../../schemas/manifest/shapes.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, heldAt, noLot, type Lot } from '../../../schemas/lot/state.ts'
import type { Origin } from '../../../schemas/values/origin.ts'
import { grams, type Grams } from '../../../schemas/values/mass.ts'
import type { Place } from '../../../schemas/values/place.ts'
import type { Hazard, Waste } from '../../../schemas/values/waste.ts'
import type { z } from 'zod'
import { law } from '../../../schemas/rules/law.ts'
import { businessDay, type Day } from '../../../schemas/values/time.ts'

/**
 * What a receiver's decision does to the lots. Only the system sends these commands, as what follows from a manifest's event: who may
 * do what was decided there, and here only the grams are guarded.
 */
interface UnderLine {
  readonly manifest: string
  readonly line: number
  readonly occurredAt: string
}

type LotDecider<C> = Decider<Lot, C, LotEvent, undefined>

const lotDecider = <C>(decide: (command: C, lot: Lot) => Decision<LotEvent>): LotDecider<C> => ({
  initial: noLot,
  evolve: evolveLot,
  decide,
})

const withWaste = ({ waste }: Lot, event: (waste: Waste) => LotEvent): Decision<LotEvent> =>
  waste ? accept([event(waste)]) : refuse(refusal('lot-unknown'))

/** R28 for what lies with a carrier or a receiver. */
const missing = (lot: Lot, from: Place, wanted: number, day: Day): Decision<LotEvent> | undefined => {
  const balance = heldAt(lot, from)
  return wanted > balance
    ? refuse(...refusalsOf(law.ask('MoveLot', { taken: wanted, free: balance, pointer: '/grams', day })))
    : undefined
}

export interface AcceptLot extends UnderLine {
  readonly share: DecidedLot
  readonly from: Place
  readonly to: Place
  readonly refusedTo: Place
}

/** This lot's part of the decision: accepted mass moves to the receiver, refused mass stays with the carrier, `variance` is between the scales. */
export const acceptLot = lotDecider<AcceptLot>(
  ({ manifest, line, share: { shipped, accepted, refused, variance }, from, to, refusedTo, occurredAt }, lot) => {
    const short = missing(lot, from, shipped, businessDay(occurredAt))
    return (
      short ??
      withWaste(lot, (waste) => ({
        type: 'LotAccepted',
        occurredAt,
        data: {
          waste,
          from,
          to,
          refusedTo,
          manifest,
          line,
          accepted: grams(accepted),
          refused: grams(refused),
          variance,
        },
      }))
    )
  },
)

export interface ReturnLot extends UnderLine {
  readonly from: Place
  readonly to: Place
  readonly grams: Grams
}

/** Refused mass is back in the consignor's store. */
export const returnLot = lotDecider<ReturnLot>(({ manifest, line, from, to, grams: mass, occurredAt }, lot) => {
  const short = missing(lot, from, mass, businessDay(occurredAt))
  return (
    short ??
    withWaste(lot, (waste) => ({
      type: 'LotReturned',
      occurredAt,
      data: { waste, from, to, grams: mass, manifest, line },
    }))
  )
})

/** What every residue of one treatment is: whose, and where it comes to be. */
export interface ResidueOf {
  readonly origin: Origin
  readonly to: Place
  /** By the residue's lot. */
  readonly wastes: ReadonlyMap<string, Waste>
}

export interface TreatLot extends UnderLine {
  readonly share: TreatedLot
  readonly from: Place
  readonly method: string
  readonly treatment: string
  readonly residues: ResidueOf
}

/** This lot's part of one treatment and of what came out of it. */
export const treatLot = lotDecider<TreatLot>(
  ({ manifest, line, share, from, method, treatment, residues: { origin, to, wastes }, occurredAt }, lot) => {
    const short = missing(lot, from, share.grams, businessDay(occurredAt))
    if (short) return short
    const residues = share.residues.flatMap((part) => {
      const waste = wastes.get(part.lot)
      return waste ? [{ lot: part.lot, waste, origin, to, grams: grams(part.grams) }] : []
    })
    const { product, loss, landfilled } = share
    return withWaste(lot, (waste) => ({
      type: 'LotTreated',
      occurredAt,
      data: {
        waste,
        from,
        grams: grams(share.grams),
        method,
        treatment,
        manifest,
        line,
        product: grams(product),
        loss: grams(loss),
        landfilled: grams(landfilled),
        residues,
      },
    }))
  },
)

export interface OpenResidue {
  readonly waste: Waste
  readonly origin: Origin
  readonly at: Place
  readonly grams: Grams
  readonly sources: readonly { readonly lot: string; readonly grams: Grams }[]
  readonly treatment: string
  readonly category: string | undefined
  readonly hazards: readonly z.infer<typeof Hazard>[] | undefined
  readonly occurredAt: string
}

/** 残渣 is new waste of the treater, born on the day of the treatment, and classified by the code it was recorded under. */
export const openResidue = lotDecider<OpenResidue>(
  ({ waste, origin, at, grams: mass, sources, treatment, category, hazards, occurredAt }, lot) => {
    if (lot.exists) return refuse(refusal('lot-exists'))
    const classified: Place = { ...at, at: 'classification' }
    const named = {
      ...(category === undefined ? {} : { category }),
      ...(hazards === undefined ? {} : { hazards: [...hazards] }),
    }
    return accept([
      {
        type: 'LotDerived',
        occurredAt,
        data: {
          waste,
          origin,
          to: at,
          grams: mass,
          kind: 'residue',
          sources: [...sources],
          treatment,
          bornOn: businessDay(occurredAt),
        },
      },
      { type: 'LotClassified', occurredAt, data: { waste, from: at, to: classified, grams: mass, ...named } },
    ])
  },
)
