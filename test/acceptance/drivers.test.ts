import { describe, expect, test } from 'vitest'
import type { Envelope, Runtime } from '../../infra/commanding/execute.ts'
import type { Actor } from '../../schemas/actor.ts'
import { renderRefusal } from '../../schemas/texts/render.ts'
import { manifestStream, unitStream } from '../../schemas/values/identifiers.ts'
import type { Person } from '../../schemas/values/person.ts'
import { registerDriver } from '../../services/registry/commands.ts'
import { fileManifest, pickUp } from '../../services/transport/commands.ts'
import { policies as transport } from '../../services/transport/policies.ts'
import { ADMIN, envelope, testRuntime } from '../support/runtime.ts'
import {
  at,
  CARRIER,
  carrierActor,
  consignorActor,
  filing,
  furnish,
  given,
  MANIFEST,
  NOW,
  pickingUp,
  PLATE,
} from '../support/transfers.ts'

const LI = { name: '李强', phone: '13800000003' }
const by = (actor: Actor, more: Partial<Envelope> = {}): Envelope => envelope({ actor, provenance: 'live', ...more })

async function park(): Promise<Runtime> {
  const runtime = testRuntime({ policies: transport, now: NOW })
  await furnish(runtime.store)
  return runtime
}
const file = (runtime: Runtime, driver: Person, trailer?: string) =>
  fileManifest(runtime, filing({ legs: [{ carrier: CARRIER, plate: PLATE, driver, trailer }] }), by(consignorActor))
const pick = (runtime: Runtime, driver: Person | undefined, more: object = {}, actor: Actor = carrierActor) =>
  pickUp(runtime, pickingUp({ driver, ...more }), by(actor))

describe('the driver of a leg is one person', () => {
  test.each<[string, Person, Person]>([
    ['with blanks', LI, { name: '李强', phone: '138 0000 0003' }],
    ['with the country', LI, { name: '李强', phone: '+86 138-0000-0003' }],
    ['with two noughts and the country', LI, { name: '李强', phone: '008613800000003' }],
    ['in full width', LI, { name: '李 强', phone: '１３８０００００００３' }],
    ['by name alone at the pickup', LI, { name: '李　强' }],
    ['by name alone at the filing', { name: '李强' }, LI],
  ])('%s', async (_, filed, actual) => {
    const runtime = await park()
    expect(await file(runtime, filed)).toMatchObject({ status: 'done' })
    expect(await pick(runtime, actual)).toMatchObject({ status: 'done' })
    const events = await runtime.store.readStream(manifestStream(MANIFEST))
    const [named, loaded] = events.map(({ data }) => data as Record<string, never>)
    expect(loaded?.['driver']?.['id']).toBe(
      (named?.['legs']?.[0] as Record<string, never> | undefined)?.['driver']?.['id'],
    )
  })

  test('and another name, or the same name with another number, is another (R57)', async () => {
    for (const actual of [
      { name: '李强', phone: '13800000004' },
      { name: '王强', phone: LI.phone },
      { name: '王强' },
    ]) {
      const runtime = await park()
      await file(runtime, LI)
      expect(await pick(runtime, actual)).toMatchObject({
        status: 'refused',
        refusals: [{ rule: 'R57', pointer: '/driver' }],
      })
    }
  })
})

describe('R57 says in words who is meant', () => {
  const textFor = async (actor: Actor) => {
    const runtime = await park()
    await file(runtime, LI)
    const outcome = await pick(runtime, { name: '王五', phone: '13900000009' }, {}, actor)
    if (outcome.status !== 'refused' || !outcome.refusals[0]) throw new Error(outcome.status)
    return renderRefusal(outcome.refusals[0])
  }

  test('to the carrier, whose drivers they are, by name', async () => {
    const { zh, en } = await textFor(carrierActor)
    expect(zh).toContain('王五 (…0009)，应为 李强 (…0003)')
    expect(en).toContain('王五 (…0009) instead of 李强 (…0003)')
  })

  test('to anyone else without names', async () => {
    const { zh, en } = await textFor(ADMIN)
    expect(zh).toContain('另一名驾驶员，应为 填报联单时登记的驾驶员')
    expect(`${zh}${en}`).not.toMatch(/李强|王五|0003|0009/)
  })
})

