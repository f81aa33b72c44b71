import { acceptUnlessBlocked, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, hasRoomFor, noLot, type Lot } from '../../../schemas/lot/state.ts'
import type { Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { notTheirs } from './generate.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { GenerationContext, SealedGenerateIntoPool } from '../../../schemas/rules/questions.ts'

/** Where a pool of general waste lies: its books know codes, not stores (公告2021年第82号 附表4). */
export const POOL = 'pool'

/**
 * One record of general industrial waste: generated, coded and in the pool at one moment, because its books know no step between.
 * Records of one pool are independent of one another and may come late, so they need not follow the order of their times (R59 asks
 * only that none is of the future).
 */
export const intoPool: Decider<Lot, SealedGenerateIntoPool, LotEvent, GenerationContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const stranger = notTheirs(command.unit, context)
    if (stranger) return refuse(stranger)
    const { unit, waste, name, grams, record, facility, handler, occurredAt } = command
    if (!hasRoomFor(lot, grams)) return refuse(refusal('lot-full', '/grams', { limit: Number.MAX_SAFE_INTEGER }))
    const findings = law.ask('GenerateIntoPool', { command, lot, context, day: businessDay(occurredAt) })
    if (waste.stream !== 'industrial' && findings.every(({ severity }) => severity === 'WARN'))
      return refuse(refusal('pool-not-industrial', '/waste/stream', { stream: waste.stream }))
    return acceptUnlessBlocked(findings, () => {
      const place = facility ?? ''
      const line: Place = { at: 'generation', holder: unit, place }
      const sorted: Place = { at: 'classification', holder: unit, place }
      const pool: Place = { at: 'collection', holder: unit, place: POOL }
      return [
        {
          type: 'LotGenerated',
          occurredAt,
          data: {
            waste,
            origin: { unit, inside: context.unit.inside },
            to: line,
            grams,
            pool: true,
            batch: record,
            ...present({ name, handler }),
          },
        },
        { type: 'LotClassified', occurredAt, data: { waste, from: line, to: sorted, grams } },
        { type: 'LotStored', occurredAt, data: { waste, from: sorted, to: pool, grams, whole: false } },
      ]
    })
  },
}
