import { describe, expect, test } from 'vitest'
import type { ReceiverContext } from '../../../schemas/rules/questions.ts'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { ManifestEvent, ManifestEventOf } from '../../../schemas/manifest/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import {
  accepting,
  at,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  FILED,
  licence,
  MANIFEST,
  NOW,
  OLD,
  outsiderActor,
  RECEIVER,
  receiverActor,
  TO_THE_SCALE,
  unitOf,
  weighedAt,
  YOUNG,
  type Package,
} from '../../../test/support/transfers.ts'
import { acceptManifest, refuseManifest, weighLoad } from './receipt.ts'

const context: ReceiverContext = {
  actor: receiverActor,
  now: NOW,
  provenance: 'live',
  catalogues: builtinCatalogues,
  receiver: unitOf(RECEIVER),
}
const WEIGHED = [...TO_THE_SCALE, weighedAt(500_000)] as const
const completed: ManifestEvent = { type: 'ManifestCompleted', occurredAt: at(13), data: {} }
const note = '过磅差异'

type Decided = ManifestEventOf<'LineDecided'>['data']
/** One package's share of a decision: [accepted, refused] in grams. */
const share = (one: Package, [accepted, refused]: readonly [number, number]): Decided['lots'][number] => ({
  lot: one.lot,
  shipped: grams(one.grams),
  accepted: grams(accepted),
  refused: grams(refused),
  variance: accepted + refused - one.grams,
})
const decided = (
  decision: Decided['decision'],
  old: readonly [number, number],
  young: readonly [number, number],
  changes: Partial<Decided> = {},
): ManifestEvent => {
  const [accepted, refused] = [old[0] + young[0], old[1] + young[1]]
  const masses = { accepted: grams(accepted), refused: grams(refused), variance: accepted + refused - 500_000 }
  return {
    type: 'LineDecided',
    occurredAt: at(13),
    data: {
      line: 1,
      decision,
      ...masses,
      difference: 'none',
      lots: [share(OLD, old), share(YOUNG, young)],
      ...changes,
    },
  }
}

describe('weighing at the gate', () => {
  const given = specification(weighLoad, context)
  const command = { manifest: MANIFEST, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }
  test('keeps gross, tare and net in grams', () => {
    given(...TO_THE_SCALE)
      .when(command)
      .thenEvents({
        type: 'LoadWeighed',
        occurredAt: at(12),
        data: { gross: grams(10_500_000), tare: grams(10_000_000), net: grams(500_000) },
      })
  })
  test('R69: the vehicle was heavier full than empty', () =>
    given(...TO_THE_SCALE)
      .when({ ...command, tareKg: 10_500 })
      .refusedBy('R69'))
  test('A18: is the named receiver’s', () => {
    given(...TO_THE_SCALE)
      .when(command, { actor: carrierActor })
      .refusedAs('not-your-part')
    given(...TO_THE_SCALE)
      .when(command, { actor: outsiderActor })
      .refusedAs('manifest-unknown')
  })
  test('A17: happens once', () =>
    given(...WEIGHED)
      .when(command)
      .refusedAs('manifest-not-ready'))
  test('R59: not before the arrival', () =>
    given(...TO_THE_SCALE)
      .when({ ...command, occurredAt: at(10) })
      .refusedBy('R59'))
})

