import { refusal } from '../../../schemas/decision.ts'
import type { TreatmentContext, TreatmentRequest } from '../../../schemas/rules/questions.ts'
import { describe, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot } from '../../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { evolveManifest, noManifest } from '../../../schemas/manifest/state.ts'
import { noTreatment } from '../../../schemas/treatment/events.ts'
import { chosenId } from '../../../test/support/ids.ts'
import { grams } from '../../../schemas/values/mass.ts'
import {
  at,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  licence,
  lotOf,
  MANIFEST,
  NOW,
  OLD,
  RECEIVER,
  received,
  receivedLot,
  receiverActor,
  TO_THE_SCALE,
  treating,
  treatmentRequest,
  unitOf,
  waste,
  weighedAt,
  YOUNG,
} from '../../../test/support/transfers.ts'
import { returnRefused } from './return.ts'
import { recordTreatment } from './treatment.ts'

const decided: ManifestEvent = {
  type: 'LineDecided',
  occurredAt: at(13),
  data: {
    line: 1,
    decision: 'partly-accepted',
    accepted: grams(400_000),
    refused: grams(100_000),
    variance: 0,
    difference: 'packaging',
    note: '渗漏',
    method: 'R2',
    lots: [
      { lot: OLD.lot, shipped: grams(300_000), accepted: grams(300_000), refused: grams(0), variance: 0 },
      { lot: YOUNG.lot, shipped: grams(200_000), accepted: grams(100_000), refused: grams(100_000), variance: 0 },
    ],
  },
}
const RECEIVED = [
  ...TO_THE_SCALE,
  weighedAt(500_000),
  decided,
  { type: 'ManifestCompleted', occurredAt: at(13), data: {} },
] as const
const none = grams(0)
const base = { actor: receiverActor, now: NOW, provenance: 'live', catalogues: builtinCatalogues } as const

const outs = (product: number, residue = 0, loss = 0) => ({
  product: grams(product),
  loss: grams(loss),
  landfilled: none,
  residues: residue === 0 ? [] : [{ lot: 'residue-0', grams: grams(residue) }],
})
const SECOND = chosenId('second manifest')
const manifestOf = (...events: readonly ManifestEvent[]) => events.reduce(evolveManifest, noManifest)

