import type { LineLotRequest, ManifestLineRequest } from '../../../schemas/commands/transport.ts'
import { refusal, type Refusal } from '../../../schemas/decision.ts'
import { lotParties } from '../../../schemas/lot/actions.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { freeAt, type Lot } from '../../../schemas/lot/state.ts'
import type { LineLot } from '../../../schemas/manifest/shapes.ts'
import { chainFacts } from '../../../schemas/rules/storage.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { accountKey, lineDocument, type Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import { tooLittle } from './lots.ts'
import type { z } from 'zod'

export type Lots = ReadonlyMap<string, Lot>
type LotRequest = z.infer<typeof LineLotRequest>
type LineRequest = z.infer<typeof ManifestLineRequest>

/** What is staged for pickup leaves first, then what lies in store, then what was never stored (residues of a treater). */
const rank = ({ at, document }: Place): number => (at === 'collection' ? (document === undefined ? 1 : 2) : 0)

/** The line that wants the mass. What an earlier try of the same filing reserved for it is its own already, and so counts as free. */
export interface ForLine {
  readonly manifest: string
  readonly line: number
  readonly consignor: string
}

function freeFor(lot: Lot, place: Place, { manifest, line }: ForLine): number {
  const own = lot.reserved[lineDocument(manifest, line)]
  return freeAt(lot, place) + (own && accountKey(own.place) === accountKey(place) ? own.grams : 0)
}

/** Where a unit has mass of this lot that may be transferred. */
const placesOf = (lot: Lot, unit: string): readonly Place[] =>
  Object.values(lot.held).flatMap(({ place }) =>
    place.holder === unit && (place.at === 'collection' || place.at === 'classification') ? [place] : [],
  )

const emptyLot = (lot: string, pointer: string): Refusal => ({
  code: 'rule-broken',
  rule: 'R28',
  pointer,
  facts: { emptyLot: lot },
})

/** Where the consignor has mass of this lot that nobody else was promised, the best place first. */
function freePlaces(lot: Lot, wish: ForLine): readonly { readonly place: Place; readonly free: number }[] {
  return placesOf(lot, wish.consignor)
    .map((place) => ({ place, free: freeFor(lot, place, wish) }))
    .filter(({ free }) => free > 0)
    .sort((a, b) => rank(b.place) - rank(a.place) || b.free - a.free)
}

/** The place and mass that a line takes of a lot, or why it cannot. */
export function locateLot(
  lot: Lot | undefined,
  request: LotRequest,
  wish: ForLine,
  pointer: string,
): LineLot | Refusal {
  // A lot of somebody else does not exist for this consignor, whoever is asking.
  if (!lot?.exists || !lotParties(lot).includes(wish.consignor))
    return refusal('lot-unknown', `${pointer}/lot`, { lot: request.lot })
  if (lot.pool && request.grams === undefined) return refusal('grams-needed', `${pointer}/grams`, { lot: request.lot })
  const found =
    request.outBatch === undefined ? inAnyPlace(lot, wish, request.grams) : inBatch(lot, request.outBatch, wish)
  // R29: a manifest's line names the store-out batch that brought the package to the ramp.
  if (request.outBatch !== undefined && !found) {
    return {
      code: 'rule-broken',
      rule: 'R29',
      pointer: `${pointer}/outBatch`,
      facts: chainFacts(request.outBatch, Object.keys(lot.takenOut)),
    }
  }
  const free = found?.free ?? 0
  const wanted = request.grams ?? free
  if (!found || wanted === 0 || wanted > free) {
    const places = found ? [found.place] : placesOf(lot, wish.consignor)
    const promises = promisesAt(lot, places, lineDocument(wish.manifest, wish.line))
    // All that is free was asked for, and nothing is.
    if (wanted === 0 && !('held' in promises)) return emptyLot(request.lot, pointer)
    return wanted === 0
      ? { code: 'rule-broken', rule: 'R28', pointer, facts: promises }
      : tooLittle(wanted, free, pointer, promises)
  }
  return present({
    lot: request.lot,
    from: found.place,
    grams: grams(wanted),
    bornOn: lot.bornOn,
    batch: lot.batch,
    label: lot.label,
    outBatch: request.outBatch,
  })
}

function inAnyPlace(lot: Lot, wish: ForLine, wanted: number | undefined) {
  const places = freePlaces(lot, wish)
  return places.find(({ free }) => free >= (wanted ?? 0)) ?? places[0]
}

function inBatch(lot: Lot, batch: string, wish: ForLine) {
  const place = lot.takenOut[batch]
  return place && { place, free: freeFor(lot, place, wish) }
}

export interface LocatedLine {
  readonly request: LineRequest
  readonly pointer: string
  readonly lots: readonly LineLot[]
  readonly stock: readonly Lot[]
}

/** All lines with their lots found, and all that stands against that. A lot occurs once on a manifest. */
export function locateLines(
  requests: readonly LineRequest[],
  wish: Omit<ForLine, 'line'>,
  lots: Lots,
): { readonly lines: readonly LocatedLine[]; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = []
  const seenLines = new Set<number>()
  const seenLots = new Set<string>()
  const lines = requests.map((request, i): LocatedLine => {
    const pointer = `/lines/${i}`
    if (seenLines.has(request.line)) refusals.push(refusal('line-twice', `${pointer}/line`, { line: request.line }))
    seenLines.add(request.line)
    const found: LineLot[] = []
    const stock: Lot[] = []
    for (const [j, wanted] of request.lots.entries()) {
      const at = `${pointer}/lots/${j}`
      const lot = lots.get(wanted.lot)
      const located = seenLots.has(wanted.lot)
        ? refusal('lot-twice', `${at}/lot`, { lot: wanted.lot })
        : locateLot(lot, wanted, { ...wish, line: request.line }, at)
      seenLots.add(wanted.lot)
      if ('code' in located) refusals.push(located)
      else if (lot?.waste && lot.waste.code !== request.code)
        refusals.push(
          refusal('lot-of-other-waste', `${at}/lot`, { lot: wanted.lot, code: request.code, actual: lot.waste.code }),
        )
      else {
        found.push(located)
        if (lot) stock.push(lot)
      }
    }
    return { request, pointer, lots: found, stock }
  })
  return { lines, refusals }
}
