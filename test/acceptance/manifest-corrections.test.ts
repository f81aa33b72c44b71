import { describe, expect, test } from 'vitest'
import type { Envelope, Outcome, Runtime } from '../../infra/commanding/execute.ts'
import { journalWith } from '../../projections/journal/projection.ts'
import { balanceTable, entryTable } from '../../projections/journal/tables.ts'
import { openMemoryTables } from '../../projections/runner/memory-tables.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { KnownCorrection } from '../../schemas/correction/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import type { ManifestEventType } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest } from '../../schemas/manifest/state.ts'
import { accountKey } from '../../schemas/values/place.ts'
import { grams } from '../../schemas/values/mass.ts'
import { acceptManifest, returnRefused, weighLoad } from '../../services/disposal/commands.ts'
import { policies as disposal } from '../../services/disposal/policies.ts'
import { consentToCorrection, proposeCorrection, refuseCorrection } from '../../services/supervision/corrections.ts'
import { policies as supervision } from '../../services/supervision/policies.ts'
import { arrive, depart, fileManifest, pickUp } from '../../services/transport/commands.ts'
import { policies as transport } from '../../services/transport/policies.ts'
import { pastOf } from '../support/past.ts'
import { envelope, testRuntime } from '../support/runtime.ts'
import {
  accepting,
  at,
  CARRIER,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  filing,
  furnish,
  lotIn,
  MANIFEST,
  NEXT_PLATE,
  NOW,
  OLD,
  outsiderActor,
  PACKAGES,
  pickingUp,
  PLATE,
  RECEIVER,
  receiverActor,
  YOUNG,
} from '../support/transfers.ts'

const manifest = MANIFEST
const document = `${manifest}#1`
const by = (actor: Actor, more: Partial<Envelope> = {}): Envelope => envelope({ actor, provenance: 'live', ...more })
const reason = '磅单抄错'

/** Both packages loaded, 500 kg by the consignor's scale. */
async function loaded(): Promise<Runtime> {
  const runtime = testRuntime({ policies: [...transport, ...disposal, ...supervision], now: NOW })
  await furnish(runtime.store)
  const done = { status: 'done' }
  expect(await fileManifest(runtime, filing(), by(consignorActor))).toMatchObject(done)
  expect(await pickUp(runtime, pickingUp(), by(carrierActor))).toMatchObject(done)
  return runtime
}

/** The same at the receiver's gate, weighed there. */
async function weighed(netKg = 500): Promise<Runtime> {
  const runtime = await loaded()
  const done = { status: 'done' }
  expect(await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))).toMatchObject(done)
  expect(await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))).toMatchObject(done)
  const weighing = { manifest, grossKg: 10_000 + netKg, tareKg: 10_000, occurredAt: at(12) }
  expect(await weighLoad(runtime, weighing, by(receiverActor))).toMatchObject(done)
  return runtime
}

async function accepted(netKg = 500, line: Parameters<typeof accepting>[0] = {}): Promise<Runtime> {
  const runtime = await weighed(netKg)
  expect(await acceptManifest(runtime, accepting(line), by(receiverActor))).toMatchObject({ status: 'done' })
  return runtime
}

const eventOf = async ({ store }: Runtime, type: ManifestEventType): Promise<string> =>
  (await store.readStream(`manifest-${manifest}`)).find((event) => event.type === type)?.id ?? ''
const propose = async (
  runtime: Runtime,
  actor: Actor,
  ...changes: readonly (readonly [ManifestEventType, Record<string, unknown>])[]
) =>
  proposeCorrection(
    runtime,
    {
      changes: await Promise.all(changes.map(async ([type, is]) => ({ of: await eventOf(runtime, type), is }))),
      reason,
    },
    by(actor),
  )
const idOf = (outcome: Outcome<unknown>): string =>
  outcome.status === 'done' ? outcome.stream.slice('correction-'.length) : JSON.stringify(outcome)
