import type { LineLotRequest, ManifestLineRequest } from '../../../schemas/commands/transport.ts'
import { refusal, refusalsOf, type Finding, type Refusal } from '../../../schemas/decision.ts'
import { lotParties } from '../../../schemas/lot/actions.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { freeAt, type Lot } from '../../../schemas/lot/state.ts'
import type { LineLot } from '../../../schemas/manifest/shapes.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { accountKey, lineDocument, type Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import type { z } from 'zod'
import { law } from '../../../schemas/rules/law.ts'
import type { Day } from '../../../schemas/values/time.ts'

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

// Of a collector or a sorting centre it is what was received.
const SHIPPABLE: readonly Place['at'][] = ['classification', 'collection', 'disposal']

/** Where a unit has mass of this lot that may be transferred. */
const placesOf = (lot: Lot, unit: string): readonly Place[] =>
  Object.values(lot.held).flatMap(({ place }) => (place.holder === unit && SHIPPABLE.includes(place.at) ? [place] : []))

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
  day: Day,
): LineLot | Refusal {
  // A lot of somebody else does not exist for this consignor, whoever is asking.
  if (!lot?.exists || !lotParties(lot).includes(wish.consignor))
    return refusal('lot-unknown', `${pointer}/lot`, { lot: request.lot })
  if (lot.pool && request.grams === undefined) return refusal('grams-needed', `${pointer}/grams`, { lot: request.lot })
  const found =
    request.outBatch === undefined ? inAnyPlace(lot, wish, request.grams) : inBatch(lot, request.outBatch, wish)
  const taking = { day, pointer, taken: request.grams, free: found?.free ?? 0 }
  // R29: a manifest's line names the store-out batch that brought the package to the ramp.
  if (request.outBatch !== undefined && !found) {
    const outBatch = { named: request.outBatch, known: Object.keys(lot.takenOut) }
    return stopped(law.ask('FileManifest:lots', { ...taking, outBatch }))
  }
  const wanted = request.grams ?? taking.free
  if (!found || wanted === 0 || wanted > found.free) {
    const places = found ? [found.place] : placesOf(lot, wish.consignor)
    const promises = promisesAt(lot, places, lineDocument(wish.manifest, wish.line))
    // All that is free was asked for, and nothing is.
    const empty = wanted === 0 && !('held' in promises) ? { empty: request.lot } : {}
    return stopped(law.ask('FileManifest:lots', { ...taking, promises, ...empty }))
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

/** What the law finds against a lot that is not there. */
function stopped(findings: readonly Finding[]): Refusal {
  const [why] = refusalsOf(findings)
  return why ?? refusal('lot-unknown')
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
  day: Day,
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
        : locateLot(lot, wanted, { ...wish, line: request.line }, at, day)
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
