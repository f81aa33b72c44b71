import { acceptUnlessBlocked, refusal, refusalsOf, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { SortContext, SortIntoFractions } from '../../../schemas/rules/questions.ts'
import { isAt } from '../../../schemas/values/place.ts'
import { businessDay } from '../../../schemas/values/time.ts'

/**
 * 分拣: what lies in one place of a lot becomes lots of its own, each with its code and grams. Nothing is recovered or disposed of by that, and
 * no origin is lost: a fraction keeps the share of origins that it was taken with.
 */
export const sort: Decider<Lot, SortIntoFractions, LotEvent, SortContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('sorting', lot, context.actor)
    if (why) return refuse(why)
    const { fractions, occurredAt } = command
    const at = openFor('sorting', lot).find(
      ({ place }) => actsAt(context.actor, place) && isAt(place, command.at),
    )?.place
    if (!lot.waste || !at) return refuse(refusal('place-not-open', '/at'))
    const taken = fractions.flatMap(({ child }, i) =>
      context.existing.has(child) || child === command.lot || fractions.findIndex((one) => one.child === child) !== i
        ? [refusal('lot-exists', `/fractions/${i}/child`, { lot: child })]
        : [],
    )
    if (taken.length > 0) return refuse(...taken)
    const findings = law.ask('SortLot', { command, lot, at, context, day: businessDay(occurredAt) })
    // What is a producer's own is classified, with a report: only what was received is sorted into other streams.
    const elsewhere = fractions.findIndex(({ stream }) => at.at !== 'disposal' && stream !== lot.waste?.stream)
    if (elsewhere >= 0 && refusalsOf(findings).length === 0)
      return refuse(refusal('fraction-of-another-stream', `/fractions/${elsewhere}/stream`))
    const { waste } = lot
    return acceptUnlessBlocked(findings, () =>
      fractions.map(({ child, stream, code, grams }) => ({
        type: 'LotSplit',
        occurredAt,
        data: { waste, at, child, grams, as: { stream, code } },
      })),
    )
  },
}