describe('R17: the permit of a driver is found', () => {
  const register = (runtime: Runtime, driver: Person, validTo: string) =>
    registerDriver(
      runtime,
      { unit: CARRIER, driver, permit: 'D1', validTo, dangerousGoods: true, occurredAt: '2025-01-03T08:00:00+08:00' },
      by(ADMIN),
    )

  test.each<[string, Person]>([
    ['with blanks', { name: '李强', phone: '138 0000 0003' }],
    ['with the country', { name: '李强', phone: '+86 138 0000 0003' }],
    ['by name alone', { name: '李强' }],
  ])('although the number was written %s', async (_, driver) => {
    const runtime = await park()
    await register(runtime, LI, '2025-12-01')
    const refused = { status: 'refused', refusals: [{ rule: 'R17', pointer: '/legs/0/driver' }] }
    expect(await file(runtime, driver)).toMatchObject(refused)
  })

  test('although it was recorded before numbers had one spelling', async () => {
    const runtime = await park()
    // As an earlier version told this person apart: by the text as it was typed.
    const old = await runtime.people.seal({ name: '李强', phone: '13800000003' })
    const people = {
      ...runtime.people,
      compare: async (a: typeof old, b: typeof old) =>
        runtime.people.compare(a.id === 'as-typed' ? old : a, b.id === 'as-typed' ? old : b),
    }
    await given(runtime.store, unitStream(CARRIER), [
      {
        type: 'DriverRegistered',
        occurredAt: '2025-01-03T08:00:00+08:00',
        data: { driver: { id: 'as-typed', sealed: 'x' }, permit: 'D1', validTo: '2025-12-01', dangerousGoods: true },
      },
    ])
    const running = { ...runtime, people }
    expect(await file(running, LI)).toMatchObject({ status: 'refused', refusals: [{ rule: 'R17' }] })
    // The same permit once more is the same entry, not a second one.
    expect(await register(running, LI, '2025-12-01')).toMatchObject({ status: 'done', events: 0 })
  })

  test('of several namesakes the one that lasts longest, where only a name is given', async () => {
    const runtime = await park()
    await register(runtime, LI, '2025-12-01')
    await register(runtime, { name: '李强', phone: '13800000007' }, '2028-12-31')
    expect(await file(runtime, { name: '李强' })).toMatchObject({ status: 'done' })
  })
})

describe('a trailer beside its tractor', () => {
  test('is filed, compared and kept', async () => {
    const runtime = await park()
    expect(await file(runtime, LI, '苏E1234挂')).toMatchObject({ status: 'done' })
    expect(await pick(runtime, LI, { trailer: '苏E9999挂' })).toMatchObject({
      status: 'refused',
      refusals: [
        { rule: 'R57', pointer: '/trailer', facts: { field: 'trailer', actual: '苏E9999挂', named: '苏E1234挂' } },
      ],
    })
    expect(await pick(runtime, LI, { trailer: '苏e·1234挂' })).toMatchObject({ status: 'done' })
    const [filed, loaded] = await runtime.store.readStream(manifestStream(MANIFEST))
    expect(filed?.data).toMatchObject({ legs: [{ plate: PLATE, trailer: '苏E1234挂' }] })
    expect(loaded?.data).toMatchObject({ plate: PLATE, trailer: '苏E1234挂' })
  })

  test('needs a permit in force where it is registered (R17), and may be left unsaid at the pickup', async () => {
    const runtime = await park()
    await given(runtime.store, unitStream(CARRIER), [
      {
        type: 'VehicleRegistered',
        occurredAt: '2025-01-03T08:00:00+08:00',
        data: { plate: '苏E1234挂', permit: 'G1', validTo: '2025-12-01', dangerousGoods: true },
      },
    ])
    expect(await file(runtime, LI, '苏E1234挂')).toMatchObject({
      status: 'refused',
      refusals: [{ rule: 'R17', pointer: '/legs/0/trailer' }],
    })
    expect(await file(runtime, LI, '苏E7777挂')).toMatchObject({ status: 'done' })
    expect(await pick(runtime, LI, { occurredAt: at(9) })).toMatchObject({ status: 'done' })
  })
})
