import { actsFor } from '../../../schemas/actor.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider, type Refusal } from '../../../schemas/decision.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { GenerationContext, SealedGenerateLot } from '../../../schemas/rules/questions.ts'

/** Waste comes to be at a facility of its producer (HJ 1259-2022 B.1). */
export const generate: Decider<Lot, SealedGenerateLot, LotEvent, GenerationContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const stranger = notTheirs(command.unit, context)
    if (stranger) return refuse(stranger)
    if (lot.exists) return refuse(refusal('lot-exists', '', { lot: context.lot }))
    const { unit, waste, name, grams, batch, facility, packaging, packageCount, handler, occurredAt } = command
    const findings = law.ask('GenerateLot', { command, lot, context, day: businessDay(occurredAt) })
    return acceptUnlessBlocked(findings, () => [
      {
        type: 'LotGenerated',
        occurredAt,
        data: {
          waste,
          origin: { unit, inside: context.unit.inside },
          to: { at: 'generation', holder: unit, place: facility ?? '' },
          grams,
          pool: false,
          ...present({ batch, name, packaging, packageCount, handler }),
        },
      },
    ])
  },
}

/** A unit generates its own waste only, and only a registered unit does. */
export function notTheirs(unit: string, { actor, unit: registered }: GenerationContext): Refusal | undefined {
  if (!actsFor(actor, unit, 'producer', 'receiver'))
    return refusal('not-your-part', '/unit', { action: 'generation', by: 'producer' })
  return registered.exists
    ? undefined
    : refusal('unit-unknown', '/unit', present({ unit, closedFrom: registered.closedFrom }))
}
