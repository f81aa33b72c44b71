import { beforeEach, describe, expect, test } from 'vitest'
import type { Outcome, Runtime } from '../../infra/commanding/execute.ts'
import type { KnownCorrection } from '../../schemas/correction/events.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import { grams } from '../../schemas/values/mass.ts'
import { givenLot } from '../../test/support/history.ts'
import { envelope, testRuntime, unitActor } from '../../test/support/runtime.ts'
import { storeLot, takeOutLot } from '../collection/commands.ts'
import { consentToCorrection, proposeCorrection, refuseCorrection, withdrawCorrection } from './corrections.ts'
import { policies } from './policies.ts'

const unit = '913205942CL12TH3BX'
const receiver = '9132059461TJ3Y7LLY'
const carrier = '9132059491C099L727'
const manifest = '5f0c0c0e-0000-4000-8000-000000000001'
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const at = (time: string) => `2025-12-01T${time}:00+08:00`
const line = { at: 'generation', holder: unit, place: 'MF0001' } as const
const sorted = { ...line, at: 'classification' } as const
const inStore = { at: 'collection', holder: unit, place: 'TS001' } as const
const road = { at: 'transport', holder: carrier, place: '苏E12345', document: `${manifest}#1` } as const
const received = { at: 'disposal', holder: receiver, place: 'received', document: `${manifest}#1` } as const
const label = `${unit}9004040620251201001`

const ready: readonly LotEvent[] = [
  {
    type: 'LotGenerated',
    occurredAt: at('12:53'),
    data: { waste, origin: { unit, inside: true }, to: line, grams: grams(30_500), pool: false },
  },
  { type: 'LotClassified', occurredAt: at('13:00'), data: { waste, from: line, to: sorted, grams: grams(30_500) } },
  { type: 'LotLabelled', occurredAt: at('13:10'), data: { label } },
  {
    type: 'LotStored',
    occurredAt: at('13:30'),
    data: { waste, from: sorted, to: inStore, grams: grams(30_500), whole: true },
  },
]
const gone: readonly LotEvent[] = [
  ...ready,
  {
    type: 'LotPickedUp',
    occurredAt: at('15:00'),
    data: { waste, from: inStore, to: road, grams: grams(30_000), whole: false, manifest, line: 1 },
  },
  {
    type: 'LotAccepted',
    occurredAt: at('18:00'),
    data: {
      waste,
      from: road,
      to: received,
      refusedTo: { ...road, at: 'refused' },
      manifest,
      line: 1,
      accepted: grams(30_000),
      refused: grams(0),
      variance: 0,
    },
  },
]

let runtime: Runtime
beforeEach(() => {
  runtime = testRuntime({ policies })
})

const as = (who = unit) => envelope({ actor: unitActor(who) })
const idsOf = async (lot: string) => (await runtime.store.readStream(`lot-${lot}`)).map(({ id }) => id)
const lotNow = async (lot: string): Promise<Lot> =>
  (await runtime.states.load({ initial: noLot, evolve: evolveLot }, `lot-${lot}`, 0)).state
const idOf = (outcome: Outcome<unknown>) =>
  outcome.status === 'done' ? outcome.stream.slice('correction-'.length) : outcome.status
/** Says of one event of a lot, by its place from 0, that it was otherwise. */
const propose = async (lot: string, place: number, is: Record<string, unknown>, who = unit) =>
  proposeCorrection(
    runtime,
    { lot, changes: [{ of: (await idsOf(lot))[place] ?? '', is }], reason: '抄错磅单' },
    as(who),
  )

