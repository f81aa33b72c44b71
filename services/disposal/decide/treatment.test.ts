import { refusal } from '../../../schemas/decision.ts'
import type { TreatmentContext, TreatmentRequest } from '../../../schemas/rules/questions.ts'
import { describe, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import {
  at,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  licence,
  MANIFEST,
  NOW,
  OLD,
  RECEIVER,
  receiverActor,
  TO_THE_SCALE,
  treating,
  unitOf,
  weighedAt,
  YOUNG,
} from '../../../test/support/transfers.ts'
import { returnRefused } from './return.ts'
import { treatLine } from './treatment.ts'

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

describe('a treatment', () => {
  const context: TreatmentContext = { ...base, receiver: unitOf(RECEIVER), existing: new Set() }
  const given = specification(treatLine, context)
  const request = (changes: Partial<Parameters<typeof treating>[0]> = {}): TreatmentRequest => {
    const command = treating(changes)
    return {
      ...command,
      residues: command.residues.map((residue, i) => ({ ...residue, lot: residue.lot ?? `residue-${i}` })),
    }
  }

  test('takes the oldest lot first and says what came out of each', () => {
    given(...RECEIVED)
      .when(
        request({
          treated: grams(350_000),
          product: grams(280_000),
          residues: [{ code: '900-407-06', stream: 'hazardous', grams: grams(50_000) }],
          loss: grams(20_000),
        }),
      )
      .thenEvents({
        type: 'LineTreated',
        occurredAt: at(14),
        data: {
          line: 1,
          treatment: 'LC20251206001',
          facility: 'TS001',
          method: 'R2',
          treated: grams(350_000),
          product: grams(280_000),
          productName: '再生溶剂',
          loss: grams(20_000),
          landfilled: none,
          residues: [{ lot: 'residue-0', waste: { stream: 'hazardous', code: '900-407-06' }, grams: grams(50_000) }],
          lots: [
            {
              lot: OLD.lot,
              grams: grams(300_000),
              product: grams(280_000),
              loss: none,
              landfilled: none,
              residues: [{ lot: 'residue-0', grams: grams(20_000) }],
            },
            {
              lot: YOUNG.lot,
              grams: grams(50_000),
              product: none,
              loss: grams(20_000),
              landfilled: none,
              residues: [{ lot: 'residue-0', grams: grams(30_000) }],
            },
          ],
        },
      })
  })
  test('R77: outputs add up to what was treated', () =>
    given(...RECEIVED)
      .when(request({ loss: grams(49_999) }))
      .refusedBy('R77', { treated: 400_000, open: 400_000, outputs: 399_999 }))
  test('R77: no more is treated than was accepted and is open', () =>
    given(...RECEIVED)
      .when(request({ treated: grams(400_001), loss: grams(50_001) }))
      .refusedBy('R77'))
  test('R09: by a method of the licence', () =>
    given(...RECEIVED)
      .when(request({ method: 'R4' }))
      .refusedBy('R09'))
  test('R09: of a code that the licence covers on that day', () =>
    given(...RECEIVED)
      .when(request(), { receiver: unitOf(RECEIVER, licence({ covers: ['HW08'] })) })
      .refusedBy('R09'))
  test('R02: a residue has a code of the list', () =>
    given(...RECEIVED)
      .when(request({ residues: [{ code: '999-999-18', stream: 'hazardous', grams: grams(100_000) }] }))
      .refusedBy('R02'))
  test('R59: not before it was accepted', () =>
    given(...RECEIVED)
      .when({ ...request(), occurredAt: at(12) })
      .refusedBy('R59'))
  test('is recorded once a line', () => {
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
    given(...RECEIVED, part)
      .when(request({ treated: grams(10), product: grams(10), residues: [], loss: grams(0) }))
      .refusedAs('treatment-twice')
  })
  test('in a facility that the receiver has, into lots that are new', () => {
    given(...RECEIVED)
      .when(request({ facility: 'TS999' }))
      .refusedAs('facility-unknown', '/facility')
    given(...RECEIVED)
      .when(request(), { existing: new Set(['residue-0']) })
      .refusedAs('lot-exists', '/residues/0/lot')
  })
  test('is the receiver’s', () =>
    given(...RECEIVED)
      .when(request(), { actor: carrierActor })
      .refusedAs('not-your-part'))
  test('of nothing is none', () =>
    given(...TO_THE_SCALE, weighedAt(500_000))
      .when(request())
      .refusedAs('nothing-to-treat'))
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