const consent = (runtime: Runtime, outcome: Outcome<unknown>, actor: Actor) =>
  consentToCorrection(runtime, { correction: idOf(outcome) }, by(actor))
const manifestNow = async ({ states }: Runtime) =>
  (await states.load({ initial: noManifest, evolve: evolveManifest }, `manifest-${manifest}`, 0)).state
const held = async (runtime: Runtime, lot: string): Promise<Record<string, number>> =>
  Object.fromEntries(Object.entries((await lotIn(runtime, lot)).held).map(([key, { grams: mass }]) => [key, mass]))

const ROAD = accountKey({ at: 'transport', holder: CARRIER, place: PLATE, document })
const RECEIVED = accountKey({ at: 'disposal', holder: RECEIVER, place: 'received', document })
const REFUSED = accountKey({ at: 'refused', holder: CARRIER, place: PLATE, document })

/** What lies where by the journal, which folds the corrections by itself, has to be what the lots say; entries so far stay. */
async function expectJournalAgrees(runtime: Runtime): Promise<void> {
  const history = (await runtime.store.readAll(0, 10_000)).filter(({ stream }) => stream.startsWith('lot-'))
  const tables = openMemoryTables()
  const folding = journalWith([2, 4, 6], 4).open()
  const past = pastOf(history)
  let before: readonly unknown[] = []
  for (const event of history) {
    tables.apply(await folding.fold([event], tables.rows, past))
    const entries = tables.all(entryTable)
    expect(entries.slice(0, before.length)).toEqual(before)
    before = entries
  }
  for (const { lot } of PACKAGES) {
    const balances = tables.all(balanceTable).filter((row) => row[0] === lot)
    expect(balances.map((row) => Number(row[8])).toSorted()).toEqual(Object.values(await held(runtime, lot)).toSorted())
  }
}

describe('what the consignor weighed at pickup', () => {
  test('is corrected with the consent of the carrier: shares of the lots follow, in their own events', async () => {
    const runtime = await loaded()
    const proposed = await propose(runtime, consignorActor, [
      'ManifestPickedUp',
      { lines: [{ line: 1, shipped: 480_000 }] },
    ])
    expect(proposed).toMatchObject({
      status: 'done',
      state: { status: 'proposed', manifest, by: CONSIGNOR, mustAgree: [CARRIER] },
    })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [ROAD]: 200_000 })
    expect(await consent(runtime, proposed, carrierActor)).toMatchObject({ state: { status: 'applied' } })
    expect(await manifestNow(runtime)).toMatchObject({ lines: [{ shipped: 480_000 }], legs: [{ plate: PLATE }] })
    // A shortage is of the newest package; the older one says what it said, and has no event more.
    expect(await held(runtime, YOUNG.lot)).toEqual({ [ROAD]: 180_000 })
    const types = async (lot: string) =>
      (await runtime.store.readStream(`lot-${lot}`)).map(({ type }) => type).slice(-2)
    expect(await types(YOUNG.lot)).toEqual(['LotPickedUp', 'LotCorrected'])
    expect(await types(OLD.lot)).toEqual(['LotReserved', 'LotPickedUp'])
    await expectJournalAgrees(runtime)
  })

  test('and what follows is decided by the corrected weight', async () => {
    const runtime = await loaded()
    const proposed = await propose(runtime, consignorActor, [
      'ManifestPickedUp',
      { lines: [{ line: 1, shipped: 480_000 }] },
    ])
    await consent(runtime, proposed, carrierActor)
    await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
    await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))
    await weighLoad(runtime, { manifest, grossKg: 10_480, tareKg: 10_000, occurredAt: at(12) }, by(receiverActor))
    expect(await acceptManifest(runtime, accepting({ accepted: grams(480_000) }), by(receiverActor))).toMatchObject({
      status: 'done',
      state: { status: 'completed' },
    })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 180_000 })
    await expectJournalAgrees(runtime)
  })

  test('cannot be moved from under the receiver’s decision without saying why they differ (R72)', async () => {
    const runtime = await accepted()
    const weight = ['ManifestPickedUp', { lines: [{ line: 1, shipped: 480_000 }] }] as const
    expect(await propose(runtime, consignorActor, weight)).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R72', facts: { shipped: 480_000, accepted: 500_000 } }],
    })
    const proposed = await propose(runtime, consignorActor, weight, [
      'LineDecided',
      { difference: 'quantity', note: '移出地磅故障' },
    ])
    expect(proposed).toMatchObject({ state: { by: CONSIGNOR, mustAgree: [RECEIVER, CARRIER] } })
    expect(await consent(runtime, proposed, carrierActor)).toMatchObject({ state: { status: 'proposed' } })
    expect(await consent(runtime, proposed, receiverActor)).toMatchObject({ state: { status: 'applied' } })
    const [line] = (await manifestNow(runtime)).lines
    expect(line).toMatchObject({ shipped: 480_000, accepted: 500_000, decision: 'accepted' })
    // The receiver's figures stay; what differs is variance of the newest package.
    expect(await held(runtime, OLD.lot)).toEqual({ [RECEIVED]: 300_000 })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 200_000 })
    await expectJournalAgrees(runtime)
  })

  test('a label that was scanned wrongly is another one', async () => {
    const runtime = await loaded()
    const proposed = await propose(runtime, consignorActor, [
      'ManifestPickedUp',
      { lines: [{ line: 1, labels: [OLD.label] }] },
    ])
    expect(proposed).toMatchObject({
      state: { changes: [{ is: { lines: [{ labels: [OLD.label], shipped: 500_000 }] } }] },
    })
    expect(await consent(runtime, proposed, carrierActor)).toMatchObject({ state: { status: 'applied' } })
    const corrected = (await runtime.store.readStream(`manifest-${manifest}`)).at(-1)
    expect(corrected?.type).toBe('ManifestCorrected')
    expect((await runtime.store.readAll(0, 1_000)).filter(({ type }) => type === 'LotCorrected')).toEqual([])
  })
})