describe('a correction of what concerns nobody else', () => {
  beforeEach(() => givenLot(runtime, 'A', ...ready))

  test('is applied at once: the lot is what its corrected history makes it, and what follows is decided by that', async () => {
    const outcome = await propose('A', 3, { grams: 29_000 })
    expect(outcome).toMatchObject({ status: 'done', state: { status: 'applied', agreed: [unit] } })
    expect((await lotNow('A')).held).toEqual({ [`collection|${unit}|TS001|`]: { place: inStore, grams: 29_000 } })
    const [corrected] = (await runtime.store.readStream('lot-A')).slice(-1)
    expect(corrected).toMatchObject({
      type: 'LotCorrected',
      data: {
        correction: idOf(outcome),
        reason: '抄错磅单',
        agreed: [unit],
        changes: [{ revision: 4, was: { grams: 30_500 }, is: { grams: 29_000 } }],
      },
    })
    const out = { lot: 'A', store: 'TS001', batch: 'HWCK20251201001', occurredAt: at('15:00') }
    expect(await takeOutLot(runtime, { ...out, grams: grams(29_001) }, as())).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R28', facts: { taken: 29_001, balance: 29_000 } }],
    })
    expect(await takeOutLot(runtime, { ...out, grams: grams(29_000) }, as())).toMatchObject({ status: 'done' })
  })

  test('what was classified follows what was generated; what a scale read stays', async () => {
    await propose('A', 0, { grams: 30_000 })
    const [corrected] = (await runtime.store.readStream('lot-A')).slice(-1)
    expect(corrected?.data).toMatchObject({
      changes: [
        { revision: 1, is: { grams: 30_000 } },
        { revision: 2, is: { grams: 30_000 } },
      ],
    })
    expect((await lotNow('A')).held).toMatchObject({ [`collection|${unit}|TS001|`]: { grams: 30_500 } })
  })

  test('the same again is one correction; a correction can be corrected', async () => {
    const own = as()
    const command = { lot: 'A', changes: [{ of: (await idsOf('A'))[3] ?? '', is: { grams: 29_000 } }], reason: '抄错' }
    const first = await proposeCorrection(runtime, command, own)
    expect(await proposeCorrection(runtime, command, own)).toMatchObject({ status: 'done', replayed: true })
    expect((await runtime.store.readStream('lot-A')).length).toBe(5)
    expect(first).toMatchObject({ status: 'done' })
    expect(await propose('A', 3, { grams: 29_500 })).toMatchObject({
      status: 'done',
      state: { changes: [{ was: { grams: 29_000 }, is: { grams: 29_500 } }] },
    })
    expect((await lotNow('A')).held).toMatchObject({ [`collection|${unit}|TS001|`]: { grams: 29_500 } })
  })

  test('another code asks for the label that says it, in the same proposal', async () => {
    const [, classified, labelled] = await idsOf('A')
    const code = { of: classified ?? '', is: { waste: { stream: 'hazardous', code: '900-402-06' } } }
    expect(await proposeCorrection(runtime, { lot: 'A', changes: [code], reason: '代码有误' }, as())).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R31' }],
    })
    const right = { of: labelled ?? '', is: { label: `${unit}9004020620251201001` } }
    expect(
      await proposeCorrection(runtime, { lot: 'A', changes: [code, right], reason: '代码有误' }, as()),
    ).toMatchObject({ status: 'done' })
    expect(await lotNow('A')).toMatchObject({
      waste: { code: '900-402-06' },
      label: `${unit}9004020620251201001`,
      held: { [`collection|${unit}|TS001|`]: { grams: 30_500 } },
    })
  })

  test('a lot recorded by mistake never was', async () => {
    expect(await proposeCorrection(runtime, { lot: 'A', void: true, reason: '重复登记' }, as())).toMatchObject({
      status: 'done',
    })
    expect(await lotNow('A')).toMatchObject({ exists: false, held: {} })
    expect(
      await storeLot(runtime, { lot: 'A', store: 'TS001', grams: grams(1), occurredAt: at('16:00') }, as()),
    ).toMatchObject({ status: 'refused', refusals: [{ code: 'lot-unknown' }] })
  })

  test('a lot that came out of others cannot be declared void by itself', async () => {
    const data = { waste, origin: { unit, inside: true }, to: line, grams: grams(10), bornOn: '2025-12-01' } as const
    await givenLot(runtime, 'R', {
      type: 'LotDerived',
      occurredAt: at('14:00'),
      data: { ...data, kind: 'residue', sources: [{ lot: 'A', grams: grams(10) }], treatment: 'LC1' },
    })
    expect(await proposeCorrection(runtime, { lot: 'R', void: true, reason: '重复' }, as())).toMatchObject({
      refusals: [{ code: 'correction-of-derived' }],
    })
  })

  test.each([
    ['nothing', 3, { grams: 30_500 }, 'correction-empty', '/changes'],
    ['a sealed field', 3, { whole: false }, 'correction-field-sealed', '/changes/0/is/whole'],
    ['an unknown field', 3, { colour: 'red' }, 'correction-field-sealed', '/changes/0/is/colour'],
    ['a value of another form', 3, { grams: 'heavy' }, 'correction-value-malformed', '/changes/0/is/grams'],
    ['an event of another lot', 9, { grams: 1 }, 'correction-of-unknown-event', '/changes/0/of'],
  ])('of %s is refused for what it is', async (_, place, is, code, pointer) => {
    expect(await propose('A', place, is)).toMatchObject({ status: 'refused', refusals: [{ code, pointer }] })
  })

  test('names one event, or several, and the lot follows from them', async () => {
    const [generated = '', , , stored = ''] = await idsOf('A')
    const reason = '抄错磅单'
    expect(
      await proposeCorrection(runtime, { of: stored.toUpperCase(), is: { grams: 29_000 }, reason }, as()),
    ).toMatchObject({ status: 'done', state: { lot: 'A', changes: [{ of: stored, is: { grams: 29_000 } }] } })
    const changes = [
      { of: generated, is: { grams: 30_000 } },
      { of: stored, is: { grams: 29_500 } },
    ]
    expect(await proposeCorrection(runtime, { changes, reason }, as())).toMatchObject({ state: { status: 'applied' } })
    expect((await lotNow('A')).held).toMatchObject({ [`collection|${unit}|TS001|`]: { grams: 29_500 } })
  })

  test('of an event that is another unit’s, or none, says the same', async () => {
    const [, , , stored = ''] = await idsOf('A')
    const [nothing] = [crypto.randomUUID()]
    for (const of of [stored, nothing])
      expect(await proposeCorrection(runtime, { of, is: { grams: 1 }, reason: '试' }, as(receiver))).toEqual({
        status: 'refused',
        refusals: [{ code: 'correction-event-unknown', pointer: '/of', facts: { of } }],
      })
  })

  test('of events of two lots, or of none, is refused', async () => {
    await givenLot(runtime, 'C', ...ready)
    const changes = [
      { of: (await idsOf('A'))[3] ?? '', is: { grams: 1 } },
      { of: (await idsOf('C'))[3] ?? '', is: { grams: 1 } },
    ]
    expect(await proposeCorrection(runtime, { changes, reason: '试' }, as())).toMatchObject({
      refusals: [{ code: 'correction-of-several', pointer: '/changes/1/of' }],
    })
    expect(await proposeCorrection(runtime, { reason: '试' }, as())).toMatchObject({
      refusals: [{ code: 'correction-names-nothing', pointer: '/of' }],
    })
    expect(await proposeCorrection(runtime, { void: true, reason: '试' }, as())).toMatchObject({
      refusals: [{ code: 'correction-names-nothing', pointer: '/lot' }],
    })
  })

  test('to another unit the lot does not exist', async () => {
    expect(await propose('A', 3, { grams: 1 }, receiver)).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'lot-unknown' }],
    })
  })
})

