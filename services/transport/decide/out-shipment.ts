import {
  acceptUnlessBlocked,
  isBlocking,
  refusal,
  refusalsOf,
  refuse,
  type Decision,
  type Refusal,
} from '../../../schemas/decision.ts'
import { lotParties } from '../../../schemas/lot/actions.ts'
import { freeInStock, type Lot } from '../../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { poolId } from '../../../schemas/values/identifiers.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { notTheConsignor, unregistered } from './filing.ts'
import { locateLot } from './locate.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { OutShipmentContext, OutShipmentRequest } from '../../../schemas/rules/questions.ts'

const LINE = 1

/** 附表3 (公告2021年第82号): the record is filing, pickup and departure in one; what it weighs is what left the pool. */
export function decideOutShipment(request: OutShipmentRequest, context: OutShipmentContext): Decision<ManifestEvent> {
  const { unit, code, name, record, carrier, plate, trailer, driver, receiver, destination, occurredAt } = request
  const outsider = notTheConsignor(unit, context.actor)
  if (outsider) return refuse({ ...outsider, pointer: '/unit' })
  const strangers = [
    ...unregistered(context.consignor, unit, '/unit'),
    ...unregistered(context.carrier, carrier, '/carrier'),
    ...unregistered(context.receiver, receiver, '/receiver'),
  ]
  if (strangers.length > 0) return refuse(...strangers)
  const day = businessDay(occurredAt)
  const named = request.lot === undefined ? undefined : unlessOf(request, request.lot, context.pool)
  if (named) return refuse(named)
  const waste = context.pool.waste ?? { stream: 'industrial' as const, code }
  const findings = law.ask('RecordOutShipment', { command: request, context, day })
  if (findings.some(isBlocking)) return refuse(...refusalsOf(findings))
  if (!context.pool.exists) return refuse(refusal('lot-unknown', '/code', { lot: poolId(unit, code) }))
  const lot = locateLot(
    context.pool,
    { lot: request.lot ?? poolId(unit, code), grams: request.grams },
    { manifest: context.manifest, line: LINE, consignor: unit },
    '/grams',
    day,
  )
  if ('code' in lot) return refuse({ ...lot, pointer: '/grams' })
  const free = freeInStock(context.pool, lot.from, day)
  const taking = { day, taken: request.grams, free, pointer: '/grams' }
  const short = refusalsOf(law.ask('RecordOutShipment:pool', taking))
  if (short.length > 0) return refuse(...short)

  const leg = present({ carrier, plate, trailer, driver })
  const line = {
    line: LINE,
    waste,
    name: name ?? context.pool.name ?? code,
    hazards: [],
    planned: request.grams,
    lots: [lot],
  }
  const departed: ManifestEvent = { type: 'ManifestDeparted', occurredAt, data: {} }
  const picked = {
    line: LINE,
    labels: [],
    shipped: request.grams,
    weighed: true,
    lots: [{ lot: lot.lot, from: lot.from, grams: lot.grams }],
  }
  return acceptUnlessBlocked<ManifestEvent>(findings, () => [
    {
      type: 'ManifestFiled',
      occurredAt,
      data: {
        form: 'out-record',
        number: record,
        consignor: { unit },
        receiver: { unit: receiver },
        shipper: unit,
        legs: [leg],
        destination,
        lines: [line],
      },
    },
    { type: 'ManifestPickedUp', occurredAt, data: { ...leg, lines: [picked] } },
    departed,
  ])
}

/** A lot that is named must be one that the unit knows, and of the code that leaves. */
function unlessOf({ unit, code }: OutShipmentRequest, name: string, lot: Lot): Refusal | undefined {
  if (!lot.exists || !lotParties(lot).includes(unit)) return refusal('lot-unknown', '/lot', { lot: name })
  const actual = lot.waste?.code ?? ''
  return actual === code ? undefined : refusal('lot-of-other-waste', '/lot', { lot: name, code, actual })
}
