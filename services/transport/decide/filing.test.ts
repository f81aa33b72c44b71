import { describe, expect, test } from 'vitest'
import type { FilingContext, FilingRequest } from '../../../schemas/rules/questions.ts'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import { evolveManifest, noManifest } from '../../../schemas/manifest/state.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { Decider } from '../../../schemas/decision.ts'
import type { Manifest } from '../../../schemas/manifest/state.ts'
import {
  at,
  CARRIER,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  filing,
  LICENCE,
  licence,
  lotOf,
  lotsOf,
  MANIFEST,
  NOW,
  OLD,
  OUTSIDER,
  pack,
  planOf,
  PLATE,
  RECEIVER,
  SOLVENT,
  staged,
  unitOf,
  YOUNG,
} from '../../../test/support/transfers.ts'
import { decideFiling } from './filing.ts'

const decider: Decider<Manifest, FilingRequest, ManifestEvent, FilingContext> = {
  initial: noManifest,
  evolve: evolveManifest,
  decide: (request, _manifest, context) => decideFiling(request, context),
}
const context: FilingContext = {
  manifest: MANIFEST,
  actor: consignorActor,
  now: NOW,
  provenance: 'live',
  catalogues: builtinCatalogues,
  lots: lotsOf(OLD, YOUNG),
  consignor: unitOf(CONSIGNOR),
  receiver: unitOf(RECEIVER),
  carriers: new Map([[CARRIER, unitOf(CARRIER)]]),
  plan: planOf(),
}
const given = specification(decider, context)

const request = (changes: Partial<Parameters<typeof filing>[0]> = {}): FilingRequest => ({
  ...filing(changes),
  legs: [{ carrier: CARRIER, plate: PLATE }],
})
const [line] = filing().lines
const withLine = (changes: Partial<NonNullable<typeof line>>): FilingRequest =>
  request({ lines: [{ ...(line as NonNullable<typeof line>), ...changes }] })

describe('filing a manifest', () => {
  test('names every lot with its place, mass, age and label, and plans what they weigh together', () => {
    const decision = decideFiling(request(), context)
    expect(decision).toMatchObject({
      accepted: true,
      findings: [],
      events: [
        {
          type: 'ManifestFiled',
          data: {
            form: 'transfer-manifest',
            consignor: { unit: CONSIGNOR, address: '示例路1号' },
            receiver: { unit: RECEIVER, licence: LICENCE },
            shipper: CONSIGNOR,
            lines: [
              {
                line: 1,
                waste: { stream: 'hazardous', code: SOLVENT },
                planned: 500_000,
                lots: [
                  {
                    lot: OLD.lot,
                    from: staged(OLD),
                    grams: 300_000,
                    bornOn: OLD.day,
                    batch: OLD.batch,
                    label: OLD.label,
                    outBatch: OLD.outBatch,
                  },
                  { lot: YOUNG.lot, from: staged(YOUNG), grams: 200_000, bornOn: YOUNG.day },
                ],
              },
            ],
          },
        },
      ],
    })
  })

  test('takes hazards and form from the lots where the consignor gives none', () => {
    expect(decideFiling(withLine({ hazards: undefined, form: undefined }), context)).toMatchObject({
      events: [{ data: { lines: [{ hazards: ['T', 'I', 'R'], form: 'L' }] } }],
    })
  })

  test('without a store-out batch takes what is staged before what lies in store', () => {
    expect(decideFiling(withLine({ packageCount: 1, lots: [{ lot: OLD.lot }] }), context)).toMatchObject({
      accepted: true,
      events: [{ data: { lines: [{ lots: [{ from: staged(OLD), grams: 300_000 }] }] } }],
    })
  })

  test('counts what an earlier try of the same filing reserved as its own', () => {
    const reserved = lotOf(OLD, {
      type: 'LotReserved',
      occurredAt: at(8),
      data: { manifest: MANIFEST, line: 1, from: staged(OLD), grams: grams(300_000) },
    })
    expect(
      decideFiling(request(), { ...context, lots: new Map([...context.lots, [OLD.lot, reserved]]) }),
    ).toMatchObject({ accepted: true })
  })
})