describe('a correction of what another unit has received', () => {
  beforeEach(() => givenLot(runtime, 'B', ...gone))

  test('waits for that unit, and is applied with its consent', async () => {
    const proposed = await propose('B', 3, { grams: 30_200 })
    expect(proposed).toMatchObject({ status: 'done', state: { status: 'proposed', mustAgree: [receiver] } })
    expect((await runtime.store.readStream('lot-B')).length).toBe(6)
    const correction = idOf(proposed)
    expect(await consentToCorrection(runtime, { correction }, as())).toMatchObject({
      refusals: [{ code: 'correction-not-yours', facts: { units: receiver } }],
    })
    expect(await consentToCorrection(runtime, { correction }, as(carrier))).toMatchObject({
      refusals: [{ code: 'correction-unknown' }],
    })
    expect(await consentToCorrection(runtime, { correction }, as(receiver))).toMatchObject({
      status: 'done',
      state: { status: 'applied', agreed: [unit, receiver] },
    })
    expect((await lotNow('B')).held).toMatchObject({ [`collection|${unit}|TS001|`]: { grams: 200 } })
    expect(await consentToCorrection(runtime, { correction }, as(receiver))).toMatchObject({
      refusals: [{ code: 'correction-closed', facts: { status: 'applied' } }],
    })
  })

  test('less than has left the lot is refused by R28', async () => {
    expect(await propose('B', 3, { grams: 29_000 })).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R28', facts: { taken: 30_000, balance: 29_000 } }],
    })
  })

  test('its code, label and being are sealed from the filing of a manifest on', async () => {
    expect(await propose('B', 2, { label: `${unit}9004040620251201002` })).toMatchObject({
      refusals: [{ code: 'correction-after-promise', facts: { field: 'label' } }],
    })
    expect(await proposeCorrection(runtime, { lot: 'B', void: true, reason: '重复' }, as())).toMatchObject({
      refusals: [{ code: 'correction-after-promise', facts: { field: 'void' } }],
    })
    expect(await propose('B', 5, { accepted: 1 }, receiver)).toMatchObject({
      refusals: [{ code: 'correction-field-sealed' }],
    })
  })

  test('refused or withdrawn it ends, and the lot is as before', async () => {
    const before = await lotNow('B')
    const first = idOf(await propose('B', 3, { grams: 30_200 }))
    expect(await propose('B', 0, { grams: 30_200 })).toMatchObject({
      refusals: [{ code: 'correction-open-already', facts: { correction: first } }],
    })
    expect(await refuseCorrection(runtime, { correction: first, reason: '与我方不符' }, as(receiver))).toMatchObject({
      state: { status: 'refused' },
    })
    const second = idOf(await propose('B', 3, { grams: 30_300 }))
    expect(await withdrawCorrection(runtime, { correction: second }, as(receiver))).toMatchObject({
      refusals: [{ code: 'correction-not-yours' }],
    })
    expect(await withdrawCorrection(runtime, { correction: second }, as())).toMatchObject({
      state: { status: 'withdrawn' },
    })
    expect(await lotNow('B')).toEqual(before)
  })

  test('of two proposed at the same moment one is open', async () => {
    const both = await Promise.all([propose('B', 3, { grams: 30_200 }), propose('B', 3, { grams: 30_300 })])
    const open = both.filter(
      (outcome) => outcome.status === 'done' && (outcome.state as KnownCorrection).status === 'proposed',
    )
    expect(open.length).toBe(1)
    expect(both.filter(({ status }) => status === 'refused')).toMatchObject([
      { refusals: [{ code: 'correction-open-already' }] },
    ])
  })
})
