import { beforeEach, describe, expect, test } from 'vitest'
import type { Runtime } from '../../infra/commanding/execute.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { grams } from '../../schemas/values/mass.ts'
import { givenLot } from '../../test/support/history.ts'
import { envelope, testRuntime, unitActor } from '../../test/support/runtime.ts'
import { classifyLot, labelLot } from './commands.ts'

const unit = '913205942CL12TH3BX'
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const generated: LotEvent = {
  type: 'LotGenerated',
  occurredAt: '2025-12-01T12:53:00+08:00',
  data: {
    waste,
    origin: { unit, inside: true },
    to: { at: 'generation', holder: unit, place: 'MF0001' },
    grams: grams(30_500),
    pool: false,
  },
}
const occurredAt = '2025-12-01T13:10:00+08:00'
const serial = (n: string) => `${unit}9004040620251201${n}`
const labelOf = (outcome: unknown) => (outcome as { state: { label: string } }).state.label

let runtime: Runtime
beforeEach(async () => {
  runtime = testRuntime()
  for (const lot of ['A', 'B', 'C']) await givenLot(runtime, lot, generated)
})

describe('a label', () => {
  test('that another lot bears is refused (R31)', async () => {
    expect(await labelLot(runtime, { lot: 'A', label: serial('007'), occurredAt }, envelope())).toMatchObject({
      status: 'done',
      state: { label: serial('007') },
    })
    expect(await labelLot(runtime, { lot: 'B', label: serial('007'), occurredAt }, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'rule-broken', rule: 'R31', pointer: '/label' }],
    })
  })
  test('that nobody chose is the next free serial of that unit, code and day', async () => {
    await labelLot(runtime, { lot: 'A', label: serial('002'), occurredAt }, envelope())
    expect(labelOf(await labelLot(runtime, { lot: 'B', occurredAt }, envelope()))).toBe(serial('001'))
    expect(labelOf(await labelLot(runtime, { lot: 'C', occurredAt }, envelope()))).toBe(serial('003'))
  })
  test('is the same when the command is repeated, and a second one is refused', async () => {
    const first = envelope()
    await labelLot(runtime, { lot: 'A', occurredAt }, first)
    const head = await runtime.store.head()
    expect(await labelLot(runtime, { lot: 'A', occurredAt }, first)).toMatchObject({
      status: 'done',
      replayed: true,
      state: { label: serial('001') },
    })
    expect(await labelLot(runtime, { lot: 'A', occurredAt }, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'already-labelled' }],
    })
    expect(await runtime.store.head()).toBe(head)
  })
  test('that is refused for another reason stays free', async () => {
    expect(
      await labelLot(runtime, { lot: 'A', label: serial('001'), occurredAt: '2025-12-01T12:00:00+08:00' }, envelope()),
    ).toMatchObject({
      refusals: [{ rule: 'R59' }],
    })
    expect(await labelLot(runtime, { lot: 'B', label: serial('001'), occurredAt }, envelope())).toMatchObject({
      status: 'done',
    })
  })
  test('whose lot died between its claim and its event is put on by the next try', async () => {
    const { store } = runtime
    let dying = true
    const fragile: Runtime = {
      ...runtime,
      store: {
        ...store,
        append: (request) =>
          dying && request.stream === 'lot-A' ? Promise.reject(new Error('died')) : store.append(request),
      },
    }
    await expect(labelLot(fragile, { lot: 'A', occurredAt }, envelope())).rejects.toThrow('died')
    dying = false
    expect(labelOf(await labelLot(fragile, { lot: 'A', occurredAt }, envelope()))).toBe(serial('001'))
  })
  test('asked for by thirty lots at once is another one for each', async () => {
    const lots = Array.from({ length: 30 }, (_, i) => `L${i}`)
    for (const lot of lots) await givenLot(runtime, lot, generated)
    const labels = (await Promise.all(lots.map((lot) => labelLot(runtime, { lot, occurredAt }, envelope())))).map(
      labelOf,
    )
    expect(new Set(labels)).toEqual(new Set(lots.map((_, i) => serial(String(i + 1).padStart(3, '0')))))
  })
  test('claimed by two at once is borne by one', async () => {
    const outcomes = await Promise.all(
      ['A', 'B', 'C'].map((lot) => labelLot(runtime, { lot, label: serial('001'), occurredAt }, envelope())),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['done', 'refused', 'refused'])
  })
  test('of a lot that does not concern the actor claims nothing', async () => {
    const head = await runtime.store.head()
    const stranger = envelope({ actor: unitActor('913205946W28Y0L2R7') })
    expect(await labelLot(runtime, { lot: 'A', occurredAt }, stranger)).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'lot-unknown' }],
    })
    expect(await labelLot(runtime, { lot: 'nowhere', occurredAt }, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'lot-unknown' }],
    })
    expect(await runtime.store.head()).toBe(head)
  })
})

describe('a classification', () => {
  test('with If-Match of a revision long gone is answered with the state as it is', async () => {
    await classifyLot(runtime, { lot: 'A', occurredAt }, envelope({ ifMatch: 1 }))
    expect(await classifyLot(runtime, { lot: 'A', occurredAt }, envelope({ ifMatch: 1 }))).toMatchObject({
      status: 'conflict',
      revision: 2,
      state: { classified: true },
    })
  })
  test('that two make at once happens once', async () => {
    const outcomes = await Promise.all([
      classifyLot(runtime, { lot: 'A', occurredAt }, envelope()),
      classifyLot(runtime, { lot: 'A', occurredAt }, envelope()),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['done', 'refused'])
  })
})
