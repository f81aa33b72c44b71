import { describe, test } from 'vitest'
import type { PickUpContext, PickUpRequest } from '../../../schemas/rules/questions.ts'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import {
  at,
  BOTH_RESERVED,
  CARRIER,
  carrierActor,
  consignorActor,
  FILED,
  licence,
  MANIFEST,
  NEXT_CARRIER,
  NEXT_PLATE,
  nextCarrierActor,
  NOW,
  OLD,
  outsiderActor,
  PLATE,
  RECEIVER,
  reservedLots,
  staged,
  unitOf,
  YOUNG,
} from '../../../test/support/transfers.ts'
import { pickUp } from './pickup.ts'

const context: PickUpContext = {
  actor: carrierActor,
  now: NOW,
  provenance: 'live',
  catalogues: builtinCatalogues,
  lots: BOTH_RESERVED,
  receiver: unitOf(RECEIVER),
  carrier: unitOf(CARRIER),
}
const given = specification(pickUp, context)
const labels = [OLD.label, YOUNG.label]
const command = (
  line: Partial<PickUpRequest['lines'][number]> = {},
  changes: Partial<PickUpRequest> = {},
): PickUpRequest => ({
  manifest: MANIFEST,
  carrier: CARRIER,
  plate: PLATE,
  driver: undefined,
  lines: [{ line: 1, labels, shipped: grams(500_000), ...line }],
  occurredAt: at(9),
  ...changes,
})
const picked = (lots: readonly { lot: string; grams: number }[], changes: object = {}) =>
  ({
    type: 'ManifestPickedUp',
    occurredAt: at(9),
    data: {
      carrier: CARRIER,
      plate: PLATE,
      lines: [
        {
          line: 1,
          labels,
          weighed: true,
          lots: lots.map((lot) => ({ ...lot, from: staged(lot.lot === OLD.lot ? OLD : YOUNG) })),
          ...changes,
        },
      ],
    },
  }) as unknown as ManifestEvent

describe('picking up', () => {
  test('writes down what the consignor weighed, package by package', () => {
    given(FILED)
      .when(command())
      .thenEvents(
        picked(
          [
            { lot: OLD.lot, grams: 300_000 },
            { lot: YOUNG.lot, grams: 200_000 },
          ],
          { shipped: 500_000 },
        ),
      )
  })
  test('gives a surplus to the newest package and takes a shortage from it', () => {
    given(FILED)
      .when(command({ shipped: grams(500_700) }))
      .thenEvents(
        picked(
          [
            { lot: OLD.lot, grams: 300_000 },
            { lot: YOUNG.lot, grams: 200_700 },
          ],
          { shipped: 500_700 },
        ),
      )
    given(FILED)
      .when(command({ shipped: grams(250_000) }))
      .thenEvents(
        picked(
          [
            { lot: OLD.lot, grams: 249_999 },
            { lot: YOUNG.lot, grams: 1 },
          ],
          { shipped: 250_000 },
        ),
      )
  })
  test('R56: nothing that the consignor has not weighed', () => {
    given(FILED)
      .when(command({ shipped: undefined }))
      .refusedBy('R56', { line: 1 })
  })
})

