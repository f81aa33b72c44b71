import { describe, expect, test } from 'vitest'
import type { Envelope, Runtime } from '../../infra/commanding/execute.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { testIds } from '../support/ids.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { acceptManifest, refuseManifest, returnRefused, weighLoad } from '../../services/disposal/commands.ts'
import { recordTreatment } from '../../services/disposal/treatment.ts'
import { policies as disposal } from '../../services/disposal/policies.ts'
import {
  arrive,
  attachNumber,
  cancelManifest,
  depart,
  fileManifest,
  handOverLeg,
  pickUp,
  recordOutShipment,
} from '../../services/transport/commands.ts'
import { policies as transport } from '../../services/transport/policies.ts'
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
  NEXT_CARRIER,
  NEXT_PLATE,
  nextCarrierActor,
  NOW,
  NUMBER,
  OLD,
  outShipment,
  outsiderActor,
  PACKAGES,
  pickingUp,
  PLATE,
  POOL,
  RECEIVER,
  receiverActor,
  treating,
  YOUNG,
} from '../support/transfers.ts'

/** Acceptance scenarios of a transfer, by their numbers, through the use cases of transport and disposal. */
async function park(): Promise<Runtime> {
  const runtime = testRuntime({ policies: [...transport, ...disposal], now: NOW })
  await furnish(runtime.store)
  return runtime
}
const by = (actor: Actor, more: Partial<Envelope> = {}): Envelope => envelope({ actor, provenance: 'live', ...more })
const manifest = MANIFEST
const document = `${manifest}#1`

/** Where a lot lies, as `kind holder place` with its grams. */
const whereabouts = (lot: Lot) =>
  Object.fromEntries(
    Object.values(lot.held).map(({ place, grams: mass }) => [`${place.at} ${place.holder} ${place.place}`, mass]),
  )
const lies = async (runtime: Runtime, lot: string) => whereabouts(await lotIn(runtime, lot))

/** Through the gate with both packages, weighed as `netKg`. */
async function toTheScale(runtime: Runtime, netKg = 500, change: Parameters<typeof filing>[0] = {}): Promise<void> {
  const done = { status: 'done' }
  expect(await fileManifest(runtime, filing(change), by(consignorActor))).toMatchObject(done)
  expect(await pickUp(runtime, pickingUp(), by(carrierActor))).toMatchObject(done)
  expect(await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))).toMatchObject(done)
  expect(await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))).toMatchObject(done)
  expect(
    await weighLoad(
      runtime,
      { manifest, grossKg: 10_000 + netKg, tareKg: 10_000, occurredAt: at(12) },
      by(receiverActor),
    ),
  ).toMatchObject(done)
}

describe('A1: a direct run', () => {
  test('moves the packages from the ramp over the road to the receiver and into product, each gram once', async () => {
    const runtime = await park()
    await fileManifest(runtime, filing(), by(consignorActor))
    expect((await lotIn(runtime, OLD.lot)).reserved).toMatchObject({ [document]: { grams: 300_000 } })
    await pickUp(
      runtime,
      pickingUp({ lines: [{ line: 1, labels: PACKAGES.map(({ label }) => label), shipped: grams(500_600) }] }),
      by(carrierActor),
    )
    expect(await lies(runtime, OLD.lot)).toEqual({ [`transport ${CARRIER} ${PLATE}`]: 300_000 })
    expect(await lies(runtime, YOUNG.lot)).toEqual({ [`transport ${CARRIER} ${PLATE}`]: 200_600 })
    await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
    await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))
    await weighLoad(runtime, { manifest, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }, by(receiverActor))
    expect(await acceptManifest(runtime, accepting({ accepted: grams(500_600) }), by(receiverActor))).toMatchObject({
      status: 'done',
      state: { status: 'completed' },
    })
    expect(await lies(runtime, YOUNG.lot)).toEqual({ [`disposal ${RECEIVER} received`]: 200_600 })

    expect(await recordTreatment(runtime, treating(), by(receiverActor))).toMatchObject({ status: 'done' })
    expect(await lies(runtime, OLD.lot)).toEqual({})
    expect(await lies(runtime, YOUNG.lot)).toEqual({ [`disposal ${RECEIVER} received`]: 100_600 })
    const residue = testIds.derive('residue', manifest, 1, 'LC20251206001', 0)
    expect(await lotIn(runtime, residue)).toMatchObject({
      waste: { code: '900-407-06' },
      origin: { unit: RECEIVER, inside: true },
      classified: true,
      bornOn: '2025-12-06',
    })
    expect(await lies(runtime, residue)).toEqual({ [`classification ${RECEIVER} TS001`]: 100_000 })
  })

  test('every move of a lot names the manifest’s event that caused it', async () => {
    const runtime = await park()
    await toTheScale(runtime)
    const all = await runtime.store.readAll(0, 1_000)
    const moves = all.filter(({ type }) => type === 'LotPickedUp')
    const cause = all.find(({ type }) => type === 'ManifestPickedUp')
    expect(moves.map(({ metadata }) => metadata.causationId)).toEqual([cause?.id, cause?.id])
    expect(moves.map(({ metadata }) => metadata.provenance)).toEqual(['policy', 'policy'])
  })
})

