import { describe, test } from 'vitest'
import type { HandOverRequest } from '../../../schemas/rules/questions.ts'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { Context } from '../../../schemas/context.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import {
  ARRIVED,
  at,
  CARRIER,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  DEPARTED,
  FILED,
  MANIFEST,
  NEXT_CARRIER,
  NEXT_PLATE,
  nextCarrierActor,
  NOW,
  NUMBER,
  outsiderActor,
  PICKED_UP,
  PLATE,
  receiverActor,
  TO_THE_SCALE,
  unitOf,
} from '../../../test/support/transfers.ts'
import { abandon, arrive, attachNumber, cancel, depart, handOver } from './road.ts'

const manifest = MANIFEST
const context: Context = { actor: carrierActor, now: NOW, provenance: 'live', catalogues: builtinCatalogues }
const unweighed: ManifestEvent = {
  ...PICKED_UP,
  data: { ...PICKED_UP.data, lines: PICKED_UP.data.lines.map((line) => ({ ...line, weighed: false })) },
}

describe('departure', () => {
  const given = specification(depart, context)
  test('follows the pickup', () =>
    given(FILED, PICKED_UP)
      .when({ manifest, from: '北门', occurredAt: at(10) })
      .thenEvents({ type: 'ManifestDeparted', occurredAt: at(10), data: { from: '北门' } }))
  test('R56: not before the consignor has weighed every hazardous line', () =>
    given(FILED, unweighed)
      .when({ manifest, occurredAt: at(10) })
      .refusedBy('R56', { line: 1 }))
  test('A3: not before the pickup', () =>
    given(FILED)
      .when({ manifest, occurredAt: at(10) })
      .refusedAs('manifest-not-ready'))
  test('B23, R59: not earlier than the handover', () =>
    given(FILED, PICKED_UP)
      .when({ manifest, occurredAt: at(8) })
      .refusedBy('R59'))
  test('A2: not twice', () =>
    given(FILED, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(10) })
      .refusedAs('manifest-not-ready'))
  test('not by a stranger, for whom there is no manifest', () =>
    given(FILED, PICKED_UP)
      .when({ manifest, occurredAt: at(10) }, { actor: outsiderActor })
      .refusedAs('manifest-unknown'))
})

describe('a handover between carriers', () => {
  const given = specification(handOver, { ...context, actor: nextCarrierActor, carrier: unitOf(NEXT_CARRIER) })
  const twoLegs: ManifestEvent = {
    ...FILED,
    data: {
      ...FILED.data,
      legs: [
        { carrier: CARRIER, plate: PLATE },
        { carrier: NEXT_CARRIER, plate: '苏E9Z999' },
      ],
    },
  }
  const command = (changes: Partial<HandOverRequest> = {}): HandOverRequest => ({
    manifest,
    leg: 1,
    to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
    place: '中转站',
    previousArrivedAt: at(11),
    occurredAt: at(12),
    ...changes,
  })

  test('A9, B25: the next carrier may come with another vehicle than the one filed', () => {
    given(twoLegs, PICKED_UP, DEPARTED)
      .when(command())
      .thenEvents({
        type: 'ManifestHandedOver',
        occurredAt: at(12),
        data: {
          leg: 1,
          from: { carrier: CARRIER, plate: PLATE },
          to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
          place: '中转站',
        },
      })
  })
  test('A8, R58: legs follow one another', () =>
    given(twoLegs, PICKED_UP, DEPARTED)
      .when(command({ leg: 2 }))
      .refusedBy('R58'))
  test('R58: not before the previous carrier was there', () =>
    given(twoLegs, PICKED_UP, DEPARTED)
      .when(command({ previousArrivedAt: at(13) }))
      .refusedBy('R58'))
  test('R57: only the carrier who was named', () =>
    given(twoLegs, PICKED_UP, DEPARTED)
      .when(command({ to: { carrier: CARRIER, plate: PLATE } }))
      .refusedBy('R57'))
  test('R17: with a permit for dangerous goods', () =>
    given(twoLegs, PICKED_UP, DEPARTED)
      .when(command({ to: { carrier: NEXT_CARRIER, plate: '苏E9Z999' } }))
      .refusedBy('R17'))
  test('not where there is no further leg', () =>
    given(FILED, PICKED_UP, DEPARTED).when(command(), { actor: carrierActor }).refusedAs('no-further-leg'))
  test('before the arrival', () =>
    specification(arrive, context)(twoLegs, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(13) })
      .refusedAs('legs-open'))
})

describe('arrival', () => {
  const given = specification(arrive, context)
  test('is the carrier’s', () => {
    given(FILED, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(11) })
      .thenEvents(ARRIVED)
    given(FILED, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(11) }, { actor: receiverActor })
      .refusedAs('not-your-part')
  })
  test('B23, R59: not earlier than the departure, and not in the future', () => {
    given(FILED, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(9) })
      .refusedBy('R59')
    given(FILED, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(11) }, { now: '2025-12-06T03:09:59Z' })
      .refusedBy('R59')
    given(FILED, PICKED_UP, DEPARTED)
      .when({ manifest, occurredAt: at(11) }, { now: '2025-12-06T03:10:00Z' })
      .thenEvents(ARRIVED)
  })
})

describe('cancelling', () => {
  const given = specification(cancel, { ...context, actor: consignorActor })
  const command = { manifest, cause: '车辆故障', occurredAt: at(10) }
  test('is possible before the departure, loaded or not', () => {
    given(FILED)
      .when(command)
      .thenEvents({ type: 'ManifestCancelled', occurredAt: at(10), data: { reason: '车辆故障' } })
    given(FILED, PICKED_UP)
      .when(command)
      .thenEvents({ type: 'ManifestCancelled', occurredAt: at(10), data: { reason: '车辆故障' } })
  })
  test('B24, R67: and not after it', () => {
    given(FILED, PICKED_UP, DEPARTED).when(command).refusedBy('R67')
    given(...TO_THE_SCALE)
      .when(command)
      .refusedBy('R67')
  })
})

describe('the official number', () => {
  const { number: _, ...data } = FILED.data
  const unnumbered: ManifestEvent = { ...FILED, data }
  const given = specification(attachNumber, {
    ...context,
    actor: consignorActor,
    takenBy: undefined,
    consignor: unitOf(CONSIGNOR),
  })
  const command = { manifest, number: NUMBER, occurredAt: at(9) }
  test('is attached once', () => {
    given(unnumbered)
      .when(command)
      .thenEvents({ type: 'OfficialNumberAttached', occurredAt: at(9), data: { number: NUMBER } })
    given(FILED).when(command).refusedAs('number-already-attached')
  })
  test('R48: of the year of the filing, of the consignor’s city, and borne by no other manifest', () => {
    given(unnumbered)
      .when({ ...command, number: '20263205000001' })
      .refusedBy('R48')
    given(unnumbered)
      .when({ ...command, number: '20253202000001' })
      .refusedBy('R48')
    given(unnumbered).when(command, { takenBy: 'manifest-other' }).refusedBy('R48')
  })
})

describe('giving a filing up', () => {
  const given = specification(abandon, context)
  test('closes a manifest that never came to be, once', () => {
    const abandoned: ManifestEvent = { type: 'ManifestAbandoned', occurredAt: at(9), data: { reason: 'never-filed' } }
    given()
      .when({ occurredAt: at(9) })
      .thenEvents(abandoned)
    given(abandoned)
      .when({ occurredAt: at(9) })
      .thenNothing()
  })
  test('is not for one that did', () =>
    given(FILED)
      .when({ occurredAt: at(9) })
      .refusedAs('manifest-already-filed'))
})
