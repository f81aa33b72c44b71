import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import type { TreatLine } from '../../../schemas/commands/disposal.ts'
import { acceptUnlessBlocked, refusal, refuse, type Refusal } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import { treatmentShares } from '../../../schemas/manifest/shares.ts'
import type { Manifest } from '../../../schemas/manifest/state.ts'
import { treatmentBalanced } from '../../../schemas/rules/receipt.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import { licenceCovers, licencesInForce } from '../../../schemas/rules/transfer.ts'
import { wasteCodeFindings } from '../../../schemas/rules/waste.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { manifestDecider, unusable, type ReceiverContext } from './manifest.ts'
import type { Line } from '../../../schemas/manifest/lines.ts'

/** A treatment whose residues have their lots' ids: given, or made before it is decided. */
export type TreatmentRequest = Omit<TreatLine, 'residues'> & {
  readonly residues: readonly (TreatLine['residues'][number] & { readonly lot: string })[]
}

export interface TreatmentContext extends ReceiverContext {
  /** Lots of residues that stand in the books already. */
  readonly existing: ReadonlySet<string>
}

/** What a facility did to a line's accepted mass, oldest lot first (R77). */
export const treatLine = manifestDecider<TreatmentRequest, TreatmentContext>((command, manifest, context) => {
  const obstacle = guardManifest('treatment', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const line = manifest.lines.find((filed) => filed.line === command.line)
  if (!line) return refuse(refusal('line-unknown', '/line', { line: command.line }))
  const obstacles = treatmentObstacles(command, line, manifest, context)
  if (obstacles.length > 0) return refuse(...obstacles)

  const { treatment, facility, method, treated, product, productName, loss, landfilled, occurredAt } = command
  const residues = command.residues.map(({ lot, code, stream, grams }) => ({ lot, waste: { stream, code }, grams }))
  return acceptUnlessBlocked(treatmentFindings(command, line, manifest, context), () => {
    const open = line.lots.map((lot) => ({ ...lot, open: lot.accepted - lot.treated }))
    const lots = [...treatmentShares(open, treated, { product, residues, loss, landfilled })]
    return [
      {
        type: 'LineTreated',
        occurredAt,
        data: present({
          line: line.line,
          treatment,
          facility,
          method,
          treated,
          product,
          productName,
          loss,
          landfilled,
          residues,
          lots,
        }),
      },
    ]
  })
})

function treatmentObstacles(
  command: TreatmentRequest,
  line: Line,
  manifest: Manifest,
  { catalogues, receiver, existing }: TreatmentContext,
): readonly Refusal[] {
  const { treatment, method, facility, residues } = command
  const twice = residues.flatMap(({ lot }, i) =>
    existing.has(lot) || residues.findIndex((other) => other.lot === lot) !== i
      ? [refusal('lot-exists', `/residues/${i}/lot`, { lot })]
      : [],
  )
  return [
    ...(line.treatments.includes(treatment) ? [refusal('treatment-twice', '/treatment', { treatment })] : []),
    ...(catalogues.method(method) ? [] : [methodUnknown(method, '/method')]),
    ...(facility === undefined ? [] : unusable(receiver, manifest.receiver, facility, '/facility')),
    ...twice,
  ]
}

function treatmentFindings(command: TreatmentRequest, line: Line, manifest: Manifest, context: TreatmentContext) {
  const { method, treated, product, residues, loss, landfilled, occurredAt } = command
  const day = businessDay(occurredAt)
  const outputs = product + loss + landfilled + residues.reduce((sum, residue) => sum + residue.grams, 0)
  const inForce = licencesInForce(context.receiver, day, manifest.licence)
  const hazardous = manifest.form === 'transfer-manifest'
  return [
    ...timeliness(command, line.decidedAt, context, 'treated'),
    ...judge(treatmentBalanced, { treated, open: line.accepted - line.treated, outputs }, day),
    ...(hazardous ? judge(licenceCovers, { code: line.waste.code, method, inForce, pointer: '/method' }, day) : []),
    ...residues.flatMap(({ code, stream }, i) =>
      wasteCodeFindings({ code, stream }, day, `/residues/${i}/code`, context.catalogues),
    ),
  ]
}
