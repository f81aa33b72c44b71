import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decisionShares, oldestFirst, pickUpShares, runShares, treatmentShares } from './shares.ts'

const lot = (id: string, bornOn: string, mass: number, batch = `HWCS${bornOn.replaceAll('-', '')}001`) => ({
  lot: id,
  bornOn,
  batch,
  grams: mass,
  shipped: mass,
  open: mass,
})
const OLD = lot('old', '2025-12-01', 300)
const MIDDLE = lot('middle', '2025-12-02', 200)
const YOUNG = lot('young', '2025-12-03', 100)

const lots = fc
  .uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1 }),
      day: fc.constantFrom('2025-12-01', '2025-12-02', '2024-11-30'),
      mass: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { minLength: 1, maxLength: 8, selector: ({ id }) => id },
  )
  .map((drawn) => drawn.map(({ id, day, mass }) => lot(id, day, mass)))
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0)

describe('oldest first', () => {
  test('by generation day, then by batch code', () => {
    const later = lot('a', '2025-12-01', 1, 'HWCS20251201002')
    expect(oldestFirst([YOUNG, later, MIDDLE, OLD])).toEqual([OLD, later, MIDDLE, YOUNG])
  })
})

describe('the consignor’s weighing', () => {
  test('gives the newest package what is too much and takes from the newest what is short', () => {
    const shares = (shipped: number) =>
      pickUpShares([YOUNG, OLD, MIDDLE], shipped)?.map(({ of, grams }) => [of.lot, grams])
    expect(shares(600)).toEqual([
      ['old', 300],
      ['middle', 200],
      ['young', 100],
    ])
    expect(shares(650)).toEqual([
      ['old', 300],
      ['middle', 200],
      ['young', 150],
    ])
    expect(shares(450)).toEqual([
      ['old', 300],
      ['middle', 149],
      ['young', 1],
    ])
    expect(shares(3)).toEqual([
      ['old', 1],
      ['middle', 1],
      ['young', 1],
    ])
    expect(shares(2)).toBeUndefined()
  })
  test('is spread to the gram, whatever it is', () => {
    fc.assert(
      fc.property(lots, fc.integer({ min: 1, max: 10_000_000 }), (drawn, shipped) => {
        const shares = pickUpShares(drawn, shipped)
        if (shipped < drawn.length) return shares === undefined
        return (
          shares !== undefined &&
          shares.every(({ grams }) => grams >= 1) &&
          sum(shares.map(({ grams }) => grams)) === shipped
        )
      }),
    )
  })
})

describe('the receiver’s decision', () => {
  test('what is short is the newest lot’s, what was refused too', () => {
    expect(decisionShares([YOUNG, MIDDLE, OLD], 450, 100)).toEqual([
      { lot: 'old', shipped: 300, accepted: 300, refused: 0, variance: 0 },
      { lot: 'middle', shipped: 200, accepted: 150, refused: 50, variance: 0 },
      { lot: 'young', shipped: 100, accepted: 0, refused: 50, variance: -50 },
    ])
  })
  test('a surplus goes to the newest lot', () =>
    expect(decisionShares([OLD, YOUNG], 420, 0).map(({ accepted, variance }) => [accepted, variance])).toEqual([
      [300, 0],
      [120, 20],
    ]))
  test('a lot of which nothing arrived is told so', () =>
    expect(decisionShares([OLD, YOUNG], 300, 0)[1]).toEqual({
      lot: 'young',
      shipped: 100,
      accepted: 0,
      refused: 0,
      variance: -100,
    }))
  test('accepted + refused - variance is what had been shipped, for every lot and in sum', () => {
    fc.assert(
      fc.property(
        lots,
        fc.integer({ min: 0, max: 9_000_000 }),
        fc.integer({ min: 0, max: 9_000_000 }),
        (drawn, accepted, refused) => {
          const shares = decisionShares(drawn, accepted, refused)
          expect(shares.every((share) => share.accepted + share.refused - share.variance === share.shipped)).toBe(true)
          expect([sum(shares.map((share) => share.accepted)), sum(shares.map((share) => share.refused))]).toEqual([
            accepted,
            refused,
          ])
        },
      ),
    )
  })
})