describe('A2: a step that is sent twice', () => {
  test('under the same id is one event with the same answer', async () => {
    const runtime = await park()
    const first = by(consignorActor)
    const filed = await fileManifest(runtime, filing(), first)
    const again = await fileManifest(runtime, filing(), first)
    expect(again).toMatchObject({
      status: 'done',
      replayed: true,
      position: filed.status === 'done' ? filed.position : 0,
    })
    expect(await runtime.store.readStream(`manifest-${manifest}`)).toHaveLength(1)
  })
  test('under another id is refused', async () => {
    const runtime = await park()
    await fileManifest(runtime, filing(), by(consignorActor))
    expect(await fileManifest(runtime, filing(), by(consignorActor))).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'manifest-already-filed' }],
    })
    expect((await lotIn(runtime, OLD.lot)).reserved).toMatchObject({ [document]: { grams: 300_000 } })
  })
})

test('A8: legs are taken over in their order, and the lots travel with the carrier who has them', async () => {
  const runtime = await park()
  await fileManifest(
    runtime,
    filing({
      legs: [
        { carrier: CARRIER, plate: PLATE },
        { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
      ],
    }),
    by(consignorActor),
  )
  await pickUp(runtime, pickingUp(), by(carrierActor))
  await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
  const over = {
    manifest,
    to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
    place: '中转站',
    previousArrivedAt: at(11),
    occurredAt: at(11),
  }
  expect(await handOverLeg(runtime, { ...over, leg: 2 }, by(nextCarrierActor))).toMatchObject({
    status: 'refused',
    refusals: [{ rule: 'R58' }],
  })
  expect(await handOverLeg(runtime, { ...over, leg: 1 }, by(nextCarrierActor))).toMatchObject({
    status: 'done',
    state: { leg: 1 },
  })
  expect(await lies(runtime, OLD.lot)).toEqual({ [`transport ${NEXT_CARRIER} ${NEXT_PLATE}`]: 300_000 })
  expect(await arrive(runtime, { manifest, occurredAt: at(12) }, by(carrierActor))).toMatchObject({
    status: 'refused',
    refusals: [{ code: 'not-your-part' }],
  })
  expect(await arrive(runtime, { manifest, occurredAt: at(12) }, by(nextCarrierActor))).toMatchObject({
    status: 'done',
  })
})

test('A14, B6: a refused load stays with the carrier until it is returned', async () => {
  const runtime = await park()
  await toTheScale(runtime)
  expect(
    await refuseManifest(
      runtime,
      { manifest, difference: 'nature', note: '性质不符', occurredAt: at(13) },
      by(receiverActor),
    ),
  ).toMatchObject({
    status: 'done',
    state: { status: 'completed' },
  })
  expect(await lies(runtime, OLD.lot)).toEqual({ [`refused ${CARRIER} ${PLATE}`]: 300_000 })
  expect(
    await returnRefused(runtime, { manifest, line: 1, store: 'TS001', occurredAt: at(14) }, by(consignorActor)),
  ).toMatchObject({ status: 'done' })
  expect(await lies(runtime, OLD.lot)).toEqual({ [`collection ${CONSIGNOR} TS001`]: 300_000 })
})

test('A15: of a partial acceptance the accepted part is the receiver’s, the rest is refused from the newest lot', async () => {
  const runtime = await park()
  await toTheScale(runtime)
  const part = accepting({
    decision: 'partly-accepted',
    accepted: grams(380_000),
    difference: 'packaging',
    note: '一桶渗漏',
  })
  expect(await acceptManifest(runtime, part, by(receiverActor))).toMatchObject({
    status: 'done',
    state: { lines: [{ accepted: 380_000, refused: 120_000 }] },
  })
  expect(await lies(runtime, OLD.lot)).toEqual({ [`disposal ${RECEIVER} received`]: 300_000 })
  expect(await lies(runtime, YOUNG.lot)).toEqual({
    [`disposal ${RECEIVER} received`]: 80_000,
    [`refused ${CARRIER} ${PLATE}`]: 120_000,
  })
})

type FiledLine = ReturnType<typeof filing>['lines'][number]
const inTwoLines = (line: FiledLine): FiledLine[] =>
  PACKAGES.map(({ lot, outBatch }, i) => ({ ...line, line: i + 1, packageCount: 1, lots: [{ lot, outBatch }] }))

/** Two packages on two lines stand at the receiver's gate, weighed with `net` kilograms. */
async function twoLinesWeighed(net: number): Promise<Runtime> {
  const runtime = await park()
  const [line] = filing().lines
  if (!line) throw new Error('a filing has lines')
  await fileManifest(runtime, filing({ lines: inTwoLines(line) }), by(consignorActor))
  const scans = PACKAGES.map((one, i) => ({ line: i + 1, labels: [one.label], shipped: grams(one.grams) }))
  await pickUp(runtime, pickingUp({ lines: scans }), by(carrierActor))
  await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
  await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))
  const weighing = { manifest, grossKg: 10_000 + net, tareKg: 10_000, occurredAt: at(12) }
  expect(await weighLoad(runtime, weighing, by(receiverActor))).toMatchObject({ status: 'done' })
  return runtime
}

