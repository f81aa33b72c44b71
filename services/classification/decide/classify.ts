import { categoryOf } from '../../../schemas/catalogues/hazardous-waste.ts'
import type { ClassifyLot } from '../../../schemas/commands/classification.ts'
import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, freeAt, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { Hazard } from '../../../schemas/values/waste.ts'
import { law } from '../../../schemas/rules/law.ts'

/**
 * All that was generated of a lot and is not classified yet gets its code, class and hazards. The list is the one of the generation
 * day (readings R02), however much later somebody classifies.
 */
export const classify: Decider<Lot, ClassifyLot, LotEvent, Context> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('classification', lot, context.actor)
    if (why) return refuse(why)
    const { occurredAt, form, report } = command
    const waste = command.waste ?? lot.waste
    const from = openFor('classification', lot).find(({ place }) => actsAt(context.actor, place))?.place
    if (!waste || !from) return refuse(refusal('nothing-to-classify'))

    // R06: another code, and all the more another stream, comes only out of an identification.
    const day = businessDay(occurredAt)
    const asked = { command, lot, context, day }
    const changed = waste.code !== lot.waste?.code || waste.stream !== lot.waste.stream
    const [unreported] = changed && report === undefined ? law.ask('ClassifyLot:report', asked) : []
    if (unreported) {
      const { rule, pointer, facts } = unreported
      return refuse({ code: 'report-missing', rule, pointer, facts })
    }
    // A label names the code, so a labelled lot keeps it.
    if (changed && lot.label !== undefined) return refuse(refusal('already-labelled', '/waste'))

    const entry = waste.stream === 'hazardous' ? context.catalogues.hazardous(waste.code, lot.bornOn) : undefined
    const category = command.category ?? (waste.stream === 'hazardous' ? categoryOf(waste.code) : undefined)
    return acceptUnlessBlocked(law.ask('ClassifyLot', asked), () => {
      const hazards = command.hazards ?? entry?.hazardSet.flatMap((hazard) => Hazard.safeParse(hazard).data ?? [])
      const to = { at: 'classification', holder: from.holder, place: from.place } as const
      return [
        {
          type: 'LotClassified',
          occurredAt,
          data: { waste, from, to, grams: grams(freeAt(lot, from)), ...present({ category, hazards, form, report }) },
        },
      ]
    })
  },
}