describe('a treatment', () => {
  test('takes the oldest lots first and fills product, residues, loss and landfill over them in that order', () => {
    const outputs = {
      product: 250,
      residues: [
        { lot: 'ash', grams: 100 },
        { lot: 'slag', grams: 50 },
      ],
      loss: 60,
      landfilled: 0,
    }
    expect(treatmentShares([YOUNG, OLD, MIDDLE], 460, outputs).map(({ share }) => share)).toEqual([
      { lot: 'old', grams: 300, product: 250, loss: 0, landfilled: 0, residues: [{ lot: 'ash', grams: 50 }] },
      {
        lot: 'middle',
        grams: 160,
        product: 0,
        loss: 60,
        landfilled: 0,
        residues: [
          { lot: 'ash', grams: 50 },
          { lot: 'slag', grams: 50 },
        ],
      },
    ])
  })
  test('leaves nothing of a lot between its input and its outputs', () => {
    const parts = fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100))
    fc.assert(
      fc.property(
        lots,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        parts,
        (drawn, share, [product, residue, loss, landfill]) => {
          const treated = Math.max(1, Math.floor(sum(drawn.map(({ open }) => open)) * share))
          const whole = product + residue + loss + landfill || 1
          const cut = (part: number) => Math.floor((treated * part) / whole)
          const outputs = {
            product: cut(product),
            residues: cut(residue) > 0 ? [{ lot: 'r', grams: cut(residue) }] : [],
            loss: cut(loss),
            landfilled: 0,
          }
          const rest = treated - outputs.product - outputs.loss - sum(outputs.residues.map(({ grams }) => grams))
          const shares = treatmentShares(drawn, treated, { ...outputs, landfilled: rest }).map((one) => one.share)
          expect(sum(shares.map(({ grams }) => grams))).toBe(treated)
          for (const one of shares)
            expect(one.product + one.loss + one.landfilled + sum(one.residues.map(({ grams }) => grams))).toBe(
              one.grams,
            )
        },
      ),
    )
  })

  test('of several inputs takes a share of each for every output, and leaves nothing of any', () => {
    const inputs = fc.array(fc.record({ lots, part: fc.double({ min: 0.01, max: 1, noNaN: true }) }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(inputs, fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }), (drawn, parts) => {
        const run = drawn.map(({ lots: open, part }) => ({
          lots: open,
          grams: Math.max(1, Math.floor(sum(open.map((one) => one.open)) * part)),
        }))
        const treated = sum(run.map((input) => input.grams))
        const [product = 0, ash = 0, slag = 0, loss = 0] = parts.map((part) =>
          Math.floor((treated * part) / (sum(parts) + 1)),
        )
        const outputs = {
          product,
          residues: [
            { lot: 'ash', grams: ash },
            { lot: 'slag', grams: slag },
          ],
          loss,
          landfilled: treated - product - ash - slag - loss,
        }
        const shares = runShares(run, outputs)
        expect(shares.map((of) => sum(of.map(({ share }) => share.grams)))).toEqual(run.map((input) => input.grams))
        const all = shares.flat().map(({ share }) => share)
        for (const one of all)
          expect(one.product + one.loss + one.landfilled + sum(one.residues.map(({ grams }) => grams))).toBe(one.grams)
        expect(sum(all.map((one) => one.product))).toBe(product)
        expect(sum(all.map((one) => one.loss))).toBe(loss)
        for (const [name, grams] of [
          ['ash', ash],
          ['slag', slag],
        ] as const)
          expect(
            sum(all.flatMap((one) => one.residues.filter(({ lot }) => lot === name)).map((one) => one.grams)),
          ).toBe(grams)
        // Within a gram an output is the same part of each input.
        for (const [i, of] of shares.entries())
          expect(
            Math.abs(sum(of.map(({ share }) => share.product)) - (product * (run[i]?.grams ?? 0)) / treated),
          ).toBeLessThanOrEqual(shares.length)
      }),
    )
  })
})