describe('a trip', () => {
  test('went with another vehicle: the carrier says so, and the load lies there', async () => {
    const runtime = await loaded()
    const proposed = await propose(runtime, carrierActor, ['ManifestPickedUp', { plate: NEXT_PLATE }])
    expect(proposed).toMatchObject({ state: { by: CARRIER, mustAgree: [CONSIGNOR] } })
    expect(await consent(runtime, proposed, consignorActor)).toMatchObject({ state: { status: 'applied' } })
    const moved = accountKey({ at: 'transport', holder: CARRIER, place: NEXT_PLATE, document })
    expect(await held(runtime, OLD.lot)).toEqual({ [moved]: 300_000 })
    await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
    await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))
    await weighLoad(runtime, { manifest, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }, by(receiverActor))
    expect(await acceptManifest(runtime, accepting(), by(receiverActor))).toMatchObject({ status: 'done' })
    expect(await held(runtime, OLD.lot)).toEqual({ [RECEIVED]: 300_000 })
    await expectJournalAgrees(runtime)
  })

  test('whose load was refused since is corrected in every event that names the vehicle', async () => {
    const runtime = await accepted(500, {
      decision: 'partly-accepted',
      accepted: grams(380_000),
      difference: 'packaging',
      note: '一桶渗漏',
    })
    const proposed = await propose(runtime, carrierActor, ['ManifestPickedUp', { plate: NEXT_PLATE }])
    expect(proposed).toMatchObject({ state: { mustAgree: [CONSIGNOR, RECEIVER] } })
    await consent(runtime, proposed, consignorActor)
    expect(await consent(runtime, proposed, receiverActor)).toMatchObject({ state: { status: 'applied' } })
    const refused = accountKey({ at: 'refused', holder: CARRIER, place: NEXT_PLATE, document })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 80_000, [refused]: 120_000 })
    await expectJournalAgrees(runtime)
  })
})

