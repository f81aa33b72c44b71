import { hasRole } from '../../../schemas/actor.ts'
import type { DeclareOutage } from '../../../schemas/commands/supervision.ts'
import type { Context } from '../../../schemas/context.ts'
import { accept, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { outages, type Outage, type OutageEvent } from '../../../schemas/outage/events.ts'
import { compareMoments } from '../../../schemas/values/time.ts'

/** An office or the book-keeper declares when the park could record nothing. */
export const declareOutage: Decider<Outage, DeclareOutage, OutageEvent, Context> = {
  initial: outages.initial,
  evolve: outages.evolve,
  decide({ startedAt, endedAt, cause, occurredAt }, _known, { actor }) {
    if (!hasRole(actor, 'bureau', 'admin')) return refuse(refusal('forbidden'))
    if (compareMoments(endedAt, startedAt) <= 0)
      return refuse(refusal('outage-empty', '/endedAt', { startedAt, endedAt }))
    return accept([{ type: 'OutageDeclared', occurredAt, data: { startedAt, endedAt, cause } }])
  },
}
