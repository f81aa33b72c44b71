import { actsFor } from '../../../schemas/actor.ts'
import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import { acceptUnlessBlocked, accept, refusal, refuse, type Decider, type Refusal } from '../../../schemas/decision.ts'
import { runShares } from '../../../schemas/manifest/shares.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { TreatmentContext, TreatmentRequest } from '../../../schemas/rules/questions.ts'
import { evolveTreatment, noTreatment, type Treatment, type TreatmentEvent } from '../../../schemas/treatment/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { locateInputs } from './inputs.ts'
import { unusable } from './manifest.ts'

/** What a facility did to waste that lies with it: one line, or many lines and lots in one run (R77). */
export const recordTreatment: Decider<Treatment, TreatmentRequest, TreatmentEvent, TreatmentContext> = {
  initial: noTreatment,
  evolve: evolveTreatment,
  decide(command, state, context) {
    const { unit, treatment, facility, method, product, productName, loss, landfilled, occurredAt } = command
    // What its first record took is gone: that it was recorded says more than that nothing is left.
    const before = actsFor(context.actor, unit, 'receiver') ? recordedAlready(command, state, context) : []
    if (before.length > 0) return refuse(...before)
    const { inputs, refusals } = locateInputs(command, context)
    const obstacles = refusals.length > 0 ? refusals : treatmentObstacles(command, context)
    if (obstacles.length > 0) return refuse(...obstacles)

    const residues = command.residues.map(({ lot, code, stream, grams: mass }) => ({
      lot,
      waste: { stream, code },
      grams: mass,
    }))
    const findings = law.ask('RecordTreatment', { command, inputs, context, day: businessDay(occurredAt) })
    return acceptUnlessBlocked(findings, () => {
      const shares = runShares(
        inputs.map(({ request, parts }) => ({ lots: parts, grams: request.grams })),
        { product, residues, loss, landfilled },
      ).flat()
      return [
        {
          type: 'TreatmentRecorded',
          occurredAt,
          data: present({
            unit,
            treatment,
            facility,
            method,
            treated: grams(inputs.reduce((sum, { request }) => sum + request.grams, 0)),
            product,
            productName,
            loss,
            landfilled,
            residues,
            inputs: shares.map(({ of: { waste, from }, share }) => ({ ...share, waste, from })),
          }),
        },
      ]
    })
  },
}

/** A run is recorded once; a line knows the treatments that were recorded on its manifest alone. */
function recordedAlready(
  { treatment, inputs }: TreatmentRequest,
  { status }: Treatment,
  { manifests }: TreatmentContext,
): readonly Refusal[] {
  if (status === 'abandoned') return [refusal('treatment-abandoned', '/treatment', { treatment })]
  const known = inputs.some(
    ({ manifest = '', line: no }) =>
      manifests
        .get(manifest)
        ?.lines.find(({ line }) => line === no)
        ?.treatments.includes(treatment) === true,
  )
  return known || status === 'recorded' ? [refusal('treatment-twice', '/treatment', { treatment })] : []
}

function treatmentObstacles(
  { unit, method, facility, residues }: TreatmentRequest,
  { catalogues, receiver, lots }: TreatmentContext,
): readonly Refusal[] {
  const twice = residues.flatMap(({ lot }, i) =>
    lots.get(lot)?.exists === true || residues.findIndex((other) => other.lot === lot) !== i
      ? [refusal('lot-exists', `/residues/${i}/lot`, { lot })]
      : [],
  )
  return [
    ...(catalogues.method(method) ? [] : [methodUnknown(method, '/method')]),
    ...(facility === undefined ? [] : unusable(receiver, unit, facility, '/facility')),
    ...twice,
  ]
}

/** Gives up a treatment that was never recorded: from then on it cannot be. */
export const abandonTreatment: Decider<Treatment, { readonly occurredAt: string }, TreatmentEvent, unknown> = {
  initial: noTreatment,
  evolve: evolveTreatment,
  decide({ occurredAt }, { status }) {
    if (status === 'abandoned') return accept([])
    if (status === 'recorded') return refuse(refusal('treatment-twice'))
    return accept([{ type: 'TreatmentAbandoned', occurredAt, data: { reason: 'never-recorded' } }])
  },
}
