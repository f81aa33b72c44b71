import {
  accept,
  refusal,
  refusalsOf,
  refuse,
  type Decider,
  type Decision,
  type Refusal,
} from '../../../schemas/decision.ts'
import { setAsideFor } from '../../../schemas/lot/holdings.ts'
import type { DecidedLot } from '../../../schemas/manifest/shapes.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, freeAt, freeInStock, heldAt, noLot, type Lot } from '../../../schemas/lot/state.ts'
import type { Origin } from '../../../schemas/values/origin.ts'
import { grams, type Grams } from '../../../schemas/values/mass.ts'
import type { MixedInput, TreatedInput, TreatmentEventOf } from '../../../schemas/treatment/events.ts'
import { accountKey, lineOf, type Place } from '../../../schemas/values/place.ts'
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
const shortOf = (taken: number, free: number, day: Day): readonly Refusal[] =>
  taken > free ? refusalsOf(law.ask('MoveLot', { taken, free, pointer: '/grams', day })) : []

const missing = (lot: Lot, from: Place, wanted: number, day: Day): Decision<LotEvent> | undefined => {
  const short = shortOf(wanted, heldAt(lot, from), day)
  return short.length > 0 ? refuse(...short) : undefined
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

/** What is to be kept for a treatment that is being recorded, by place. */
export interface SetAside {
  readonly treatment: string
  readonly parts: readonly { readonly from: Place; readonly grams: Grams }[]
  readonly occurredAt: string
}

/** Keeps mass of a lot for one treatment, so that it goes nowhere else until that is recorded. Asking again for the same changes nothing. */
export const setAsideLot = lotDecider<SetAside>(({ treatment, parts, occurredAt }, lot) => {
  const known = setAsideFor(lot.reserved, treatment)
  if (known.length > 0) {
    const same = (one: { readonly from: Place; readonly grams: number }): boolean =>
      known.some(({ place, grams: mass }) => mass === one.grams && accountKey(place) === accountKey(one.from))
    return known.length === parts.length && parts.every(same) ? accept([]) : refuse(refusal('already-reserved'))
  }
  const short = parts.flatMap(({ from, grams: taken }) => {
    const day = businessDay(occurredAt)
    return shortOf(taken, Math.min(freeAt(lot, from), freeInStock(lot, from, day)), day)
  })
  return short.length > 0
    ? refuse(...short)
    : accept([{ type: 'LotSetAside', occurredAt, data: { treatment, parts: [...parts] } }])
})

/** What was set aside for a treatment that was never recorded is free again; nothing where there is none. */
export const endSetAside = lotDecider<Pick<SetAside, 'treatment' | 'occurredAt'>>(({ treatment, occurredAt }, lot) =>
  accept(
    setAsideFor(lot.reserved, treatment).length > 0
      ? [{ type: 'LotSetAsideEnded', occurredAt, data: { treatment, reason: 'never-recorded' } }]
      : [],
  ),
)

export interface TreatLot {
  /** The treatment's own id, where it has a stream. */
  readonly run: string | undefined
  readonly treatment: string
  readonly method: string
  /** Of this lot, by place. */
  readonly shares: readonly TreatedInput[]
  /** Whose residues are, and where they come to be. */
  readonly origin: Origin
  readonly to: Place
  /** By the residue's lot. */
  readonly wastes: ReadonlyMap<string, Waste>
  readonly occurredAt: string
}

/** This lot's part of one treatment and of what came out of it. */
export const treatLot = lotDecider<TreatLot>(
  ({ run, treatment, method, shares, origin, to, wastes, occurredAt }, lot) => {
    const day = businessDay(occurredAt)
    const short = shares.flatMap(({ from, grams: taken }) => shortOf(taken, heldAt(lot, from), day))
    if (short.length > 0) return refuse(...short)
    const { waste } = lot
    if (!waste) return refuse(refusal('lot-unknown'))
    return accept(
      shares.map(({ from, grams: taken, product, loss, landfilled, residues }) => ({
        type: 'LotTreated',
        occurredAt,
        data: {
          waste,
          from,
          grams: taken,
          method,
          treatment,
          ...(run === undefined ? {} : { run }),
          ...lineOf(from),
          product,
          loss,
          landfilled,
          residues: residues.flatMap((part) => {
            const born = wastes.get(part.lot)
            return born ? [{ lot: part.lot, waste: born, origin, to, grams: part.grams }] : []
          }),
        },
      })),
    )
  },
)

export interface MixLot {
  readonly run: string
  /** What it goes into, and where that lies. */
  readonly into: string
  readonly to: Place
  /** Of this lot, by place. */
  readonly shares: readonly MixedInput[]
  readonly occurredAt: string
}

/** This lot's part of a mixture. */
export const mixLot = lotDecider<MixLot>(({ run, into, to, shares, occurredAt }, lot) => {
  const day = businessDay(occurredAt)
  const short = shares.flatMap(({ from, grams: taken }) => shortOf(taken, heldAt(lot, from), day))
  if (short.length > 0) return refuse(...short)
  return accept(
    shares.map(({ waste, from, grams: taken }) => ({
      type: 'LotMixedInto',
      occurredAt,
      data: { waste, at: from, into, grams: taken, to, run },
    })),
  )
})

/** A mixture is a lot of who mixed it; whose waste it is made of its layers say. */
export const openMixture = lotDecider<TreatmentEventOf<'MixtureRecorded'>>(({ occurredAt, data }, lot) => {
  if (lot.exists) return refuse(refusal('lot-exists'))
  const { waste, origin, to, grams: mass, bornOn, inputs } = data
  const sources = inputs.map((input) => ({ lot: input.lot, grams: input.grams }))
  return accept([
    { type: 'LotDerived', occurredAt, data: { waste, origin, to, grams: mass, kind: 'mix', sources, bornOn } },
  ])
})

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
