import { accept, acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { actsAt, guardLot, openFor } from '../../../schemas/lot/actions.ts'
import type { LotEvent, LotEventOf } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { accountKey } from '../../../schemas/values/place.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { SplitContext, SplitOff } from '../../../schemas/rules/questions.ts'

/** A part of a lot becomes a lot of its own, in the same place; the new lot's stream is opened by a policy. */
export const split: Decider<Lot, SplitOff, LotEvent, SplitContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const why = guardLot('split', lot, context.actor)
    if (why) return refuse(why)
    const { child, grams, occurredAt } = command
    const at = openFor('split', lot).find(
      ({ place }) => actsAt(context.actor, place) && accountKey(place) === accountKey(command.at),
    )?.place
    if (!lot.waste || !at) return refuse(refusal('place-not-open', '/at'))
    if (context.childExists || child === command.lot) return refuse(refusal('lot-exists', '/child', { lot: child }))
    const findings = law.ask('SplitLot', { command, lot, at, context, day: businessDay(occurredAt) })
    const { waste } = lot
    return acceptUnlessBlocked(findings, () => [{ type: 'LotSplit', occurredAt, data: { waste, at, child, grams } }])
  },
}

/** What a split asks of the new lot's own stream. `parent` is the lot it came out of, as it was after the split. */
export interface OpenChild {
  readonly lot: string
  readonly parent: Lot
  readonly split: LotEventOf<'LotSplit'>
}

/** The lot that was split off comes to be: as old as what it was part of, and of the same origin. */
export const openChild: Decider<Lot, OpenChild, LotEvent, object> = {
  initial: noLot,
  evolve: evolveLot,
  decide({ lot, parent: { origin, bornOn }, split: { occurredAt, data } }, child) {
    if (child.exists || !origin) return refuse(refusal('lot-exists', '', { lot: data.child }))
    const { at, grams, as: waste = data.waste } = data
    return accept([
      {
        type: 'LotDerived',
        occurredAt,
        data: { waste, origin, to: at, grams, kind: 'split', sources: [{ lot, grams }], bornOn },
      },
    ])
  },
}