test('a line of which nothing arrived is said with its difference, and its mass is variance of the carrier', async () => {
  const runtime = await twoLinesWeighed(300)
  const gone = { line: 2, decision: 'refused' as const, accepted: grams(0), refused: grams(0), method: undefined }
  expect(await acceptManifest(runtime, accepting({ ...gone, difference: 'none' }), by(receiverActor))).toMatchObject({
    refusals: [{ rule: 'R72', pointer: '/lines/0/difference' }],
  })
  expect(
    await acceptManifest(runtime, accepting({ ...gone, difference: 'quantity', note: '途中遗失' }), by(receiverActor)),
  ).toMatchObject({ status: 'done' })
  expect(
    await acceptManifest(runtime, accepting({ line: 1, accepted: grams(300_000) }), by(receiverActor)),
  ).toMatchObject({ status: 'done', state: { status: 'completed' } })
  expect((await lotIn(runtime, YOUNG.lot)).held).toEqual({})
  const events = await runtime.store.readAll(0, 1_000)
  const accepted = events.flatMap(({ type, stream, data }) =>
    type === 'LotAccepted' && stream === `lot-${YOUNG.lot}` ? [data] : [],
  )
  expect(accepted).toMatchObject([{ accepted: 0, refused: 0, variance: -200_000, from: { holder: CARRIER } }])
})

