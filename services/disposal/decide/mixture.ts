import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { treatmentShares } from '../../../schemas/manifest/shares.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { MixtureRequest, TreatmentContext } from '../../../schemas/rules/questions.ts'
import { evolveTreatment, noTreatment, type Treatment, type TreatmentEvent } from '../../../schemas/treatment/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { Place } from '../../../schemas/values/place.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { locateInputs } from './inputs.ts'

/** 混合: several lots that lie in one place become one. Nothing is recovered or disposed of by that; the mixture is as old as its oldest part. */
export const recordMixture: Decider<Treatment, MixtureRequest, TreatmentEvent, TreatmentContext> = {
  initial: noTreatment,
  evolve: evolveTreatment,
  decide(command, { status }, context) {
    const { mixture, unit, lot, stream, code, occurredAt } = command
    const { inputs, refusals } = locateInputs(command, context)
    if (status !== 'none') return refuse(refusal('treatment-twice', '/mixture', { treatment: mixture }))
    if (refusals.length > 0) return refuse(...refusals)
    const parts = inputs.flatMap((input) => input.parts)
    const [first] = parts
    const apart = inputs.findIndex((input) => input.parts.some(({ from }) => !first || !together(from, first.from)))
    if (!first || apart >= 0) return refuse(refusal('not-in-one-place', `/inputs/${apart}`))
    if (context.lots.get(lot)?.exists === true) return refuse(refusal('lot-exists', '/lot', { lot }))
    const findings = law.ask('MixLots', { command, inputs, context, day: businessDay(occurredAt) })
    return acceptUnlessBlocked(findings, () => {
      const taken = inputs.flatMap(({ request, parts: lots }) =>
        treatmentShares(lots, request.grams, { product: request.grams, residues: [], loss: 0, landfilled: 0 }),
      )
      const { at, holder, place } = first.from
      return [
        {
          type: 'MixtureRecorded',
          occurredAt,
          data: {
            unit,
            mixture,
            lot,
            waste: { stream, code },
            origin: { unit, inside: context.receiver.inside },
            bornOn: taken.reduce((oldest, { of }) => (of.bornOn < oldest ? of.bornOn : oldest), first.bornOn),
            to: { at, holder, place },
            grams: grams(taken.reduce((sum, { share }) => sum + share.grams, 0)),
            inputs: taken.map(({ of: { waste, from }, share }) => ({
              lot: share.lot,
              waste,
              from,
              grams: share.grams,
            })),
          },
        },
      ]
    })
  },
}

const together = (a: Place, b: Place): boolean => a.at === b.at && a.holder === b.holder && a.place === b.place
