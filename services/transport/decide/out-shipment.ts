import type { RecordOutShipment } from '../../../schemas/commands/transport.ts'
import type { Context } from '../../../schemas/context.ts'
import { acceptUnlessBlocked, refusal, refuse, type Decision } from '../../../schemas/decision.ts'
import { poolFreeOn } from '../../../schemas/lot/pool-flow.ts'
import type { Lot } from '../../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { batchFindings } from '../../../schemas/rules/batch.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import { contractInForce } from '../../../schemas/rules/transfer.ts'
import { wasteCodeFindings } from '../../../schemas/rules/waste.ts'
import type { Unit } from '../../../schemas/unit/state.ts'
import { poolId } from '../../../schemas/values/identifiers.ts'
import type { Sealed } from '../../../schemas/values/person.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { notTheConsignor, unregistered } from './filing.ts'
import { locateLot } from './locate.ts'
import { tooLittle } from './lots.ts'

export type OutShipmentRequest = Sealed<RecordOutShipment, 'driver'>

export interface OutShipmentContext extends Context {
  /** The id that the record's document will have. */
  readonly manifest: string
  /** The unit's pool of that code. */
  readonly pool: Lot
  readonly consignor: Unit
  readonly carrier: Unit
  readonly receiver: Unit
}

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
  const waste = context.pool.waste ?? { stream: 'industrial' as const, code }
  const findings = [
    ...timeliness(request, undefined, context, 'departed'),
    ...batchFindings(record, 'departed', day, '/record'),
    ...wasteCodeFindings(waste, day, '/code', context.catalogues),
    ...judge(
      contractInForce,
      { consignor: context.consignor, receiver, code, hazardous: false, day, pointer: '/receiver' },
      day,
    ),
  ]
  const blocked = acceptUnlessBlocked(findings, () => [])
  if (!blocked.accepted) return blocked
  if (!context.pool.exists) return refuse(refusal('lot-unknown', '/code', { lot: poolId(unit, code) }))
  const lot = locateLot(
    context.pool,
    { lot: poolId(unit, code), grams: request.grams },
    { manifest: context.manifest, line: LINE, consignor: unit },
    '/grams',
  )
  if ('code' in lot) return refuse({ ...lot, pointer: '/grams' })
  const free = poolFreeOn(context.pool, day)
  if (request.grams > free) return refuse(tooLittle(request.grams, free))

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
