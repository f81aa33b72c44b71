import { describe, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { Context } from '../../../schemas/context.ts'
import type { UnitEvent } from '../../../schemas/unit/events.ts'
import { noUnit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { ADMIN, BUREAU, unitActor } from '../../../test/support/runtime.ts'
import { concludeContract } from './contract.ts'
import { grantLicence, revokeLicence } from './licence.ts'
import { filePlan } from './plan.ts'
import { addFacility, registerDriver, registerUnit, registerVehicle } from './unit.ts'

const unit = '913205942CL12TH3BX'
const receiver = '913205946W28Y0L2R7'
const occurredAt = '2025-12-01T08:00:00+08:00'
const context: Context = {
  actor: ADMIN,
  now: '2025-12-01T01:00:00.000Z',
  provenance: 'live',
  catalogues: builtinCatalogues,
}
const registration = { unit, name: '园例001', roles: ['producer' as const], inside: true }
const registered: UnitEvent = { type: 'UnitRegistered', occurredAt, data: registration }
const of = { unit, occurredAt }

describe('a unit is registered', () => {
  const given = specification(registerUnit, context)
  const register = { ...registration, occurredAt, contact: undefined }

  test('once, by the park’s book-keeper', () => {
    given().when(register).thenEvents(registered)
  })
  test('again with the same content changes nothing', () => {
    given(registered).when(register).thenNothing()
  })
  test('again with other content is refused', () => {
    given(registered)
      .when({ ...register, name: '另一家' })
      .refusedAs('already-registered')
  })
  test('again with the same contact, sealed anew, changes nothing', () => {
    const contact = (sealed: string) => ({ id: 'p1', sealed })
    given({ ...registered, data: { ...registration, contact: contact('x') } })
      .when({ ...register, contact: contact('y') })
      .thenNothing()
  })
  test('R01: not under a code whose check digit is wrong', () => {
    given()
      .when({ ...register, unit: '91310115MA1H8R7C6D' })
      .refusedBy('R01', { unit: '91310115MA1H8R7C6D', problem: 'credit-code-check' })
  })
  test('R01: not under a code that is none, before the standard as after it', () => {
    for (const occurredAt of ['2000-01-01T00:00:00+08:00', '2015-01-01T00:00:00+08:00'])
      given()
        .when({ ...register, unit: 'x y', occurredAt })
        .refusedBy('R01')
  })
  test('R01: not under a code that is none', () => {
    given()
      .when({ ...register, unit: 'ACME' })
      .refusedBy('R01')
  })
  test('R01: not under a code that no department gives', () => {
    given()
      .when({ ...register, unit: 'B1350100M000100Y48' })
      .refusedBy('R01', { unit: 'B1350100M000100Y48', problem: 'credit-code-department' })
  })
  test('R01: with a warning where the 17th character is not the check digit of its organisation code', () => {
    given().when(register).thenWarned('R01')
    given().when(register, { provenance: 'book' }).thenWarned()
    given()
      .when({ ...register, unit: '91350100M000100Y43' })
      .thenWarned()
  })
  test('by nobody else', () => {
    given()
      .when(register, { actor: unitActor(unit) })
      .refusedAs('forbidden')
    given().when(register, { actor: BUREAU }).refusedAs('forbidden')
  })
  test('R59: not on a day to come', () => {
    given()
      .when({ ...register, occurredAt: '2025-12-02T08:00:00+08:00' })
      .refusedBy('R59')
  })
  test('R106: more than a day late is recorded as late', () => {
    given()
      .when({ ...register, unit: '91350100M000100Y43', occurredAt: '2025-11-20T08:00:00+08:00' })
      .thenWarned('R106')
  })
})

describe('what a unit has', () => {
  const facility = { facility: 'TS001', name: '危废库', kind: 'warehouse' as const, ...of }
  const added: UnitEvent = {
    type: 'FacilityAdded',
    occurredAt,
    data: { facility: 'TS001', name: '危废库', kind: 'warehouse' },
  }
  const vehicle = { plate: '苏E1A100', permit: '320595453788', validTo: '2028-12-31', dangerousGoods: true, ...of }

  test('is registered by itself or by the park', () => {
    const given = specification(addFacility, context)
    given(registered).when(facility).thenEvents(added)
    given(registered)
      .when(facility, { actor: unitActor(unit) })
      .thenEvents(added)
    given(registered, added).when(facility).thenNothing()
    given(registered, added)
      .when({ ...facility, kind: 'pool' })
      .refusedAs('already-registered')
  })
  test('does not exist for another unit, and the bureau only looks', () => {
    const given = specification(registerVehicle, context)
    given(registered)
      .when(vehicle, { actor: unitActor(receiver, 'carrier') })
      .refusedAs('unit-unknown')
    given(registered).when(vehicle, { actor: BUREAU }).refusedAs('forbidden')
    given().when(vehicle).refusedAs('unit-unknown', '/unit')
  })
  test('a driver is known by the person, not by the sealed text', () => {
    const driver = (sealed: string) => ({
      driver: { id: 'p7', sealed },
      permit: 'D1',
      validTo: '2027-01-01',
      dangerousGoods: true,
    })
    const given = specification(registerDriver, context)
    given(registered)
      .when({ ...driver('a'), ...of })
      .thenEvents({ type: 'DriverRegistered', occurredAt, data: driver('a') })
    given(registered, { type: 'DriverRegistered', occurredAt, data: driver('a') })
      .when({ ...driver('b'), ...of })
      .thenNothing()
  })
})

describe('a licence', () => {
  const licence = {
    number: 'JS1',
    kind: 'comprehensive' as const,
    covers: ['HW06', '900-249-08'],
    methods: ['R2'],
    annual: grams(12_000_000_000),
    from: '2024-01-01',
    to: '2028-12-31',
  }
  const granted: UnitEvent = { type: 'LicenceGranted', occurredAt, data: licence }
  const revoked: UnitEvent = {
    type: 'LicenceRevoked',
    occurredAt,
    data: { number: 'JS1', from: '2025-12-01', reason: '吊销' },
  }
  const given = specification(grantLicence, context)

  test('is granted by the bureau, not by its holder', () => {
    given(registered)
      .when({ ...licence, ...of }, { actor: BUREAU })
      .thenEvents(granted)
    given(registered)
      .when({ ...licence, ...of }, { actor: unitActor(unit, 'receiver') })
      .refusedAs('forbidden')
  })
  test('names categories, codes and methods that exist', () => {
    given(registered)
      .when({ ...licence, ...of, covers: ['HW06', 'HW41'] })
      .refusedAs('category-unknown', '/covers/1')
    given(registered)
      .when({ ...licence, ...of, methods: ['R10'] })
      .refusedAs('method-unknown', '/methods/0')
    given(registered)
      .when({ ...licence, ...of, to: '2023-12-31' })
      .refusedAs('period-reversed', '/to')
  })
  test('granted again is the same licence even after it was revoked', () => {
    given(registered, granted, revoked)
      .when({ ...licence, ...of })
      .thenNothing()
  })
  test('is revoked once', () => {
    const revoke = { number: 'JS1', from: '2025-12-01', cause: '吊销', ...of }
    const revoking = specification(revokeLicence, context)
    revoking(registered, granted).when(revoke, { actor: BUREAU }).thenEvents(revoked)
    revoking(registered, granted, revoked).when(revoke).thenNothing()
    revoking(registered, granted, revoked)
      .when({ ...revoke, from: '2025-12-05' })
      .refusedAs('already-revoked')
    revoking(registered).when(revoke).refusedAs('licence-unknown')
    revoking(registered)
      .when({ ...revoke, number: 'constructor' })
      .refusedAs('licence-unknown')
  })
})

describe('contracts and plans', () => {
  const contract = { number: 'HT1', receiver, code: '900-404-06', from: '2025-01-01', to: '2026-12-31' }
  test('a unit concludes its own contracts, for a waste of any edition', () => {
    const given = specification(concludeContract, context)
    given(registered)
      .when({ ...contract, ...of }, { actor: unitActor(unit) })
      .thenEvents({ type: 'ContractConcluded', occurredAt, data: contract })
    given(registered)
      .when({ ...contract, ...of, code: '900-404-41' })
      .refusedBy('R03')
    given(registered)
      .when({ ...contract, ...of, code: '999-999-06' })
      .refusedBy('R02')
    given(registered)
      .when({ ...contract, ...of, code: '900-001-S08' })
      .refusedBy('R05')
  })

  const line = {
    code: '900-404-06',
    receiver,
    method: 'R2',
    planned: grams(3_000_000_000),
    destination: 'in-province' as const,
  }
  const plan = { unit, year: 2025, lines: [line], occurredAt }
  const filed = { type: 'PlanLineFiled' as const, occurredAt, data: { unit, year: 2025, ...line } }
  const given = specification(filePlan, { ...context, unit: { ...noUnit, exists: true, unit } })
  test('a plan grows by its new lines only', () => {
    const more = { ...line, planned: grams(1) }
    given().when(plan).thenEvents(filed)
    given(filed).when(plan).thenNothing()
    given(filed)
      .when({ ...plan, lines: [line, more] })
      .thenEvents({ ...filed, data: { unit, year: 2025, ...more } })
  })
  test('a plan names codes and methods that exist, for a unit that is registered', () => {
    given()
      .when({ ...plan, lines: [line, { ...line, method: 'R10' }] })
      .refusedAs('method-unknown', '/lines/1/method')
    given()
      .when({ ...plan, lines: [{ ...line, code: '900-404-42' }] })
      .refusedBy('R03')
    given().when(plan, { unit: noUnit }).refusedAs('unit-unknown', '/unit')
    given()
      .when(plan, { actor: unitActor(receiver) })
      .refusedAs('unit-unknown')
  })
})
