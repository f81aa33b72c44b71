import { concerns } from '../../../schemas/actor.ts'
import { refusal, type Refusal } from '../../../schemas/decision.ts'
import { actsAt, lotParties, treatableAt } from '../../../schemas/lot/actions.ts'
import { setAsideFor } from '../../../schemas/lot/holdings.ts'
import { promisesAt } from '../../../schemas/lot/promises.ts'
import { freeAt, freeInStock, type Lot } from '../../../schemas/lot/state.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import { noManifest, type Manifest } from '../../../schemas/manifest/state.ts'
import type {
  InputRequest,
  LocatedInput,
  TreatablePart,
  TreatmentContext,
  TreatmentRequest,
} from '../../../schemas/rules/questions.ts'
import { accountKey, lineDocument, lineOf, type Place } from '../../../schemas/values/place.ts'
import { businessDay, type Day } from '../../../schemas/values/time.ts'

/** Every input with the places that it takes from, and all refusals of that. What lies in one place is named by one input. */
export function locateInputs(
  { id, unit, inputs, occurredAt }: Pick<TreatmentRequest, 'id' | 'unit' | 'inputs' | 'occurredAt'>,
  context: TreatmentContext,
): { readonly inputs: readonly LocatedInput[]; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = []
  const seen = new Set<string>()
  const located = inputs.map((request): LocatedInput => {
    const parts = locate(request, { id, unit, day: businessDay(occurredAt) }, context)
    if ('code' in parts) {
      refusals.push(parts)
      return { request, parts: [] }
    }
    const keys = parts.map(({ lot, from }) => `${lot} ${accountKey(from)}`)
    if (keys.some((key) => seen.has(key)))
      refusals.push(refusal('input-twice', request.pointer, { lot: parts[0]?.lot ?? '' }))
    for (const key of keys) seen.add(key)
    return { request, parts }
  })
  return { inputs: located, refusals }
}

type Treater = Pick<TreatmentRequest, 'id' | 'unit'> & { readonly day: Day }

const locate = (
  request: InputRequest,
  treater: Treater,
  context: TreatmentContext,
): readonly TreatablePart[] | Refusal =>
  request.lot === undefined ? ofLine(request, treater, context) : ofLot(request, request.lot, treater, context)

/** What of a line lies with its receiver, wherever the receiver has it. */
function ofLine(
  { manifest: id = '', line: no, pointer }: InputRequest,
  treater: Treater,
  context: TreatmentContext,
): readonly TreatablePart[] | Refusal {
  const manifest = context.manifests.get(id) ?? noManifest
  const obstacle = guardManifest('treatment', manifest, context.actor)
  if (obstacle) return { ...obstacle, pointer: pointer === '' ? '' : `${pointer}/manifest` }
  if (manifest.receiver !== treater.unit)
    return refusal('input-of-another-unit', `${pointer}/manifest`, { unit: manifest.receiver })
  const line = manifest.lines.find((filed) => filed.line === no)
  if (!line) return refusal('line-unknown', `${pointer}/line`, { line: no ?? '' })
  const document = lineDocument(id, line.line)
  return line.lots.flatMap(({ lot: name }) => {
    const lot = context.lots.get(name)
    return lot ? partsOf(name, lot, treatableBy(lot, treater.unit), treater, context).filter(under(document)) : []
  })
}

const under =
  (document: string) =>
  ({ from }: TreatablePart): boolean =>
    from.at === 'disposal' && from.document === document

/** What of a lot lies with the treater, received or its own; at one of its places, where that is named. */
function ofLot(
  { at, pointer }: InputRequest,
  name: string,
  treater: Treater,
  context: TreatmentContext,
): readonly TreatablePart[] | Refusal {
  const lot = context.lots.get(name)
  if (!lot?.exists || !concerns(context.actor, lotParties(lot)))
    return refusal('lot-unknown', `${pointer}/lot`, { lot: name })
  if (treater.unit === '') return refusal('input-of-what', '/unit')
  const places = treatableBy(lot, treater.unit)
  const named = at === undefined ? places : places.filter((place) => accountKey(place) === accountKey(at))
  const parts = partsOf(name, lot, named, treater, context).filter(({ open }) => open > 0)
  if (parts.length > 0)
    return parts.every(({ from }) => actsAt(context.actor, from))
      ? parts
      : refusal('not-your-part', `${pointer}/lot`, { action: 'treatment', by: 'holder' })
  if (at !== undefined && named.length === 0) return refusal('place-not-open', `${pointer}/at`)
  const own = named.filter((place) => actsAt(context.actor, place))
  return refusal('nothing-to-treat', `${pointer}/lot`, promisesAt(lot, own))
}

/** Where a unit has mass of a lot that it may treat: what it received, and what is its own and classified. */
const treatableBy = (lot: Lot, unit: string): readonly Place[] =>
  Object.values(lot.held).flatMap(({ place }) => (place.holder === unit && treatableAt(place) ? [place] : []))

function partsOf(
  name: string,
  lot: Lot,
  places: readonly Place[],
  { id, day }: Treater,
  { manifests }: TreatmentContext,
): readonly TreatablePart[] {
  const { waste, bornOn, batch } = lot
  if (!waste) return []
  // What an earlier try of the same treatment set aside is its own already.
  const own = setAsideFor(lot.reserved, id)
  return places.map((from) => {
    const mine = own.find(({ place }) => accountKey(place) === accountKey(from))?.grams ?? 0
    const received = receivedUnder(from, manifests)
    const open = Math.min(freeAt(lot, from) + mine, freeInStock(lot, from, day))
    return { lot: name, waste, bornOn, batch, from, open, ...(received ? { received } : {}) }
  })
}

function receivedUnder(from: Place, manifests: ReadonlyMap<string, Manifest>): TreatablePart['received'] | undefined {
  const under = lineOf(from)
  const manifest = under && manifests.get(under.manifest)
  const line = manifest?.lines.find((one) => one.line === under?.line)
  if (!under || !manifest || !line) return undefined
  return { ...under, form: manifest.form, licence: manifest.licence, decidedAt: line.decidedAt }
}
