import { beforeEach, describe, expect, test } from 'vitest'
import type { Runtime } from '../../infra/commanding/execute.ts'
import { bookName } from '../../infra/event-store/event-id.ts'
import { grams } from '../../schemas/values/mass.ts'
import { givenUnit } from '../../test/support/history.ts'
import { envelope, testRuntime, unitActor } from '../../test/support/runtime.ts'
import { testIds } from '../../test/support/ids.ts'
import { generateIntoPool, generateLot, openLot } from './commands.ts'

const unit = '913205942CL12TH3BX'
const other = '9132059461TJ3Y7LLY'
const occurredAt = '2025-12-01T12:53:00+08:00'
const solvent = {
  unit,
  waste: { stream: 'hazardous' as const, code: '900-404-06' },
  grams: grams(30_500),
  batch: 'HWCS20251201001',
  facility: 'MF0001',
  occurredAt,
}
const record = {
  unit,
  waste: { stream: 'industrial' as const, code: '900-003-S17' },
  grams: grams(1_343_000),
  record: 'CS20251201001',
  occurredAt,
}
const pool = `lot-pool-${unit}-900-003-S17`

let runtime: Runtime
beforeEach(async () => {
  runtime = testRuntime()
  await givenUnit(runtime, unit)
  await givenUnit(runtime, other)
})

describe('a lot', () => {
  test('with a batch code has an id made of unit and batch', async () => {
    const outcome = await generateLot(runtime, { ...solvent, handler: { name: '示例庚乙' } }, envelope())
    expect(outcome).toMatchObject({
      status: 'done',
      stream: `lot-${testIds.ofBookName(bookName('lot', unit, 'HWCS20251201001'))}`,
      state: { batch: 'HWCS20251201001', origin: { unit, inside: true } },
    })
    expect(JSON.stringify(await runtime.store.readAll(0, 10))).not.toContain('示例庚乙')
  })
  test('without one is the same lot when the command is repeated', async () => {
    const { batch: _, ...loose } = solvent
    const first = envelope()
    const [a, b] = [await generateLot(runtime, loose, first), await generateLot(runtime, loose, first)]
    expect(b).toMatchObject({ status: 'done', replayed: true, stream: (a as { stream: string }).stream })
    expect(await generateLot(runtime, loose, envelope())).not.toMatchObject({
      stream: (a as { stream: string }).stream,
    })
  })
  test('of an unregistered unit does not come to be', async () => {
    const stranger = { ...solvent, unit: '913205946W28Y0L2R7' }
    expect(await generateLot(runtime, stranger, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'unit-unknown', pointer: '/unit' }],
    })
  })
  test('of an earlier year lies in store from its old day on', async () => {
    const opening = {
      unit,
      waste: solvent.waste,
      grams: grams(2_110_000),
      batch: 'HWCS20241219001',
      store: 'TS001',
      bornOn: '2024-12-19',
    }
    expect(await openLot(runtime, opening, envelope())).toMatchObject({
      status: 'done',
      state: { bornOn: '2024-12-19', classified: true },
    })
  })
})

describe('a record of general waste', () => {
  const held = async () => (await runtime.store.readStream(pool)).filter(({ type }) => type === 'LotStored').length

  test('adds to the pool once for one command', async () => {
    const first = envelope()
    expect(await generateIntoPool(runtime, record, first)).toMatchObject({
      status: 'done',
      replayed: false,
      stream: pool,
    })
    expect(await generateIntoPool(runtime, record, first)).toMatchObject({
      status: 'done',
      replayed: true,
      stream: pool,
    })
    expect(await held()).toBe(1)
  })
  test('sent again under another command id adds nothing', async () => {
    await generateIntoPool(runtime, record, envelope({ digest: 'a'.repeat(64) }))
    expect(await generateIntoPool(runtime, record, envelope({ digest: 'b'.repeat(64) }))).toMatchObject({
      status: 'done',
      replayed: true,
    })
    expect(await held()).toBe(1)
  })
  test('with a number used for other content is refused, in whichever pool', async () => {
    await generateIntoPool(runtime, record, envelope())
    for (const changed of [
      { ...record, grams: grams(1) },
      { ...record, waste: { stream: 'industrial' as const, code: '900-099-S59' } },
    ]) {
      expect(await generateIntoPool(runtime, changed, envelope())).toMatchObject({
        status: 'refused',
        refusals: [{ code: 'record-reused', pointer: '/record' }],
      })
    }
    expect(await generateIntoPool(runtime, { ...record, unit: other }, envelope())).toMatchObject({ status: 'done' })
    expect(await held()).toBe(1)
  })
  test('that is refused does not use up its number', async () => {
    const wrong = { ...record, waste: { stream: 'industrial' as const, code: '900-003-S08' } }
    expect(await generateIntoPool(runtime, wrong, envelope())).toMatchObject({ status: 'refused' })
    expect(await generateIntoPool(runtime, record, envelope({ actor: unitActor(unit) }))).toMatchObject({
      status: 'done',
    })
  })
  test('that died between its number and its pool is completed by whoever comes next, once', async () => {
    const { store } = runtime
    let dying = true
    const fragile: Runtime = {
      ...runtime,
      store: {
        ...store,
        append: (request) =>
          dying && request.stream === pool ? Promise.reject(new Error('died')) : store.append(request),
      },
    }
    const first = envelope()
    await expect(generateIntoPool(fragile, record, first)).rejects.toThrow('died')
    dying = false
    expect(await generateIntoPool(fragile, record, envelope())).toMatchObject({ status: 'done' })
    expect(await generateIntoPool(fragile, record, first)).toMatchObject({ status: 'done', replayed: true })
    expect(await held()).toBe(1)
  })
  test('races: ten different records all get in, ten of one number leave one', async () => {
    const many = Array.from({ length: 10 }, (_, i) => ({ ...record, record: `CS2025120101${i}`, grams: grams(i + 1) }))
    expect(
      (await Promise.all(many.map((one) => generateIntoPool(runtime, one, envelope())))).map(({ status }) => status),
    ).toEqual(many.map(() => 'done'))
    const same = many.map((one) => ({ ...one, record: 'CS20251201099' }))
    const outcomes = await Promise.all(same.map((one) => generateIntoPool(runtime, one, envelope())))
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(1)
    expect(await held()).toBe(11)
  })
})