test('a whole load is refused although the scale is short: what arrived goes back, the rest is variance', async () => {
  const runtime = await twoLinesWeighed(250)
  const refusing = { manifest, difference: 'quantity' as const, note: '短少且性质不符', occurredAt: at(13) }
  expect(await refuseManifest(runtime, refusing, by(receiverActor))).toMatchObject({
    status: 'done',
    state: {
      status: 'completed',
      lines: [
        { accepted: 0, refused: 250_000 },
        { accepted: 0, refused: 0 },
      ],
    },
  })
})

test('R56: a load without the consignor’s weighing is not taken over, and the refusal names the field', async () => {
  const runtime = await park()
  await fileManifest(runtime, filing(), by(consignorActor))
  const labels = PACKAGES.map(({ label }) => label)
  expect(await pickUp(runtime, pickingUp({ lines: [{ line: 1, labels }] }), by(carrierActor))).toMatchObject({
    status: 'refused',
    refusals: [{ rule: 'R56', pointer: '/lines/0/shipped' }],
  })
})

test('R55: as many packages are filed as there are labelled containers', async () => {
  const runtime = await park()
  const [line] = filing().lines
  if (!line) throw new Error('a filing has lines')
  expect(
    await fileManifest(runtime, filing({ lines: [{ ...line, packageCount: 5 }] }), by(consignorActor)),
  ).toMatchObject({
    status: 'refused',
    refusals: [{ rule: 'R55', pointer: '/lines/0/packageCount', facts: { label: '2 ≠ 5' } }],
  })
})

test('B4: a line that is decided alone leaves the others open, and the manifest is complete with the last', async () => {
  const runtime = await park()
  const [line] = filing().lines
  if (!line) throw new Error('a filing has lines')
  const both = inTwoLines(line)
  await fileManifest(runtime, filing({ lines: both }), by(consignorActor))
  const scans = PACKAGES.map((one, i) => ({ line: i + 1, labels: [one.label], shipped: grams(one.grams) }))
  await pickUp(runtime, pickingUp({ lines: scans }), by(carrierActor))
  await depart(runtime, { manifest, occurredAt: at(10) }, by(carrierActor))
  await arrive(runtime, { manifest, occurredAt: at(11) }, by(carrierActor))
  await weighLoad(runtime, { manifest, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }, by(receiverActor))
  const refusing = accepting({
    line: 2,
    decision: 'refused',
    accepted: grams(0),
    difference: 'nature',
    note: '性质不符',
  })
  expect(await acceptManifest(runtime, refusing, by(receiverActor))).toMatchObject({
    status: 'done',
    state: { status: 'weighed', lines: [{ decision: undefined }, { decision: 'refused' }] },
  })
  expect(
    await acceptManifest(runtime, accepting({ line: 1, accepted: grams(300_000) }), by(receiverActor)),
  ).toMatchObject({
    status: 'done',
    state: { status: 'completed' },
  })
})

test('A18: another company’s receipt finds no manifest', async () => {
  const runtime = await park()
  await toTheScale(runtime)
  expect(await acceptManifest(runtime, accepting(), by(outsiderActor))).toMatchObject({
    status: 'refused',
    refusals: [{ code: 'manifest-unknown' }],
  })
})

test('A38: of two decisions at once one stands, the other gets the current revision', async () => {
  const runtime = await park()
  await toTheScale(runtime)
  const ifMatch = (await runtime.store.readStream(`manifest-${manifest}`)).length
  const whole = accepting()
  const part = accepting({
    decision: 'partly-accepted',
    accepted: grams(400_000),
    difference: 'packaging',
    note: '渗漏',
  })
  const outcomes = await Promise.all(
    [whole, part].map((command) => acceptManifest(runtime, command, by(receiverActor, { ifMatch }))),
  )
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['conflict', 'done'])
  expect(outcomes.find(({ status }) => status === 'conflict')).toMatchObject({
    revision: ifMatch + 2,
    state: { status: 'completed' },
  })
})

