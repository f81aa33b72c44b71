import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import { acceptUnlessBlocked, refusal, refuse, type Refusal } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import { treatmentShares } from '../../../schemas/manifest/shares.ts'
import type { Line } from '../../../schemas/manifest/lines.ts'
import type { Manifest } from '../../../schemas/manifest/state.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { manifestDecider, unusable } from './manifest.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { TreatmentContext, TreatmentRequest } from '../../../schemas/rules/questions.ts'

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
  const findings = law.ask('TreatLine', { command, manifest, line, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => {
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
