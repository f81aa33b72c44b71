import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import { actsFor, type Actor } from '../../../schemas/actor.ts'
import type { FileManifest } from '../../../schemas/commands/transport.ts'
import type { Context } from '../../../schemas/context.ts'
import {
  acceptUnlessBlocked,
  refusal,
  refuse,
  type Decision,
  type Finding,
  type Refusal,
} from '../../../schemas/decision.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import type { Plan } from '../../../schemas/plan/events.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import {
  contractInForce,
  dangerousGoodsPermits,
  licenceCovers,
  licencesInForce,
  linePlanned,
  officialNumberWellFormed,
  packagesCounted,
  partOneComplete,
  planFiled,
  receiverLicensed,
  shipperIsParty,
  type FormField,
} from '../../../schemas/rules/transfer.ts'
import { hazardFindings, wasteCodeFindings } from '../../../schemas/rules/waste.ts'
import type { DriverPermit, Unit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay, yearOf, type Day } from '../../../schemas/values/time.ts'
import { Hazard } from '../../../schemas/values/waste.ts'
import { placesLeft } from './place-left.ts'
import { locateLines, type LocatedLine, type Lots } from './locate.ts'
import type { FiledLine, Leg } from '../../../schemas/manifest/shapes.ts'

export type FilingRequest = Omit<FileManifest, 'legs' | 'manifest'> & { readonly legs: readonly Leg[] }

/** What a filing must know of the rest of the park. */
export interface FilingContext extends Context {
  /** The id that the manifest will have. */
  readonly manifest: string
  readonly lots: Lots
  readonly consignor: Unit
  readonly receiver: Unit
  /** By credit code, one for each leg. */
  readonly carriers: ReadonlyMap<string, Unit>
  readonly plan: Plan
  /** Province and city that a site without a division of its own is in. */
  readonly parkCity?: string
  /** For each leg the entry of its driver in the register of its carrier, where there is one (R17). */
  readonly permits?: readonly (DriverPermit | undefined)[]
}

/** A filing is the consignor's; only the park's book-keeper files for others. */
export const notTheConsignor = (consignor: string, actor: Actor): Refusal | undefined =>
  actsFor(actor, consignor, 'producer', 'receiver')
    ? undefined
    : refusal('not-your-part', '/consignor/unit', { action: 'filing', by: 'consignor' })

export const unregistered = (unit: Unit | undefined, code: string, pointer: string): readonly Refusal[] =>
  unit?.exists ? [] : [refusal('party-unknown', pointer, present({ unit: code, closedFrom: unit?.closedFrom }))]

/**
 * The filing of a transfer manifest (令第23号 arts 10, 14-16), decided once against everything it names. What it promises is then
 * reserved lot by lot, and only then is the event appended.
 */
export function decideFiling(request: FilingRequest, context: FilingContext): Decision<ManifestEvent> {
  const outsider = notTheConsignor(request.consignor.unit, context.actor)
  if (outsider) return refuse(outsider)
  const { lines, refusals } = locateLines(
    request.lines,
    { manifest: context.manifest, consignor: request.consignor.unit },
    context.lots,
  )
  const obstacles = [
    ...partiesUnpresent(request, context),
    ...refusals,
    ...lines.flatMap((line) => lineObstacles(line, context)),
  ]
  if (obstacles.length > 0) return refuse(...obstacles)

  const filed = lines.map((line) => filedLine(line, context, businessDay(request.occurredAt)))
  return acceptUnlessBlocked(filingFindings(request, filed, context), () => [
    {
      type: 'ManifestFiled',
      occurredAt: request.occurredAt,
      data: present({
        form: 'transfer-manifest' as const,
        number: request.number,
        consignor: present({ ...request.consignor, address: request.consignor.address ?? context.consignor.address }),
        receiver: present({
          unit: request.receiver.unit,
          licence: request.receiver.licence ?? onlyLicence(request, context),
          address: request.receiver.address ?? context.receiver.address,
        }),
        shipper: request.shipper ?? request.consignor.unit,
        legs: request.legs.map(present),
        destination: request.destination,
        lines: filed,
      }),
    },
  ])
}

function partiesUnpresent({ consignor, receiver, legs }: FilingRequest, context: FilingContext): readonly Refusal[] {
  return [
    ...unregistered(context.consignor, consignor.unit, '/consignor/unit'),
    ...unregistered(context.receiver, receiver.unit, '/receiver/unit'),
    ...legs.flatMap(({ carrier }, i) => unregistered(context.carriers.get(carrier), carrier, `/legs/${i}/carrier`)),
  ]
}

function lineObstacles({ request, pointer, lots }: LocatedLine, { catalogues }: FilingContext): readonly Refusal[] {
  const { method, planned } = request
  const total = lots.reduce((sum, lot) => sum + lot.grams, 0)
  return [
    ...(method !== undefined && !catalogues.method(method) ? [methodUnknown(method, `${pointer}/method`)] : []),
    ...(planned !== undefined && total > 0 && planned !== total
      ? [refusal('planned-differs', `${pointer}/planned`, { planned, lots: total })]
      : []),
  ]
}