describe('what stands against a pickup', () => {
  test('R55: a label that was not scanned, and one that is not on the manifest, each by name', () => {
    const foreign = OLD.label.slice(0, -3) + '777'
    given(FILED)
      .when(command({ labels: [OLD.label] }))
      .refusedBy('R55', { line: 1, label: YOUNG.label, problem: 'not-scanned' })
    given(FILED)
      .when(command({ labels: [...labels, foreign] }))
      .refusedBy('R55', { line: 1, label: foreign, problem: 'not-on-manifest' })
  })
  test('R55: a book may have no column for the labels that were scanned', () => {
    given(FILED)
      .when(command({ labels: [] }))
      .refusedBy('R55', { line: 1, label: OLD.label, problem: 'not-scanned' })
    given(FILED)
      .when(command({ labels: [] }), { provenance: 'book' })
      .thenWarned()
    given(FILED)
      .when(command({ labels: [OLD.label] }), { provenance: 'book' })
      .refusedBy('R55', { line: 1, label: YOUNG.label, problem: 'not-scanned' })
  })
  test('a line that the manifest does not have', () =>
    given(FILED)
      .when(command({ line: 2 }))
      .refusedAs('line-unknown', '/lines/0/line'))
  test('R57: another carrier or plate than the one named', () => {
    given(FILED)
      .when(command({}, { carrier: NEXT_CARRIER }))
      .refusedBy('R57', { field: 'carrier', actual: NEXT_CARRIER, named: CARRIER })
    given(FILED)
      .when(command({}, { plate: NEXT_PLATE }))
      .refusedBy('R57')
  })
  test('A13: R08 on the day of the pickup, whatever held at the filing', () => {
    given(FILED)
      .when(command(), { receiver: unitOf(RECEIVER, licence({ to: '2025-12-05' })) })
      .refusedBy('R08')
  })
  test('R17: a vehicle whose permit has lapsed', () =>
    given(FILED)
      .when(command(), { carrier: unitOf(NEXT_CARRIER) })
      .refusedBy('R17'))
  test('R28: a lot of which nothing is reserved for this line', () =>
    given(FILED)
      .when(command(), { lots: reservedLots('another') })
      .refusedBy('R28'))
  test('R31: a package without a label', () => {
    const bare = new Map([...BOTH_RESERVED].map(([id, lot]) => [id, { ...lot, label: undefined }]))
    const unlabelled = {
      ...FILED,
      data: {
        ...FILED.data,
        lines: FILED.data.lines.map((line) => ({ ...line, lots: line.lots.map(({ label: _, ...lot }) => lot) })),
      },
    } as typeof FILED
    given(unlabelled)
      .when(command({ labels: [] }), { lots: bare })
      .refusedBy('R31')
  })
  test('R59: a handover before the filing', () =>
    given(FILED)
      .when(command({}, { occurredAt: at(7) }))
      .refusedBy('R59'))
  test('R47: no open manifest', () =>
    given(FILED, { type: 'ManifestCancelled', occurredAt: at(8), data: { reason: '车辆故障' } })
      .when(command())
      .refusedBy('R47'))
  test('R49: a second trip of a manifest that is loaded', () =>
    given(
      FILED,
      picked(
        [
          { lot: OLD.lot, grams: 1 },
          { lot: YOUNG.lot, grams: 1 },
        ],
        { shipped: 2 },
      ),
    )
      .when(command())
      .refusedBy('R49'))
  test('less than a gram a package', () =>
    given(FILED)
      .when(command({ shipped: grams(1) }))
      .refusedAs('shipped-too-small'))
  test('an actor who is not the carrier, and one to whom the manifest is nothing', () => {
    given(FILED).when(command(), { actor: consignorActor }).refusedAs('not-your-part')
    given(FILED).when(command(), { actor: outsiderActor }).refusedAs('manifest-unknown')
    given(FILED).when(command(), { actor: nextCarrierActor }).refusedAs('manifest-unknown')
  })
  test('a manifest that nobody filed', () => given().when(command()).refusedAs('manifest-unknown'))
})

test('R51: a load above the rated one of its vehicle is taken with a warning', () => {
  const carrier = unitOf(CARRIER)
  const vehicle = carrier.vehicles[PLATE]
  if (!vehicle) throw new Error('the carrier has its vehicle')
  const rated = (mass: number) => ({
    carrier: { ...carrier, vehicles: { [PLATE]: { ...vehicle, rated: grams(mass) } } },
  })
  given(FILED).when(command(), rated(400_000)).thenWarned('R51')
  given(FILED).when(command(), rated(500_000)).thenWarned()
})