test('A22: what is treated in two goes counts once, also when the second is sent again', async () => {
  const runtime = await park()
  await toTheScale(runtime)
  await acceptManifest(runtime, accepting(), by(receiverActor))
  const go = (treatment: string, treated: number) =>
    treating({ treatment, treated: grams(treated), product: grams(treated), residues: [], loss: grams(0) })
  await recordTreatment(runtime, go('LC1', 400_000), by(receiverActor))
  const second = by(receiverActor)
  for (const _ of [1, 2])
    expect(await recordTreatment(runtime, go('LC2', 100_000), second)).toMatchObject({ status: 'done' })
  const treated = (await runtime.store.readAll(0, 1_000)).filter(({ type }) => type === 'LotTreated')
  expect(treated.reduce((sum, { data }) => sum + (data as { grams: number }).grams, 0)).toBe(500_000)
})

test('B23: a step before the one before it is refused with its rule', async () => {
  const runtime = await park()
  await fileManifest(runtime, filing(), by(consignorActor))
  expect(await pickUp(runtime, pickingUp({ occurredAt: at(7) }), by(carrierActor))).toMatchObject({
    status: 'refused',
    refusals: [{ rule: 'R59', facts: { earlierAt: at(8), later: 'handover', laterAt: at(7) } }],
  })
})

test('B24: a loaded manifest that is cancelled before its departure gives the packages back to the ramp', async () => {
  const runtime = await park()
  await fileManifest(runtime, filing(), by(consignorActor))
  const before = await lies(runtime, OLD.lot)
  await pickUp(runtime, pickingUp(), by(carrierActor))
  expect(
    await cancelManifest(runtime, { manifest, cause: '车辆故障', occurredAt: at(10) }, by(consignorActor)),
  ).toMatchObject({ status: 'done' })
  expect(await lies(runtime, OLD.lot)).toEqual(before)
  expect(
    await fileManifest(
      runtime,
      filing({ manifest: derivedId('another'), number: '20253205000002' }),
      by(consignorActor),
    ),
  ).toMatchObject({
    status: 'done',
  })
})

test('B30: four of ten tonnes on another truck need a manifest of their own, and no gram is promised twice', async () => {
  const runtime = await park()
  const [line] = filing().lines
  if (!line) throw new Error('a filing has lines')
  const part = (mass: number) => [
    { ...line, packageCount: 1, lots: [{ lot: OLD.lot, outBatch: OLD.outBatch, grams: grams(mass) }] },
  ]
  const other = derivedId('another')
  expect(await fileManifest(runtime, filing({ lines: part(120_000) }), by(consignorActor))).toMatchObject({
    status: 'done',
  })
  const refused = await fileManifest(
    runtime,
    filing({ manifest: other, number: '20253205000002', lines: part(180_001) }),
    by(consignorActor),
  )
  expect(refused).toMatchObject({
    status: 'refused',
    refusals: [{ rule: 'R28', pointer: '/lines/0/lots/0', facts: { taken: 180_001, balance: 180_000 } }],
  })
  expect(
    await fileManifest(
      runtime,
      filing({ manifest: other, number: '20253205000002', lines: part(180_000) }),
      by(consignorActor),
    ),
  ).toMatchObject({
    status: 'done',
  })
})

test('R28: what leaves a pool lay there on that day, whatever was recorded since', async () => {
  const runtime = await park()
  const late = outShipment({ grams: grams(1_000), occurredAt: '2025-10-01T10:00:00+08:00' })
  expect(await recordOutShipment(runtime, late, by(consignorActor))).toMatchObject({
    status: 'refused',
    refusals: [{ rule: 'R28', pointer: '/grams', facts: { taken: 1_000, balance: 0 } }],
  })
})