describe('the receiver’s weighing and decision', () => {
  test('the weighing alone is the receiver’s own until it has decided', async () => {
    const runtime = await weighed(480)
    expect(await propose(runtime, receiverActor, ['LoadWeighed', { gross: 10_500_000 }])).toMatchObject({
      state: { status: 'applied', changes: [{ is: { gross: 10_500_000, net: 500_000 } }] },
    })
    expect(await acceptManifest(runtime, accepting(), by(receiverActor))).toMatchObject({ status: 'done' })
    expect(await propose(runtime, receiverActor, ['LoadWeighed', { gross: 10_490_000 }])).toMatchObject({
      refusals: [{ rule: 'R69', pointer: '/changes/0/is' }],
    })
    expect(await propose(runtime, receiverActor, ['LoadWeighed', { tare: 10_600_000 }])).toMatchObject({
      refusals: [{ rule: 'R69' }, { rule: 'R69' }],
    })
  })

  test('9.8 t and not 10: scale and decision together, with the consent of the consignor', async () => {
    const runtime = await accepted()
    const proposed = await propose(
      runtime,
      receiverActor,
      ['LoadWeighed', { gross: 10_490_000 }],
      ['LineDecided', { accepted: 490_000, difference: 'quantity', note: '皮重有误' }],
    )
    expect(proposed).toMatchObject({ state: { status: 'proposed', by: RECEIVER, mustAgree: [CONSIGNOR] } })
    expect(await consent(runtime, proposed, receiverActor)).toMatchObject({
      refusals: [{ code: 'correction-not-yours', facts: { units: CONSIGNOR } }],
    })
    expect(await consent(runtime, proposed, outsiderActor)).toMatchObject({
      refusals: [{ code: 'correction-unknown' }],
    })
    expect(await consent(runtime, proposed, consignorActor)).toMatchObject({ state: { status: 'applied' } })
    expect(await manifestNow(runtime)).toMatchObject({
      status: 'completed',
      weighing: { net: 490_000 },
      lines: [{ accepted: 490_000, refused: 0 }],
    })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 190_000 })
    await expectJournalAgrees(runtime)
  })

  test('what was refused concerns the carrier, too; what came back follows, and cannot become nothing', async () => {
    const part = {
      decision: 'partly-accepted',
      accepted: grams(380_000),
      difference: 'packaging',
      note: '渗漏',
    } as const
    const runtime = await accepted(500, part)
    await returnRefused(runtime, { manifest, line: 1, store: 'TS001', occurredAt: at(14) }, by(consignorActor))
    const home = accountKey({ at: 'collection', holder: CONSIGNOR, place: 'TS001' })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 80_000, [home]: 120_000 })
    const proposed = await propose(runtime, receiverActor, ['LineDecided', { accepted: 400_000, refused: 100_000 }])
    expect(proposed).toMatchObject({ state: { mustAgree: [CONSIGNOR, CARRIER] } })
    await consent(runtime, proposed, carrierActor)
    expect(await consent(runtime, proposed, consignorActor)).toMatchObject({ state: { status: 'applied' } })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 100_000, [home]: 100_000 })
    const corrected = (await runtime.store.readStream(`manifest-${manifest}`)).at(-1)
    expect(corrected?.data).toMatchObject({ refused: [{ line: 1, was: 120_000, is: 100_000, decidedAt: at(13) }] })
    await expectJournalAgrees(runtime)
    expect(await propose(runtime, receiverActor, ['LineDecided', { accepted: 500_000, refused: 0 }])).toMatchObject({
      refusals: [{ code: 'correction-leaves-return' }],
    })
  })

  test('a share that lay refused goes back to the receiver’s account', async () => {
    const part = {
      decision: 'partly-accepted',
      accepted: grams(380_000),
      difference: 'packaging',
      note: '渗漏',
    } as const
    const runtime = await accepted(500, part)
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 80_000, [REFUSED]: 120_000 })
    const all = { accepted: 500_000, refused: 0, difference: 'none', note: null }
    const proposed = await propose(runtime, receiverActor, ['LineDecided', all])
    expect(proposed).toMatchObject({
      refusals: [{ code: 'correction-value-malformed', pointer: '/changes/0/is/note' }],
    })
    const again = await propose(runtime, receiverActor, [
      'LineDecided',
      { accepted: 500_000, refused: 0, difference: 'packaging' },
    ])
    await consent(runtime, again, carrierActor)
    await consent(runtime, again, consignorActor)
    expect(await manifestNow(runtime)).toMatchObject({ lines: [{ decision: 'accepted', refused: 0 }] })
    expect(await held(runtime, YOUNG.lot)).toEqual({ [RECEIVED]: 200_000 })
    await expectJournalAgrees(runtime)
  })

  test('refused by the consignor it changes nothing', async () => {
    const runtime = await accepted()
    const before: Lot = await lotIn(runtime, YOUNG.lot)
    const proposed = await propose(
      runtime,
      receiverActor,
      ['LoadWeighed', { gross: 10_490_000 }],
      ['LineDecided', { accepted: 490_000, difference: 'quantity', note: '皮重有误' }],
    )
    const answer = await refuseCorrection(
      runtime,
      { correction: idOf(proposed), reason: '与我方不符' },
      by(consignorActor),
    )
    expect(answer).toMatchObject({ state: { status: 'refused' } })
    expect(await lotIn(runtime, YOUNG.lot)).toEqual(before)
    expect((await manifestNow(runtime)).lines).toMatchObject([{ accepted: 500_000 }])
  })
})

