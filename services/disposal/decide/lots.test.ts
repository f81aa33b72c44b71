import { describe, expect, test } from 'vitest'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot } from '../../../schemas/lot/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { Place } from '../../../schemas/values/place.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  lotOf,
  MANIFEST,
  OLD,
  PLATE,
  RECEIVER,
  staged,
} from '../../../test/support/transfers.ts'
import { acceptLot, openResidue, returnLot, treatLot } from './lots.ts'

const waste = { stream: 'hazardous', code: '900-404-06' } as const
const document = `${MANIFEST}#1`
const road: Place = { at: 'transport', holder: CARRIER, place: PLATE, document }
const refusedTo: Place = { ...road, at: 'refused' }
const received: Place = { at: 'disposal', holder: RECEIVER, place: 'received', document }
const line = { manifest: MANIFEST, line: 1, occurredAt: at(13) }
const loaded: LotEvent = {
  type: 'LotPickedUp',
  occurredAt: at(9),
  data: { waste, from: staged(OLD), to: road, grams: grams(300_000), whole: true, manifest: MANIFEST, line: 1 },
}
const share = (accepted: number, refused: number) => ({
  lot: OLD.lot,
  shipped: grams(300_000),
  accepted: grams(accepted),
  refused: grams(refused),
  variance: accepted + refused - 300_000,
})
const decided = (accepted: number, refused: number) =>
  acceptLot.decide(
    { ...line, share: share(accepted, refused), from: road, to: received, refusedTo },
    lotOf(OLD, loaded),
    undefined,
  )

/** Where the lot lies after a decision about it. */
const after = (decision: ReturnType<typeof decided>, ...before: readonly LotEvent[]) => {
  if (!decision.accepted) throw new Error(JSON.stringify(decision.refusals))
  return decision.events.reduce(evolveLot, lotOf(OLD, ...before))
}

describe('a lot that was decided', () => {
  test('lies with the receiver as far as it was accepted, on the vehicle as far as it was refused', () => {
    const lot = after(decided(180_000, 100_000), loaded)
    expect(Object.values(lot.held)).toEqual([
      { place: received, grams: 180_000 },
      { place: refusedTo, grams: 100_000 },
    ])
  })
  test('of which nothing arrived lies nowhere any more', () => expect(after(decided(0, 0), loaded).held).toEqual({}))
  test('R28: must be on the road', () => {
    expect(
      acceptLot.decide({ ...line, share: share(1, 0), from: road, to: received, refusedTo }, lotOf(OLD), undefined),
    ).toMatchObject({
      refusals: [{ rule: 'R28', facts: { taken: 300_000, balance: 0 } }],
    })
  })
})

describe('a refused lot', () => {
  const refused = decided(0, 300_000)
  const to: Place = { at: 'collection', holder: CONSIGNOR, place: 'TS001' }
  test('comes back to a store, no more of it than was refused', () => {
    const lot = after(refused, loaded)
    expect(returnLot.decide({ ...line, from: refusedTo, to, grams: grams(300_000) }, lot, undefined)).toMatchObject({
      events: [{ type: 'LotReturned', data: { from: refusedTo, to } }],
    })
    expect(returnLot.decide({ ...line, from: refusedTo, to, grams: grams(300_001) }, lot, undefined)).toMatchObject({
      refusals: [{ rule: 'R28' }],
    })
  })
})

describe('a treated lot', () => {
  const origin = { unit: RECEIVER, inside: true }
  const at_: Place = { at: 'generation', holder: RECEIVER, place: 'TS001' }
  const slag = { stream: 'hazardous', code: '900-407-06' } as const
  test('gives its mass to product, loss and the residues’ new lots', () => {
    const lot = after(decided(300_000, 0), loaded)
    const part = {
      lot: OLD.lot,
      grams: grams(250_000),
      product: grams(200_000),
      loss: grams(10_000),
      landfilled: grams(0),
      residues: [{ lot: 'slag', grams: grams(40_000) }],
    }
    const decision = treatLot.decide(
      {
        run: undefined,
        shares: [{ ...part, waste: lot.waste ?? slag, from: received }],
        method: 'R2',
        treatment: 'LC1',
        origin,
        to: at_,
        wastes: new Map([['slag', slag]]),
        occurredAt: at(14),
      },
      lot,
      undefined,
    )
    expect(decision).toMatchObject({
      events: [
        {
          type: 'LotTreated',
          data: {
            from: received,
            grams: 250_000,
            product: 200_000,
            residues: [{ lot: 'slag', waste: slag, origin, to: at_, grams: 40_000 }],
          },
        },
      ],
    })
  })
  test('opens a residue as new, classified waste of the treater, once', () => {
    const command = {
      waste: slag,
      origin,
      at: at_,
      grams: grams(40_000),
      sources: [{ lot: OLD.lot, grams: grams(40_000) }],
      treatment: 'LC1',
      category: 'HW06',
      hazards: ['T'] as const,
      occurredAt: at(14),
    }
    const decision = openResidue.decide(command, noLot, undefined)
    const residue = decision.accepted ? decision.events.reduce(evolveLot, noLot) : noLot
    expect(residue).toMatchObject({ exists: true, classified: true, bornOn: '2025-12-06', origin, waste: slag })
    expect(Object.values(residue.held)).toEqual([{ place: { ...at_, at: 'classification' }, grams: 40_000 }])
    expect(openResidue.decide(command, residue, undefined)).toMatchObject({ refusals: [{ code: 'lot-exists' }] })
  })
})
