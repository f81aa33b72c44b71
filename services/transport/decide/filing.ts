import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import { actsFor, type Actor } from '../../../schemas/actor.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decision, type Refusal } from '../../../schemas/decision.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import type { FiledLine } from '../../../schemas/manifest/shapes.ts'
import type { Unit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay, type Day } from '../../../schemas/values/time.ts'
import { Hazard } from '../../../schemas/values/waste.ts'
import { locateLines, type LocatedLine } from './locate.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { FilingContext, FilingRequest } from '../../../schemas/rules/questions.ts'
import { licencesInForce } from '../../../schemas/rules/licences.ts'

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
  const day = businessDay(request.occurredAt)
  const { lines, refusals } = locateLines(
    request.lines,
    { manifest: context.manifest, consignor: request.consignor.unit },
    context.lots,
    day,
  )
  const obstacles = [
    ...partiesUnpresent(request, context),
    ...refusals,
    ...lines.flatMap((line) => lineObstacles(line, context)),
  ]
  if (obstacles.length > 0) return refuse(...obstacles)

  const filed = lines.map((line) => filedLine(line, context, day))
  return acceptUnlessBlocked(law.ask('FileManifest', { command: request, lines: filed, context, day }), () => [
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