describe('a proposal about a manifest', () => {
  test.each([
    [
      'by another unit',
      outsiderActor,
      { lines: [{ line: 1, shipped: 1 }] },
      'correction-event-unknown',
      '/changes/0/of',
    ],
    ['by a party whose act it is not', receiverActor, { plate: NEXT_PLATE }, 'correction-not-yours', ''],
    ['of what is sealed', carrierActor, { carrier: RECEIVER }, 'correction-field-sealed', '/changes/0/is/carrier'],
    [
      'of an unknown line',
      consignorActor,
      { lines: [{ line: 7, shipped: 5 }] },
      'line-unknown',
      '/changes/0/is/lines/0/line',
    ],
    [
      'of less than a gram a lot',
      consignorActor,
      { lines: [{ line: 1, shipped: 1 }] },
      'shipped-too-small',
      '/changes/0/is/lines',
    ],
    ['of another form', consignorActor, { lines: 'all' }, 'correction-value-malformed', '/changes/0/is/lines'],
    ['that says the same', carrierActor, { plate: PLATE }, 'correction-empty', '/is'],
    ['that says nothing', carrierActor, {}, 'correction-empty', '/is'],
  ])('%s is refused for what it is', async (_, actor, is, code, pointer) => {
    const runtime = await loaded()
    expect(await propose(runtime, actor, ['ManifestPickedUp', is])).toMatchObject({
      status: 'refused',
      refusals: [{ code, pointer }],
    })
  })

  test('is the only open one of its manifest, and is judged again with the last consent', async () => {
    const runtime = await loaded()
    const weight = ['ManifestPickedUp', { lines: [{ line: 1, shipped: 480_000 }] }] as const
    const first = await propose(runtime, consignorActor, weight)
    expect(await propose(runtime, carrierActor, ['ManifestPickedUp', { plate: NEXT_PLATE }])).toMatchObject({
      refusals: [{ code: 'correction-open-already', facts: { correction: idOf(first) } }],
    })
    await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
    await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))
    await weighLoad(runtime, { manifest, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }, by(receiverActor))
    await acceptManifest(runtime, accepting(), by(receiverActor))
    expect(await consent(runtime, first, carrierActor)).toMatchObject({ refusals: [{ rule: 'R72' }] })
    expect((first as { readonly state: KnownCorrection }).state.status).toBe('proposed')
  })
})