describe('an official number', () => {
  test('R48: is borne by one manifest only', async () => {
    const runtime = await park()
    await fileManifest(runtime, filing(), by(consignorActor))
    const [line] = filing().lines
    if (!line) throw new Error('a filing has lines')
    await cancelManifest(runtime, { manifest, cause: '填报错误', occurredAt: at(9) }, by(consignorActor))
    const twin = filing({ manifest: derivedId('another') })
    expect(await fileManifest(runtime, twin, by(consignorActor))).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R48', pointer: '/number' }],
    })
    expect((await lotIn(runtime, OLD.lot)).reserved, 'what it had reserved is free again').toEqual({})
  })
  test('may come later', async () => {
    const runtime = await park()
    await fileManifest(runtime, filing({ number: undefined }), by(consignorActor))
    const attach = by(consignorActor)
    for (const _ of [1, 2])
      expect(await attachNumber(runtime, { manifest, number: NUMBER, occurredAt: at(9) }, attach)).toMatchObject({
        status: 'done',
        state: { number: NUMBER },
      })
    expect(
      await attachNumber(runtime, { manifest, number: '20253205000009', occurredAt: at(9) }, by(consignorActor)),
    ).toMatchObject({
      refusals: [{ code: 'number-already-attached' }],
    })
  })
})

test('two filings at once for the same package: one gets it, the other is told what is left', async () => {
  const runtime = await park()
  const twin = filing({ manifest: derivedId('another'), number: '20253205000002' })
  const outcomes = await Promise.all(
    [filing(), twin].map((command) => fileManifest(runtime, command, by(consignorActor))),
  )
  expect(outcomes.map(({ status }) => status).toSorted()).toContain('refused')
  const reservations = Object.keys((await lotIn(runtime, OLD.lot)).reserved)
  expect(reservations.length).toBe(outcomes.filter(({ status }) => status === 'done').length)
})

describe('general industrial waste', () => {
  test('leaves its pool with one record, is received and treated', async () => {
    const runtime = await park()
    const shipped = await recordOutShipment(runtime, outShipment(), by(consignorActor))
    expect(shipped).toMatchObject({
      status: 'done',
      state: { status: 'departed', form: 'out-record', number: 'CC20251206001' },
    })
    expect(await lies(runtime, POOL)).toEqual({
      [`collection ${CONSIGNOR} pool`]: 3_000_000,
      [`transport ${CARRIER} ${PLATE}`]: 2_000_000,
    })
    const id = testIds.derive('out-record', CONSIGNOR, 'CC20251206001')
    const received = accepting({ accepted: grams(2_000_000), method: undefined }, { manifest: id })
    expect(await acceptManifest(runtime, received, by(receiverActor))).toMatchObject({
      status: 'done',
      state: { status: 'completed' },
    })
    const treated = treating({
      manifest: id,
      method: 'GR-MAT',
      treated: grams(2_000_000),
      product: grams(2_000_000),
      residues: [],
      loss: grams(0),
    })
    expect(await recordTreatment(runtime, treated, by(receiverActor))).toMatchObject({ status: 'done' })
    expect(await lies(runtime, POOL)).toEqual({ [`collection ${CONSIGNOR} pool`]: 3_000_000 })
  })
  test('R28: never more than the pool holds; R18 without a contract only warns', async () => {
    const runtime = await park()
    expect(
      await recordOutShipment(runtime, outShipment({ grams: grams(5_000_001) }), by(consignorActor)),
    ).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R28', pointer: '/grams' }],
    })
    const elsewhere = await recordOutShipment(runtime, outShipment({ receiver: CARRIER }), by(consignorActor))
    expect(elsewhere).toMatchObject({ status: 'done', findings: [{ rule: 'R18', severity: 'WARN' }] })
  })
  test('a record’s number stands once in its unit’s books', async () => {
    const runtime = await park()
    await recordOutShipment(runtime, outShipment(), by(consignorActor))
    expect(await recordOutShipment(runtime, outShipment({ grams: grams(1) }), by(consignorActor))).toMatchObject({
      refusals: [{ code: 'record-already-filed' }],
    })
    expect(
      await recordOutShipment(
        runtime,
        outShipment({ manifest: derivedId('another'), grams: grams(1) }),
        by(consignorActor),
      ),
    ).toMatchObject({
      refusals: [{ code: 'record-already-filed' }],
    })
    expect((await runtime.store.readStream(lotStream(POOL))).filter(({ type }) => type === 'LotPickedUp')).toHaveLength(
      1,
    )
  })
})