describe('a treatment', () => {
  const lots = new Map([
    [OLD.lot, receivedLot(OLD)],
    [YOUNG.lot, receivedLot(YOUNG, 100_000)],
  ])
  const context: TreatmentContext = {
    ...base,
    receiver: unitOf(RECEIVER),
    lots,
    manifests: new Map([[MANIFEST, manifestOf(...RECEIVED)]]),
  }
  const given = specification(recordTreatment, context)
  const request = (changes: Partial<Parameters<typeof treating>[0]> = {}): TreatmentRequest =>
    treatmentRequest(treating(changes))
  const residue = {
    lot: 'residue-0',
    waste: { stream: 'hazardous', code: '900-407-06' },
    grams: grams(50_000),
  } as const

  test('of one line takes the oldest lot first and says what came out of each', () => {
    given()
      .when(
        request({
          treated: grams(350_000),
          product: grams(280_000),
          residues: [{ code: '900-407-06', stream: 'hazardous', grams: grams(50_000) }],
          loss: grams(20_000),
        }),
      )
      .thenEvents({
        type: 'TreatmentRecorded',
        occurredAt: at(14),
        data: {
          unit: RECEIVER,
          treatment: 'LC20251206001',
          facility: 'TS001',
          method: 'R2',
          treated: grams(350_000),
          product: grams(280_000),
          productName: '再生溶剂',
          loss: grams(20_000),
          landfilled: none,
          residues: [residue],
          inputs: [
            { lot: OLD.lot, waste, from: received(), grams: grams(300_000), ...outs(280_000, 20_000) },
            { lot: YOUNG.lot, waste, from: received(), grams: grams(50_000), ...outs(0, 30_000, 20_000) },
          ],
        },
      })
  })
  test('of many lines and lots lets every output take its share of every input', () => {
    const other = receivedLot(YOUNG, YOUNG.grams, SECOND)
    const inputs = [
      { manifest: MANIFEST, line: 1, grams: 300_000, pointer: '/inputs/0', massPointer: '/inputs/0/grams' },
      { lot: YOUNG.lot, at: received(1, SECOND), grams: 100_000, pointer: '/inputs/1', massPointer: '/inputs/1/grams' },
    ]
    given()
      .when(
        { ...request(), inputs, product: grams(300_000), loss: none },
        {
          lots: new Map([
            [OLD.lot, receivedLot(OLD)],
            [YOUNG.lot, other],
          ]),
        },
      )
      .thenEvents({
        type: 'TreatmentRecorded',
        occurredAt: at(14),
        data: {
          unit: RECEIVER,
          treatment: 'LC20251206001',
          facility: 'TS001',
          method: 'R2',
          treated: grams(400_000),
          product: grams(300_000),
          productName: '再生溶剂',
          loss: none,
          landfilled: none,
          residues: [{ ...residue, grams: grams(100_000) }],
          inputs: [
            { lot: OLD.lot, waste, from: received(), grams: grams(300_000), ...outs(225_000, 75_000) },
            { lot: YOUNG.lot, waste, from: received(1, SECOND), grams: grams(100_000), ...outs(75_000, 25_000) },
          ],
        },
      })
  })
  test('R77: outputs add up to what was treated', () =>
    given()
      .when(request({ loss: grams(49_999) }))
      .refusedBy('R77', { treated: 400_000, open: 400_000, outputs: 399_999 }))
  test('R77: no more is treated than was accepted and is open', () =>
    given()
      .when(request({ treated: grams(400_001), loss: grams(50_001) }))
      .refusedBy('R77'))
  test('R77: what is set aside for another treatment is not open', () => {
    const parts = [{ from: received(), grams: grams(1) }]
    const kept: LotEvent = { type: 'LotSetAside', occurredAt: at(14), data: { treatment: chosenId('other'), parts } }
    given()
      .when(request(), { lots: new Map([...lots, [OLD.lot, evolveLot(receivedLot(OLD), kept)]]) })
      .refusedBy('R77', { treated: 400_000, open: 399_999, outputs: 400_000 })
  })
  test('names what lies in one place once', () => {
    const once = { pointer: '/inputs/0', massPointer: '/inputs/0/grams', manifest: MANIFEST, line: 1, grams: 1 }
    given()
      .when({ ...request(), inputs: [once, { lot: OLD.lot, grams: 1, pointer: '/inputs/1', massPointer: '' }] })
      .refusedAs('input-twice', '/inputs/1')
  })
  test('R09: by a method of the licence', () =>
    given()
      .when(request({ method: 'R4' }))
      .refusedBy('R09'))
  test('R09: of a code that the licence covers on that day', () =>
    given()
      .when(request(), { receiver: unitOf(RECEIVER, licence({ covers: ['HW08'] })) })
      .refusedBy('R09'))
  test('R02: a residue has a code of the list', () =>
    given()
      .when(request({ residues: [{ code: '999-999-18', stream: 'hazardous', grams: grams(100_000) }] }))
      .refusedBy('R02'))
  test('R59: not before it was accepted', () =>
    given()
      .when({ ...request(), occurredAt: at(12) })
      .refusedBy('R59'))
  test('is recorded once, also where its line knows it from before treatments had streams', () => {
    const part: ManifestEvent = {
      type: 'LineTreated',
      occurredAt: at(14),
      data: {
        line: 1,
        treatment: 'LC20251206001',
        method: 'R2',
        treated: grams(1),
        product: grams(1),
        loss: grams(0),
        landfilled: grams(0),
        residues: [],
        lots: [
          { lot: OLD.lot, grams: grams(1), product: grams(1), loss: grams(0), landfilled: grams(0), residues: [] },
        ],
      },
    }
    const again = request({ treated: grams(10), product: grams(10), residues: [], loss: grams(0) })
    given()
      .when(again, { manifests: new Map([[MANIFEST, manifestOf(...RECEIVED, part)]]) })
      .refusedAs('treatment-twice')
    const done = recordTreatment.decide(again, noTreatment, context)
    given(...(done.accepted ? done.events : []))
      .when(again)
      .refusedAs('treatment-twice')
  })
  test('in a facility that the receiver has, into lots that are new', () => {
    given()
      .when(request({ facility: 'TS999' }))
      .refusedAs('facility-unknown', '/facility')
    given()
      .when(request(), { lots: new Map([...lots, ['residue-0', receivedLot(OLD)]]) })
      .refusedAs('lot-exists', '/residues/0/lot')
  })
  test('is the receiver’s', () => {
    given().when(request(), { actor: carrierActor }).refusedAs('not-your-part')
    given()
      .when(
        { ...request(), inputs: [{ lot: OLD.lot, grams: 1, pointer: '/inputs/0', massPointer: '' }] },
        { actor: consignorActor },
      )
      .refusedAs('not-your-part', '/inputs/0/lot')
    given()
      .when({ ...request(), unit: CONSIGNOR })
      .refusedAs('input-of-another-unit')
  })
  test('of nothing is none', () => {
    given()
      .when(request(), { manifests: new Map([[MANIFEST, manifestOf(...TO_THE_SCALE, weighedAt(500_000))]]) })
      .refusedAs('nothing-to-treat')
    const gone = { pointer: '/inputs/0', massPointer: '', lot: OLD.lot, grams: 1 }
    given()
      .when({ ...request(), inputs: [gone] }, { lots: new Map([[OLD.lot, lotOf(OLD)]]) })
      .refusedAs('lot-unknown', '/inputs/0/lot')
    given()
      .when({ ...request(), inputs: [{ ...gone, at: { ...received(), place: 'TS002' } }] })
      .refusedAs('place-not-open', '/inputs/0/at')
  })
})

describe('a return of what was refused', () => {
  const given = specification(returnRefused, { ...base, actor: consignorActor, consignor: unitOf(CONSIGNOR) })
  const command = { manifest: MANIFEST, line: 1, store: 'TS001', occurredAt: at(14) }
  const returned: ManifestEvent = {
    type: 'LineReturned',
    occurredAt: at(14),
    data: { line: 1, lots: [{ lot: YOUNG.lot, grams: grams(100_000) }], to: 'TS001' },
  }
  test('brings back what was refused, once', () => {
    given(...RECEIVED)
      .when(command)
      .thenEvents(returned)
    given(...RECEIVED, returned)
      .when(command)
      .refusedWith(refusal('nothing-refused', '', { returnedAt: at(14) }))
  })
  test('needs a store of the consignor', () =>
    given(...RECEIVED)
      .when({ ...command, store: 'TS009' })
      .refusedAs('facility-unknown', '/store'))
  test('R59: not before the refusal', () =>
    given(...RECEIVED)
      .when({ ...command, occurredAt: at(12) })
      .refusedBy('R59'))
})
