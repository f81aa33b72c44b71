import type { PickUp } from '../../../schemas/commands/transport.ts'
import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Finding, type Refusal } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import type { ManifestEventOf } from '../../../schemas/manifest/events.ts'
import { pickUpShares } from '../../../schemas/manifest/shares.ts'
import type { Manifest } from '../../../schemas/manifest/state.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { containerLabelled } from '../../../schemas/rules/storage.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import {
  consignorWeighed,
  dangerousGoodsPermits,
  labelsMatch,
  licencesInForce,
  namedCarrier,
  receiverLicensed,
} from '../../../schemas/rules/transfer.ts'
import type { DriverPermit, Unit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { Sealed, SealedPerson } from '../../../schemas/values/person.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import type { Lots } from './locate.ts'
import { leavable, leavesWhole, tooLittle } from './lots.ts'
import { manifestDecider } from './manifest.ts'
import type { Line, LotOnLine } from '../../../schemas/manifest/lines.ts'

export type PickUpRequest = Sealed<PickUp, 'driver'>

export interface PickUpContext extends Context {
  readonly lots: Lots
  readonly receiver: Unit
  readonly carrier: Unit
  /** The driver as the one who was filed, where the two are one person under two ids: in another spelling, or by name alone. */
  readonly filedDriver?: SealedPerson | undefined
  readonly permit?: DriverPermit | undefined
}

type PickedLine = ManifestEventOf<'ManifestPickedUp'>['data']['lines'][number]

/** 交付: the named carrier loads what the manifest says and nothing else, and the consignor's weighing is written down. */
export const pickUp = manifestDecider<PickUpRequest, PickUpContext>((command, manifest, context) => {
  const obstacle = guardManifest('pickup', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const strange = command.lines.flatMap(({ line }, i) =>
    manifest.lines.some((filed) => filed.line === line) ? [] : [refusal('line-unknown', `/lines/${i}/line`, { line })],
  )
  const loaded = manifest.lines.map((line) => loadLine(line, command, context.lots, manifestOf(command)))
  const obstacles = [...strange, ...loaded.flatMap(({ refusals }) => refusals)]
  if (obstacles.length > 0) return refuse(...obstacles)

  const { carrier, plate, trailer, occurredAt } = command
  const driver = context.filedDriver ?? command.driver
  return acceptUnlessBlocked(pickUpFindings(command, manifest, context), () => [
    {
      type: 'ManifestPickedUp',
      occurredAt,
      data: present({
        carrier,
        plate,
        trailer,
        driver,
        lines: loaded.flatMap(({ picked }) => (picked ? [picked] : [])),
      }),
    },
  ])
})

const manifestOf = ({ manifest }: PickUpRequest): string => manifest

/** The lots of one line with the grams that leave of each: the consignor's weighing where there is one, else what had been reserved. */
function loadLine(
  line: Line,
  command: PickUpRequest,
  lots: Lots,
  manifest: string,
): { readonly picked?: PickedLine; readonly refusals: readonly Refusal[] } {
  const index = command.lines.findIndex((scanned) => scanned.line === line.line)
  const scanned = command.lines[index]
  // A line that nobody scanned is R55's: its labels are missing.
  if (!scanned) return { refusals: [] }
  const pointer = `/lines/${index}`
  const shipped = scanned.shipped ?? grams(line.planned)
  const shares = pickUpShares<LotOnLine>(line.lots, shipped)
  if (!shares) return { refusals: [refusal('shipped-too-small', `${pointer}/shipped`, { line: line.line, shipped })] }
  const refusals = shares.flatMap(({ of, grams: share }) => {
    const lot = lots.get(of.lot)
    const most = lot ? leavable(lot, manifest, line.line) : 0
    // R28: a package goes whole, whatever the scale shows; of a pool or a part no more leaves than lies there.
    return lot && (leavesWhole(lot, manifest, line.line) || share <= most) && most > 0
      ? []
      : [most === 0 ? notReserved(of.lot, pointer) : tooLittle(share, most, pointer)]
  })
  const parts = shares.map(({ of, grams: share }) => ({ lot: of.lot, from: of.from, grams: share }))
  return {
    refusals,
    picked: {
      line: line.line,
      labels: [...new Set(scanned.labels)],
      shipped,
      weighed: scanned.shipped !== undefined,
      lots: parts,
    },
  }
}

const notReserved = (lot: string, pointer: string): Refusal => ({
  code: 'rule-broken',
  rule: 'R28',
  pointer,
  facts: { looseLot: lot },
})

const unweighedLines = ({ lines }: PickUpRequest) =>
  lines.flatMap(({ line, shipped }, i) => (shipped === undefined ? [{ line, pointer: `/lines/${i}/shipped` }] : []))

function pickUpFindings(command: PickUpRequest, manifest: Manifest, context: PickUpContext): readonly Finding[] {
  const { carrier, plate, trailer, lines, occurredAt } = command
  const driver = context.filedDriver ?? command.driver
  const day = businessDay(occurredAt)
  const [named] = manifest.legs
  const hazardous = manifest.form === 'transfer-manifest'
  // A book may have no column for labels, which is no violation; its reader refuses one that is there and empty (readings, "all").
  const book = context.provenance === 'book'
  const inForce = licencesInForce(context.receiver, day, manifest.licence)
  return [
    ...timeliness(command, manifest.stepAt, context, 'handover'),
    ...(named
      ? judge(
          namedCarrier,
          { named, actual: { carrier, plate, trailer, driver }, vehicleBound: true, pointer: '' },
          day,
        )
      : []),
    ...manifest.lines.flatMap(({ line, lots, waste }) => {
      const index = lines.findIndex((scanned) => scanned.line === line)
      const pointer = index < 0 ? '/lines' : `/lines/${index}/labels`
      const labels = lots.map(({ lot, label }) => label ?? context.lots.get(lot)?.label)
      const expected = labels.filter((label) => label !== undefined)
      const scanned = lines[index]?.labels ?? []
      const required = waste.stream === 'hazardous' && !book
      return [
        ...labels.flatMap((label) => judge(containerLabelled, { required, label, scanned: undefined, pointer }, day)),
        ...(book && scanned.length === 0 ? [] : judge(labelsMatch, { line, scanned, expected, pointer }, day)),
      ]
    }),
    // 令第23号 第十条第三项: the consignor weighs first, so a load without its mass is not taken over and cannot wait for one on the road.
    ...(hazardous ? judge(consignorWeighed, { unweighed: unweighedLines(command) }, day) : []),
    ...(hazardous
      ? judge(
          receiverLicensed,
          {
            unit: manifest.receiver,
            day,
            inForce,
            named: manifest.licence,
            others: licencesInForce(context.receiver, day),
            pointer: '',
          },
          day,
        )
      : []),
    ...(hazardous
      ? judge(
          dangerousGoodsPermits,
          { carrier: context.carrier, plate, trailer, driver, permit: context.permit, day, pointer: '' },
          day,
        )
      : []),
  ]
}