/** What the consignor left out is taken from the lots as they were classified, and from the list. */
function filedLine({ request, lots, stock }: LocatedLine, { catalogues }: FilingContext, day: Day): FiledLine {
  const { line, code, name, packaging, packageCount, harmful, method } = request
  const listed = catalogues.hazardous(code, day)?.hazardSet ?? []
  const hazards = Hazard.array().parse(request.hazards ?? stock.find((lot) => lot.hazards)?.hazards ?? listed)
  const form = request.form ?? stock.find((lot) => lot.form)?.form
  const planned = grams(lots.reduce((sum, lot) => sum + lot.grams, 0))
  return present({
    line,
    waste: { stream: 'hazardous' as const, code },
    name,
    hazards,
    form: form as FiledLine['form'],
    packaging,
    packageCount,
    harmful,
    planned,
    method,
    lots: [...lots],
  })
}

function onlyLicence({ occurredAt }: FilingRequest, { receiver }: FilingContext): string | undefined {
  const [licence, ...others] = licencesInForce(receiver, businessDay(occurredAt))
  return others.length === 0 ? licence?.number : undefined
}

function filingFindings(
  request: FilingRequest,
  lines: readonly FiledLine[],
  context: FilingContext,
): readonly Finding[] {
  const { consignor, receiver, shipper = consignor.unit, number, legs, occurredAt } = request
  const day = businessDay(occurredAt)
  const inForce = licencesInForce(context.receiver, day, receiver.licence)
  return [
    ...timeliness(request, undefined, context, 'filed'),
    ...(number === undefined
      ? []
      : judge(
          officialNumberWellFormed,
          {
            number,
            year: yearOf(day),
            places: placesLeft(context.consignor, lines, context.parkCity),
            pointer: '/number',
          },
          day,
        )),
    ...judge(shipperIsParty, { shipper, parties: [consignor.unit, receiver.unit] }, day),
    ...judge(
      receiverLicensed,
      {
        unit: receiver.unit,
        day,
        inForce,
        named: receiver.licence,
        others: licencesInForce(context.receiver, day),
        pointer: receiver.licence === undefined ? '/receiver/unit' : '/receiver/licence',
      },
      day,
    ),
    ...judge(planFiled, { unit: consignor.unit, day, lines: context.plan.lines }, day),
    ...legs.flatMap(({ carrier, plate, trailer, driver }, i) => {
      const unit = context.carriers.get(carrier)
      const permit = context.permits?.[i]
      return unit
        ? judge(
            dangerousGoodsPermits,
            { carrier: unit, plate, trailer, driver, permit, day, pointer: `/legs/${i}` },
            day,
          )
        : []
    }),
    // A book has columns of its own: what it does not hold is no violation, and its reader refuses what it holds empty (readings, "all").
    ...(context.provenance === 'book' ? [] : judge(partOneComplete, { fields: partOne(request, lines) }, day)),
    ...lines.flatMap((line, i) => lineFindings(line, `/lines/${i}`, request, context, inForce)),
  ]
}

function lineFindings(
  { line, waste, hazards, form, method, packageCount, lots }: FiledLine,
  pointer: string,
  { receiver, destination, occurredAt }: FilingRequest,
  context: FilingContext,
  inForce: ReturnType<typeof licencesInForce>,
): readonly Finding[] {
  const day = businessDay(occurredAt)
  const { code } = waste
  return [
    ...wasteCodeFindings(waste, day, `${pointer}/code`, context.catalogues),
    ...judge(
      packagesCounted,
      { line, packages: packageCount, labels: lots.length, pointer: `${pointer}/packageCount` },
      day,
    ),
    ...hazardFindings({ hazards, form, entry: context.catalogues.hazardous(code, day) }, day, pointer),
    // Without any licence R08 has said so already.
    ...(inForce.length === 0 ? [] : judge(licenceCovers, { code, method, inForce, pointer: `${pointer}/code` }, day)),
    ...judge(
      contractInForce,
      { consignor: context.consignor, receiver: receiver.unit, code, hazardous: true, day, pointer: `${pointer}/code` },
      day,
    ),
    ...judge(
      linePlanned,
      { lines: context.plan.lines, code, receiver: receiver.unit, method, destination, pointer: `${pointer}/code` },
      day,
    ),
  ]
}

/** Part one of the form; the handover time comes with the pickup. */
const partOne = ({ consignor }: FilingRequest, lines: readonly FiledLine[]): readonly FormField[] => [
  { pointer: '/consignor/emergencyPhone', name: 'emergencyPhone', value: consignor.emergencyPhone },
  ...lines.flatMap(({ name, hazards, form, harmful, packaging, packageCount }, i) =>
    Object.entries({
      name,
      hazards: hazards.length > 0 ? hazards : undefined,
      form,
      harmful,
      packaging,
      packageCount,
    }).map(([field, value]) => ({
      pointer: `/lines/${i}/${field}`,
      name: field,
      value,
    })),
  ),
]