describe('the receiver’s decision', () => {
  const given = specification(acceptManifest, context)
  test('accepts all that was shipped, and completes the manifest', () => {
    given(...WEIGHED)
      .when(accepting())
      .thenEvents(decided('accepted', [300_000, 0], [200_000, 0], { method: 'R2' }), completed)
  })
  test('of another weight is a variance of the newest lot', () => {
    const event = decided('accepted', [300_000, 0], [180_000, 0], { difference: 'quantity', note, method: 'R2' })
    given(...TO_THE_SCALE, weighedAt(480_000))
      .when(accepting({ accepted: grams(480_000), difference: 'quantity', note }))
      .thenEvents(event, completed)
  })
  test('A15: of a part leaves the rest refused, and is no part if nothing or everything is', () => {
    const event = decided('partly-accepted', [300_000, 0], [50_000, 150_000], {
      difference: 'packaging',
      note,
      method: 'R2',
    })
    given(...WEIGHED)
      .when(accepting({ decision: 'partly-accepted', accepted: grams(350_000), difference: 'packaging', note }))
      .thenEvents(event, completed)
    given(...WEIGHED)
      .when(accepting({ decision: 'partly-accepted', accepted: grams(500_000), difference: 'packaging', note }))
      .refusedAs('decision-contradicts')
    given(...WEIGHED)
      .when(accepting({ decision: 'partly-accepted', accepted: grams(0), difference: 'packaging', note }))
      .refusedAs('decision-contradicts')
  })
  test('A14: a refused load is refused as a whole', () => {
    const event = decided('refused', [0, 300_000], [0, 200_000], { difference: 'nature', note })
    given(...WEIGHED)
      .when(accepting({ decision: 'refused', accepted: grams(0), difference: 'nature', note, method: undefined }))
      .thenEvents(event, completed)
    given(...WEIGHED)
      .when(accepting({ decision: 'refused', accepted: grams(0), refused: grams(0), difference: 'nature', note }))
      .refusedBy('R69')
    given(...WEIGHED)
      .when(accepting({ decision: 'refused', accepted: grams(1), difference: 'nature', note }))
      .refusedAs('decision-contradicts')
  })
  test('A16: nothing cannot be accepted', () =>
    given(...WEIGHED)
      .when(accepting({ accepted: grams(0) }))
      .refusedAs('decision-contradicts'))
  test('R69: comes after the receiver’s own weighing', () =>
    given(...TO_THE_SCALE)
      .when(accepting())
      .refusedBy('R69'))
  test('R69: is of what was weighed, cut to the kilogram', () => {
    given(...TO_THE_SCALE, weighedAt(499_000))
      .when(accepting())
      .refusedBy('R69', { net: 499, decided: 500 })
    expect(
      acceptManifest.decide(
        accepting({ accepted: grams(500_999), difference: 'quantity', note }),
        [...WEIGHED].reduce(acceptManifest.evolve, acceptManifest.initial),
        context,
      ),
    ).toMatchObject({ accepted: true })
  })
  test('R70: is not the consignor’s', () => {
    given(...WEIGHED)
      .when(accepting(), { actor: { subject: 'x', unit: CONSIGNOR, roles: ['admin'] } })
      .refusedBy('R70', { consignor: CONSIGNOR })
    given(...WEIGHED)
      .when(accepting(), { actor: consignorActor })
      .refusedAs('not-your-part')
  })
  test('R72: a difference of mass needs its kind, and a kind its note', () => {
    given(...TO_THE_SCALE, weighedAt(499_000))
      .when(accepting({ accepted: grams(499_999) }))
      .refusedBy('R72', { line: 1, difference: 'none', shipped: 500_000, accepted: 499_999 })
    given(...WEIGHED)
      .when(accepting({ difference: 'packaging' }))
      .refusedBy('R72')
  })
  test('B10, R74: at the limit is normal, a gram more is not', () => {
    const limit = 100_000
    const decide = (accepted: number) =>
      acceptManifest.decide(
        accepting({ accepted: grams(accepted), difference: 'quantity', note }),
        [...TO_THE_SCALE, weighedAt(600_000)].reduce(acceptManifest.evolve, acceptManifest.initial),
        context,
      )
    expect(decide(500_000 + limit)).toMatchObject({ accepted: true })
    expect(decide(500_000 + limit + 1)).toMatchObject({
      accepted: false,
      refusals: [{ rule: 'R74', facts: { limit } }],
    })
  })
  test('R08: the licence is in force on the day of the acceptance', () =>
    given(...WEIGHED)
      .when(accepting(), { receiver: unitOf(RECEIVER, licence({ to: '2025-12-05' })) })
      .refusedBy('R08'))
  test('R09: the method chosen is one of the licence', () =>
    given(...WEIGHED)
      .when(accepting({ method: 'R4' }))
      .refusedBy('R09', { code: '900-404-06', method: 'R4', licences: 'JSSZ0571TEST01' }))
  test('a method of no list', () =>
    given(...WEIGHED)
      .when(accepting({ method: 'D2' }))
      .refusedAs('method-unknown', '/lines/0/method'))
  test('without a method of its own takes the planned one', () =>
    given(...WEIGHED)
      .when(accepting({ method: undefined }))
      .thenEvents(decided('accepted', [300_000, 0], [200_000, 0], { method: 'R2' }), completed))
  test('a line that is not there, or twice', () => {
    given(...WEIGHED)
      .when(accepting({ line: 2 }))
      .refusedAs('line-unknown')
    const [line] = accepting().lines
    if (line)
      given(...WEIGHED)
        .when({ ...accepting(), lines: [line, line] })
        .refusedAs('line-twice', '/lines/1/line')
  })
  test('A17: stands once it is made', () =>
    given(...WEIGHED, decided('accepted', [300_000, 0], [200_000, 0]), completed)
      .when(accepting())
      .refusedAs('manifest-not-ready'))
  test('B23, R59: is not earlier than the weighing', () =>
    given(...WEIGHED)
      .when({ ...accepting(), occurredAt: at(11) })
      .refusedBy('R59'))
})

describe('an out-record of general waste', () => {
  const given = specification(acceptManifest, context)
  const record: ManifestEvent = {
    ...FILED,
    data: {
      ...FILED.data,
      form: 'out-record',
      number: 'CC20251206001',
      lines: FILED.data.lines.map(({ method: _, ...line }) => ({
        ...line,
        waste: { stream: 'industrial', code: '900-003-S17' },
      })),
    },
  }
  test('is received as it comes in: the slip is its arrival too, and no method is chosen yet', () => {
    given(record, ...TO_THE_SCALE.slice(1, 3))
      .when(accepting({ method: undefined }))
      .thenEvents(
        { type: 'ManifestArrived', occurredAt: at(13), data: {} },
        decided('accepted', [300_000, 0], [200_000, 0]),
        completed,
      )
  })
  test('is not weighed at this gate', () =>
    specification(weighLoad, context)(record, ...TO_THE_SCALE.slice(1))
      .when({ manifest: MANIFEST, grossKg: 2, tareKg: 1, occurredAt: at(12) })
      .refusedAs('not-weighed-here'))
})

describe('refusing the whole load', () => {
  const given = specification(refuseManifest, context)
  const command = { manifest: MANIFEST, difference: 'nature', note, occurredAt: at(13) } as const
  const why = { difference: 'nature', note } as const
  test('leaves all of it with the carrier', () =>
    given(...WEIGHED)
      .when(command)
      .thenEvents(decided('refused', [0, 300_000], [0, 200_000], why), completed))
  test('of another weight is what the receiver’s scale says', () => {
    given(...TO_THE_SCALE, weighedAt(490_000))
      .when(command)
      .thenEvents(decided('refused', [0, 300_000], [0, 190_000], why), completed)
  })
  test('needs a kind of difference', () =>
    given(...WEIGHED)
      .when({ ...command, difference: 'none' })
      .refusedBy('R72'))
})
