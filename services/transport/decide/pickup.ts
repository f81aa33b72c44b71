import { acceptUnlessBlocked, refusal, refusalsOf, refuse, type Refusal } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import type { ManifestEventOf } from '../../../schemas/manifest/events.ts'
import { pickUpShares } from '../../../schemas/manifest/shares.ts'
import type { Line, LotOnLine } from '../../../schemas/manifest/lines.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import type { Lots } from './locate.ts'
import { leavable, leavesWhole } from './lots.ts'
import { manifestDecider } from './manifest.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { PickUpContext, PickUpRequest } from '../../../schemas/rules/questions.ts'

type PickedLine = ManifestEventOf<'ManifestPickedUp'>['data']['lines'][number]

/** 交付: the named carrier loads what the manifest says and nothing else, and the consignor's weighing is written down. */
export const pickUp = manifestDecider<PickUpRequest, PickUpContext>((command, manifest, context) => {
  const obstacle = guardManifest('pickup', manifest, context.actor, businessDay(command.occurredAt))
  if (obstacle) return refuse(obstacle)
  const strange = command.lines.flatMap(({ line }, i) =>
    manifest.lines.some((filed) => filed.line === line) ? [] : [refusal('line-unknown', `/lines/${i}/line`, { line })],
  )
  const loaded = manifest.lines.map((line) => loadLine(line, command, context.lots, manifestOf(command)))
  const obstacles = [...strange, ...loaded.flatMap(({ refusals }) => refusals)]
  if (obstacles.length > 0) return refuse(...obstacles)

  const { carrier, plate, trailer, occurredAt } = command
  const driver = context.filedDriver ?? command.driver
  const findings = law.ask('PickUp', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => [
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
    const taking = { day: businessDay(command.occurredAt), pointer, free: most }
    if (!lot || most === 0) return refusalsOf(law.ask('PickUp:lots', { ...taking, loose: of.lot }))
    // A package goes whole, whatever the scale shows; of a pool or a part no more leaves than lies there.
    if (leavesWhole(lot, manifest, line.line)) return []
    return refusalsOf(law.ask('PickUp:lots', { ...taking, taken: share }))
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
