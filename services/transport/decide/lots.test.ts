import { describe, expect, test } from 'vitest'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { Place } from '../../../schemas/values/place.ts'
import {
  at,
  CARRIER,
  lotOf,
  MANIFEST,
  NEXT_CARRIER,
  NEXT_PLATE,
  OLD,
  PLATE,
  poolOf,
  poolPlace,
  staged,
} from '../../../test/support/transfers.ts'
import { handOverLot, pickUpLot, releaseReservation, reserveLot, unloadLot } from './lots.ts'

const line = { manifest: MANIFEST, line: 1, occurredAt: at(8) }
const road: Place = { at: 'transport', holder: CARRIER, place: PLATE, document: `${MANIFEST}#1` }
const next: Place = { at: 'transport', holder: NEXT_CARRIER, place: NEXT_PLATE, document: `${MANIFEST}#1` }
const from = staged(OLD)
const all = grams(OLD.grams)
const reserved = (mass: number, place = from): LotEvent => ({
  type: 'LotReserved',
  occurredAt: at(8),
  data: { manifest: MANIFEST, line: 1, from: place, grams: grams(mass) },
})
const no = undefined

describe('a reservation', () => {
  test('R28: promises what is free and no gram more', () => {
    expect(reserveLot.decide({ ...line, from, grams: all }, lotOf(OLD), no)).toMatchObject({
      accepted: true,
      events: [{ type: 'LotReserved' }],
    })
    expect(reserveLot.decide({ ...line, from, grams: grams(all + 1) }, lotOf(OLD), no)).toMatchObject({
      accepted: false,
      refusals: [{ rule: 'R28', facts: { balance: all } }],
    })
    expect(
      reserveLot.decide({ ...line, manifest: 'other', from, grams: grams(1) }, lotOf(OLD, reserved(all)), no),
    ).toMatchObject({ accepted: false })
  })
  test('that stands already changes nothing, and another one for the same line is refused', () => {
    expect(reserveLot.decide({ ...line, from, grams: all }, lotOf(OLD, reserved(all)), no)).toMatchObject({
      accepted: true,
      events: [],
    })
    expect(reserveLot.decide({ ...line, from, grams: grams(1) }, lotOf(OLD, reserved(all)), no)).toMatchObject({
      accepted: false,
      refusals: [{ code: 'already-reserved' }],
    })
  })
  test('is released once', () => {
    expect(releaseReservation.decide({ ...line, reason: 'cancelled' }, lotOf(OLD, reserved(all)), no)).toMatchObject({
      events: [{ type: 'LotReservationReleased', data: { reason: 'cancelled' } }],
    })
    expect(releaseReservation.decide({ ...line, reason: 'cancelled' }, lotOf(OLD), no)).toMatchObject({
      accepted: true,
      events: [],
    })
  })
})

describe('a lot that is picked up', () => {
  test('leaves whole as the scale shows it, where nothing of the package was promised elsewhere', () => {
    expect(
      pickUpLot.decide({ ...line, from, to: road, grams: grams(all + 70) }, lotOf(OLD, reserved(all)), no),
    ).toMatchObject({
      events: [
        { type: 'LotPickedUp', data: { from, to: road, grams: all + 70, whole: true, manifest: MANIFEST, line: 1 } },
      ],
    })
  })
  test('R28: leaves in part only as far as it is there', () => {
    const half = lotOf(OLD, reserved(100_000))
    expect(pickUpLot.decide({ ...line, from, to: road, grams: grams(100_000) }, half, no)).toMatchObject({
      events: [{ data: { whole: false } }],
    })
    expect(pickUpLot.decide({ ...line, from, to: road, grams: grams(all + 1) }, half, no)).toMatchObject({
      refusals: [{ rule: 'R28', facts: { balance: all } }],
    })
  })
  test('is never whole out of a pool', () => {
    const pool = poolOf(reserved(5_000_000, poolPlace))
    expect(pickUpLot.decide({ ...line, from: poolPlace, to: road, grams: grams(5_000_000) }, pool, no)).toMatchObject({
      events: [{ data: { whole: false } }],
    })
  })
  test('needs its reservation', () => {
    expect(pickUpLot.decide({ ...line, from, to: road, grams: all }, lotOf(OLD), no)).toMatchObject({
      refusals: [{ code: 'not-reserved' }],
    })
  })
})

describe('a lot on the road', () => {
  const loaded = lotOf(OLD, reserved(all), {
    type: 'LotPickedUp',
    occurredAt: at(9),
    data: {
      waste: { stream: 'hazardous', code: '900-404-06' },
      from,
      to: road,
      grams: all,
      whole: true,
      manifest: MANIFEST,
      line: 1,
    },
  })
  test('goes from one carrier to the next', () => {
    expect(handOverLot.decide({ ...line, leg: 1, from: road, to: next, grams: all }, loaded, no)).toMatchObject({
      events: [{ type: 'LotHandedOver', data: { from: road, to: next, leg: 1 } }],
    })
    expect(handOverLot.decide({ ...line, leg: 1, from: next, to: road, grams: all }, loaded, no)).toMatchObject({
      refusals: [{ code: 'not-on-the-road' }],
    })
  })
  test('is unloaded where it was, when its manifest is cancelled', () => {
    expect(unloadLot.decide({ ...line, from: road, to: from, grams: all }, loaded, no)).toMatchObject({
      events: [{ type: 'LotReturned', data: { from: road, to: from, grams: all } }],
    })
    expect(unloadLot.decide({ ...line, from: road, to: from, grams: all }, lotOf(OLD), no)).toMatchObject({
      accepted: false,
    })
  })
})
