import type { Day } from '../values/time.ts'
import { grams, type Grams } from '../values/mass.ts'
import { proportion } from '../values/proportion.ts'
import type { DecidedLot, TreatedLot } from './shapes.ts'

interface Aged {
  readonly lot: string
  readonly bornOn: Day
  readonly batch?: string | undefined
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** First in, first out: by generation day, then batch code; the lot's id settles what is left, so that the order is total. */
export const oldestFirst = <L extends Aged>(lots: readonly L[]): readonly L[] =>
  lots.toSorted((a, b) => order(a.bornOn, b.bornOn) || order(a.batch ?? '', b.batch ?? '') || order(a.lot, b.lot))

/**
 * The consignor's weighing spread over the lots of a line. Packages leave whole, so a surplus goes to the newest lot and a
 * shortage is taken from the newest ones. Every lot keeps at least a gram, because something of it was loaded; where the
 * weighing is too small for that there are no shares.
 */
export function pickUpShares<L extends Aged & { readonly grams: number }>(
  lots: readonly L[],
  shipped: number,
): readonly { readonly of: L; readonly grams: Grams }[] | undefined {
  if (shipped < lots.length) return undefined
  let difference = shipped - lots.reduce((sum, lot) => sum + lot.grams, 0)
  const newestFirst = oldestFirst(lots).toReversed()
  const shares = newestFirst.map((of) => {
    const share = Math.max(1, of.grams + difference)
    difference -= share - of.grams
    return { of, grams: grams(share) }
  })
  return shares.toReversed()
}

/** Takes up to `wanted` from each of `amounts` in turn; the rest that nobody had is the second result. */
function fill(
  amounts: readonly number[],
  wanted: number,
): { readonly taken: readonly number[]; readonly rest: number } {
  let rest = wanted
  const taken = amounts.map((amount) => {
    const share = Math.min(amount, rest)
    rest -= share
    return share
  })
  return { taken, rest }
}

/**
 * The receiver's decision spread over the lots of a line, oldest first: what arrived fills the oldest lots up to what was
 * shipped of them and the newest takes a surplus; what was accepted fills what arrived in the same order, the rest was refused.
 */
export function decisionShares(
  lots: readonly (Aged & { readonly shipped: number })[],
  accepted: number,
  refused: number,
): readonly DecidedLot[] {
  const sorted = oldestFirst(lots)
  const { taken, rest: surplus } = fill(
    sorted.map(({ shipped }) => shipped),
    accepted + refused,
  )
  const arrived = taken.map((share, i) => (i === taken.length - 1 ? share + surplus : share))
  const { taken: kept } = fill(arrived, accepted)
  return sorted.map(({ lot, shipped }, i) => {
    const here = arrived[i] ?? 0
    const mine = kept[i] ?? 0
    return {
      lot,
      shipped: grams(shipped),
      accepted: grams(mine),
      refused: grams(here - mine),
      variance: here - shipped,
    }
  })
}

export interface TreatmentOutputs {
  readonly product: number
  readonly residues: readonly { readonly lot: string; readonly grams: number }[]
  readonly loss: number
  readonly landfilled: number
}

/**
 * One treatment spread over what it took: of several inputs each output takes a share of every input, because they were treated together;
 * within an input as `treatmentShares` says. The outputs must add up to the inputs (R77), and no input may be more than what is open; the
 * decider sees to both.
 */
export function runShares<L extends Aged & { readonly open: number }>(
  inputs: readonly { readonly lots: readonly L[]; readonly grams: number }[],
  { product, residues, loss, landfilled }: TreatmentOutputs,
): readonly (readonly TreatedShare<L>[])[] {
  let left = [product, loss, landfilled, ...residues.map((residue) => residue.grams)]
  return inputs.map(({ lots, grams: treated }) => {
    const own = proportion(left, treated)
    left = left.map((output, i) => output - (own[i] ?? 0))
    const [ownProduct = 0, ownLoss = 0, ownLandfill = 0, ...parts] = own
    return treatmentShares(lots, treated, {
      product: ownProduct,
      residues: residues.map(({ lot }, i) => ({ lot, grams: parts[i] ?? 0 })),
      loss: ownLoss,
      landfilled: ownLandfill,
    })
  })
}

export interface TreatedShare<L> {
  readonly of: L
  readonly share: TreatedLot
}

/**
 * One treatment spread over the lots of an input: the lots oldest first up to what is still untreated of each, the outputs over them in the
 * order product, residues, loss, landfill.
 */
export function treatmentShares<L extends Aged & { readonly open: number }>(
  lots: readonly L[],
  treated: number,
  outputs: TreatmentOutputs,
): readonly TreatedShare<L>[] {
  const sorted = oldestFirst(lots)
  const inputs = fill(
    sorted.map(({ open }) => open),
    treated,
  ).taken
  let room: readonly number[] = inputs
  const spread = (wanted: number): readonly number[] => {
    const { taken } = fill(room, wanted)
    room = room.map((left, i) => left - (taken[i] ?? 0))
    return taken
  }
  const product = spread(outputs.product)
  const residues = outputs.residues.map((residue) => ({ lot: residue.lot, shares: spread(residue.grams) }))
  const loss = spread(outputs.loss)
  const landfilled = spread(outputs.landfilled)
  return sorted.flatMap((of, i) => {
    const input = inputs[i] ?? 0
    if (input === 0) return []
    const own = residues.flatMap((residue) => {
      const share = residue.shares[i] ?? 0
      return share > 0 ? [{ lot: residue.lot, grams: grams(share) }] : []
    })
    const share = {
      lot: of.lot,
      grams: grams(input),
      product: grams(product[i] ?? 0),
      loss: grams(loss[i] ?? 0),
      landfilled: grams(landfilled[i] ?? 0),
      residues: own,
    }
    return [{ of, share }]
  })
}