describe('what stands against a filing', () => {
  test('R28: mass that another manifest was promised', () => {
    const reserved = lotOf(OLD, {
      type: 'LotReserved',
      occurredAt: at(8),
      data: { manifest: 'other', line: 1, from: staged(OLD), grams: grams(100_000) },
    })
    const lots = new Map([...context.lots, [OLD.lot, reserved]])
    given()
      .when(withLine({ lots: [{ lot: OLD.lot, outBatch: OLD.outBatch, grams: grams(200_001) }] }), { lots })
      .refusedBy('R28', { taken: 200_001, balance: 200_000, held: 300_000, promised: 100_000, promisedTo: 'other' })
    const all = lotOf(OLD, {
      type: 'LotReserved',
      occurredAt: at(8),
      data: { manifest: 'other', line: 1, from: staged(OLD), grams: grams(300_000) },
    })
    // What is free was asked for, and nothing is: no "0 g taken, 0 g free".
    given()
      .when(withLine({ lots: [{ lot: OLD.lot }] }), { lots: new Map([...context.lots, [OLD.lot, all]]) })
      .refusedBy('R28', { held: 300_000, promised: 300_000, promisedTo: 'other' })
  })
  test('R29: a store-out batch that the lot does not know', () =>
    given()
      .when(withLine({ lots: [{ lot: OLD.lot, outBatch: YOUNG.outBatch }] }))
      .refusedBy('R29'))
  test('a lot that stands on it twice', () =>
    given()
      .when(withLine({ lots: [{ lot: OLD.lot }, { lot: OLD.lot }] }))
      .refusedAs('lot-twice', '/lines/0/lots/1/lot'))
  test('a lot that nobody knows', () =>
    given()
      .when(withLine({ lots: [{ lot: pack(9, OLD.day, 1).lot }] }))
      .refusedAs('lot-unknown', '/lines/0/lots/0/lot'))
  test('a lot of somebody else, which does not exist for this consignor', () => {
    const decision = decideFiling(
      { ...request(), consignor: { unit: OUTSIDER } },
      { ...context, consignor: unitOf(OUTSIDER), actor: { subject: 'x', roles: ['admin'] } },
    )
    expect(decision).toMatchObject({ accepted: false, refusals: [{ code: 'lot-unknown' }, { code: 'lot-unknown' }] })
  })
  test('a lot of another waste than its line says', () => {
    const decision = decideFiling(withLine({ code: '900-402-06' }), context)
    expect(decision).toMatchObject({
      accepted: false,
      refusals: [{ code: 'lot-of-other-waste', facts: { actual: SOLVENT } }, { code: 'lot-of-other-waste' }],
    })
  })
  test('a planned mass that is not that of its lots', () =>
    given()
      .when(withLine({ planned: grams(499_999) }))
      .refusedAs('planned-differs', '/lines/0/planned'))
  test('a method that is in no list', () =>
    given()
      .when(withLine({ method: 'R10' }))
      .refusedAs('method-unknown', '/lines/0/method'))
  test('two lines of one number', () => {
    const [only] = request().lines
    const twice = { ...request(), lines: [only, { ...only, lots: [] }] } as unknown as FilingRequest
    given().when(twice).refusedAs('line-twice', '/lines/1/line')
  })
  test('an actor of another unit', () => given().when(request(), { actor: carrierActor }).refusedAs('not-your-part'))
  test('a receiver that nobody registered', () =>
    given()
      .when(request(), { receiver: unitOf('nobody') })
      .refusedAs('party-unknown', '/receiver/unit'))

  test('R08: a receiver without a licence in force', () => {
    given()
      .when(request(), { receiver: unitOf(RECEIVER, licence({ to: '2025-12-05' })) })
      .refusedBy('R08', { unit: RECEIVER, day: '2025-12-06', licence: LICENCE })
  })
  test('R08: a mistyped licence number is named, with the licences that the receiver has', () => {
    const filed = request()
    const typed = { ...filed, receiver: { ...filed.receiver, licence: 'JSSZ0571TEST10' } }
    given()
      .when(typed)
      .refusedBy('R08', { unit: RECEIVER, day: '2025-12-06', licence: 'JSSZ0571TEST10', others: LICENCE })
  })
  test('R08: a licence revoked before that day', () => {
    given()
      .when(request(), {
        receiver: unitOf(RECEIVER, {
          type: 'LicenceRevoked',
          data: { number: LICENCE, from: '2025-12-06', reason: '违规' },
        }),
      })
      .refusedBy('R08')
  })
  test('R09: a code that the licence does not cover', () =>
    given()
      .when(request(), { receiver: unitOf(RECEIVER, licence({ covers: ['HW08'] })) })
      .refusedBy('R09'))
  test('R09: a method that the licence lacks', () =>
    given()
      .when(withLine({ method: 'R4' }))
      .refusedBy('R09', { code: SOLVENT, method: 'R4', licences: LICENCE }))
  test('R17: a vehicle without a permit for dangerous goods that day', () => {
    const expired = {
      type: 'VehicleRegistered',
      data: { plate: PLATE, permit: '1', validTo: '2025-12-05', dangerousGoods: true },
    } as const
    given()
      .when(request(), { carriers: new Map([[CARRIER, unitOf(CARRIER, expired)]]) })
      .refusedBy('R17', { subject: PLATE, day: '2025-12-06' })
  })
  test('R18: no contract that names the waste', () =>
    given()
      .when(request(), { consignor: { ...unitOf(CONSIGNOR), contracts: {} } })
      .refusedBy('R18'))
  test('R20: no plan for the year', () =>
    given()
      .when(request(), { plan: { lines: [] } })
      .refusedBy('R20', { unit: CONSIGNOR, year: 2025 }))
  test('R21: a transfer that the plan does not have', () =>
    given()
      .when(withLine({ method: 'D10' }))
      .refusedBy('R21'))
  test('R21: a destination that the plan does not have', () =>
    given()
      .when({ ...request(), destination: 'cross-province' })
      .refusedBy('R21'))
  test('R48: a number of another year or another city', () => {
    given()
      .when({ ...request(), number: '20243205000001' })
      .refusedBy('R48')
    given()
      .when({ ...request(), number: '20253201000001' })
      .refusedBy('R48', { number: '20253201000001', year: 2025, place: '3205' })
  })
  test('R48: the place is that of the site which the waste leaves, never that of the credit code', () => {
    const at = (division?: string) =>
      unitOf(
        CONSIGNOR,
        {
          type: 'SiteAdded',
          data: { site: 'S1', name: '厂区', address: '示例路', ...(division === undefined ? {} : { division }) },
        },
        { type: 'FacilityAdded', data: { facility: 'TS001', name: '库', kind: 'warehouse', site: 'S1' } },
      )
    const numbered = (number: string) => ({ ...request(), number })
    for (const [division, number] of [
      [undefined, '20253205000001'],
      ['320594', '20253205000001'],
      ['320102', '20253201000001'],
      ['110108', '20251101000001'],
    ] as const)
      given()
        .when(numbered(number), { consignor: at(division) })
        .thenWarned()
    given()
      .when(numbered('20253205000001'), { consignor: at('320102') })
      .refusedBy('R48', { number: '20253205000001', year: 2025, place: '3201' })
    given().when(numbered('20253302000001'), { parkCity: '3302' }).thenWarned()
  })
  test('R52: a field of part one that is missing, but not in a book, which has no such column', () => {
    given()
      .when(withLine({ harmful: undefined }))
      .refusedBy('R52', { field: 'harmful' })
    expect(decideFiling(withLine({ harmful: undefined }), { ...context, provenance: 'book' })).toMatchObject({
      accepted: true,
    })
  })
  test('R53: hazards unlike those of the list only warn', () =>
    given()
      .when(withLine({ hazards: ['I', 'R'] }))
      .thenWarned('R53'))
  test('R53: of a comma list the first hazard alone is enough', () =>
    given()
      .when(withLine({ hazards: ['T'] }))
      .thenWarned())
  test('R54: a shipper that is neither consignor nor receiver', () =>
    given()
      .when({ ...request(), shipper: CARRIER })
      .refusedBy('R54'))
  test('R59: a filing of tomorrow', () => given().when(request(), { now: '2025-12-05T16:00:00.000Z' }).refusedBy('R59'))
  test('R106: a filing recorded two days later says so', () =>
    given().when(request(), { now: '2025-12-08T16:00:00.000Z' }).thenWarned('R106'))
})
