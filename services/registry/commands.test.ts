import { describe, expect, test } from 'vitest'
import { ADMIN, envelope, testRuntime, unitActor } from '../../test/support/runtime.ts'
import { addFacility, filePlan, registerDriver, registerUnit, revokeLicence } from './commands.ts'
import { grams } from '../../schemas/values/mass.ts'

const unit = '913205942CL12TH3BX'
const receiver = '913205946W28Y0L2R7'
const occurredAt = '2025-12-01T08:00:00+08:00'
const registration = {
  unit,
  name: '园例001',
  roles: ['producer' as const],
  inside: true,
  contact: { name: '示例甲壬', phone: '19900003517' },
  occurredAt,
}
const facility = { unit, facility: 'TS001', name: '危废库', kind: 'warehouse' as const, occurredAt }

describe('registering', () => {
  test('keeps the contact sealed: neither name nor phone stands in the log', async () => {
    const runtime = testRuntime()
    expect(await registerUnit(runtime, registration, envelope())).toMatchObject({
      status: 'done',
      revision: 1,
      state: { registration: { versions: [{ content: { name: '园例001' } }] } },
    })
    const log = JSON.stringify(await runtime.store.readAll(0, 10))
    expect(log).toContain('"contact":{"id"')
    expect(log).not.toMatch(/示例甲壬|19900003517/)
  })
  test('the same command again gets the first answer, a new one with the same content changes nothing', async () => {
    const runtime = testRuntime()
    const first = envelope()
    await registerUnit(runtime, registration, first)
    await addFacility(runtime, facility, envelope())
    expect(await registerUnit(runtime, registration, first)).toMatchObject({
      status: 'done',
      replayed: true,
      revision: 1,
    })
    expect(await registerUnit(runtime, registration, envelope())).toMatchObject({
      status: 'done',
      replayed: false,
      revision: 2,
    })
    expect(await runtime.store.head()).toBe(2)
  })
  test('the same command id for other content is reused', async () => {
    const runtime = testRuntime()
    const first = envelope({ digest: 'a'.repeat(64) })
    await registerUnit(runtime, registration, first)
    expect(
      await registerUnit(runtime, { ...registration, name: '另一家' }, { ...first, digest: 'b'.repeat(64) }),
    ).toEqual({ status: 'reused' })
  })
  test.each(['91310115MA1H8R7C6D', 'ACME', 'a b\u0000c', '\ud800'])(
    'R01: %j is refused before the store hears of it',
    async (code) => {
      const runtime = testRuntime()
      const outcome = await registerUnit(runtime, { ...registration, unit: code }, envelope())
      expect(outcome).toMatchObject({
        status: 'refused',
        refusals: [{ code: 'rule-broken', rule: 'R01', pointer: '/unit' }],
      })
      expect(await runtime.store.head()).toBe(0)
    },
  )
  test('two who register the same at once leave one entry', async () => {
    const runtime = testRuntime()
    const outcomes = await Promise.all([
      registerUnit(runtime, registration, envelope()),
      registerUnit(runtime, registration, envelope()),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done'])
    expect(await runtime.store.head()).toBe(1)
  })
  test('with If-Match the slower of two gets the state as it is now', async () => {
    const runtime = testRuntime()
    await registerUnit(runtime, registration, envelope())
    const outcomes = await Promise.all([
      addFacility(runtime, facility, envelope({ ifMatch: 1 })),
      addFacility(runtime, { ...facility, facility: 'TS002' }, envelope({ ifMatch: 1 })),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['conflict', 'done'])
    expect(outcomes.find(({ status }) => status === 'conflict')).toMatchObject({
      revision: 2,
      state: { registration: { versions: [{ content: { unit } }] } },
    })
  })
})

describe('what hangs on a unit', () => {
  test('waits until the unit is there', async () => {
    const runtime = testRuntime()
    expect(await addFacility(runtime, facility, envelope())).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'unit-unknown' }],
    })
    await registerUnit(runtime, registration, envelope())
    expect(await addFacility(runtime, facility, envelope({ actor: unitActor(unit) }))).toMatchObject({ status: 'done' })
    expect(
      await revokeLicence(runtime, { unit, number: 'JS1', from: '2025-12-01', cause: '吊销', occurredAt }, envelope()),
    ).toMatchObject({
      refusals: [{ code: 'licence-unknown' }],
    })
  })
  test('a driver is registered once, however often they are named', async () => {
    const runtime = testRuntime()
    await registerUnit(runtime, registration, envelope())
    const driver = {
      unit,
      driver: { name: '示例己辛', phone: '19900002500' },
      permit: 'D1',
      validTo: '2027-01-01',
      dangerousGoods: true,
      occurredAt,
    }
    await registerDriver(runtime, driver, envelope())
    expect(await registerDriver(runtime, driver, envelope())).toMatchObject({ status: 'done', revision: 2 })
    expect(await registerDriver(runtime, { ...driver, permit: 'D2' }, envelope())).toMatchObject({ revision: 3 })
    const log = await runtime.store.readStream(`unit-${unit}`)
    expect(log.at(-1)).toMatchObject({ type: 'DriverChanged', data: { permit: 'D2', effectiveFrom: '2025-12-01' } })
  })
  test('a plan has a stream for each year', async () => {
    const runtime = testRuntime()
    await registerUnit(runtime, registration, envelope())
    const lines = [
      {
        code: '900-404-06',
        receiver,
        method: 'R2',
        planned: grams(3_000_000_000),
        destination: 'in-province' as const,
      },
    ]
    const plan = { unit, year: 2025, lines, occurredAt, reason: '补登' }
    expect(await filePlan(runtime, plan, envelope({ actor: ADMIN }))).toMatchObject({
      status: 'done',
      stream: `plan-${unit}-2025`,
      state: { lines },
    })
    const [filed] = await runtime.store.readStream(`plan-${unit}-2025`)
    expect(filed?.metadata.reason).toBe('补登')
  })
})
