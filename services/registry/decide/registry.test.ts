import { describe, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { Context } from '../../../schemas/context.ts'
import type { UnitEvent } from '../../../schemas/unit/events.ts'
import { noUnit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { ADMIN, BUREAU, unitActor } from '../../../test/support/runtime.ts'
import { concludeContract, renewContract, terminateContract } from './contract.ts'
import { grantLicence, renewLicence, revokeLicence } from './licence.ts'
import { filePlan } from './plan.ts'
import {
  addFacility,
  addSite,
  closeFacility,
  closeSite,
  closeUnit,
  deregisterDriver,
  deregisterVehicle,
  registerDriver,
  registerUnit,
  registerVehicle,
} from './unit.ts'

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
  test('again with other content is changed as of a day: what differs, and nothing else', () => {
    given(registered)
      .when({ ...register, name: '另一家' })
      .thenEvents({ type: 'UnitChanged', occurredAt, data: { name: '另一家', effectiveFrom: '2025-12-01' } })
    given(registered)
      .when({ ...register, address: '新路9号', effectiveFrom: '2026-01-01' })
      .thenEvents({ type: 'UnitChanged', occurredAt, data: { address: '新路9号', effectiveFrom: '2026-01-01' } })
  })
  test('again with less said changes nothing: what is left out stays', () => {
    given({ ...registered, data: { ...registration, address: '一号' } })
      .when(register)
      .thenNothing()
  })
  test('changes its own name, address and contact, not what its rights hang on', () => {
    const own = { actor: unitActor(unit) }
    given(registered)
      .when({ ...register, name: '另一家' }, own)
      .thenEvents({ type: 'UnitChanged', occurredAt, data: { name: '另一家', effectiveFrom: '2025-12-01' } })
    given(registered)
      .when({ ...register, roles: ['producer', 'carrier'] }, own)
      .refusedAs('not-yours-to-change', '/roles')
    given(registered)
      .when({ ...register, name: '另一家' }, { actor: unitActor(receiver) })
      .refusedAs('forbidden')
  })
  test('is closed by the book-keeper as of a day, once, and registered anew after it', () => {
    const close = specification(closeUnit, context)
    const closing = { unit, cause: '注销', effectiveFrom: '2025-12-31', occurredAt }
    const closed: UnitEvent = { type: 'UnitClosed', occurredAt, data: { effectiveFrom: '2025-12-31', reason: '注销' } }
    close(registered).when(closing).thenEvents(closed)
    close(registered, closed).when(closing).thenNothing()
    close(registered, closed)
      .when({ ...closing, effectiveFrom: '2026-02-01' })
      .refusedAs('already-ended', '/effectiveFrom')
    close(registered)
      .when(closing, { actor: unitActor(unit) })
      .refusedAs('forbidden')
    given(registered, closed)
      .when({ ...register, effectiveFrom: '2026-03-01' })
      .thenEvents({ ...registered, data: { ...registration, effectiveFrom: '2026-03-01' } })
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
      .thenEvents({
        type: 'FacilityChanged',
        occurredAt,
        data: { kind: 'pool', facility: 'TS001', effectiveFrom: '2025-12-01' },
      })
  })
  test('does not exist for another unit, and the bureau only looks', () => {
    const given = specification(registerVehicle, context)
    given(registered)
      .when(vehicle, { actor: unitActor(receiver, 'carrier') })
      .refusedAs('unit-unknown')
    given(registered).when(vehicle, { actor: BUREAU }).refusedAs('forbidden')
    given().when(vehicle).refusedAs('unit-unknown', '/unit')
  })
  test('ends as of a day, with its cause, and what was never there cannot end', () => {
    const end = { cause: '停用', effectiveFrom: '2025-12-01', ...of }
    const closeStore = specification(closeFacility, context)
    closeStore(registered, added)
      .when({ facility: 'TS001', ...end })
      .thenEvents({
        type: 'FacilityClosed',
        occurredAt,
        data: { facility: 'TS001', effectiveFrom: '2025-12-01', reason: '停用' },
      })
    closeStore(registered)
      .when({ facility: 'TS001', ...end })
      .refusedAs('facility-unknown')
    const site: UnitEvent = { type: 'SiteAdded', occurredAt, data: { site: 'S1', name: '东区', address: '一号' } }
    specification(closeSite, context)(registered, site)
      .when({ site: 'S1', ...end })
      .thenEvents({ type: 'SiteClosed', occurredAt, data: { site: 'S1', effectiveFrom: '2025-12-01', reason: '停用' } })
    specification(
      closeSite,
      context,
    )(registered)
      .when({ site: 'S1', ...end })
      .refusedAs('site-not-registered')
    specification(addSite, context)(registered, site)
      .when({ site: 'S1', name: '西区', address: '一号', ...of })
      .thenEvents({
        type: 'SiteChanged',
        occurredAt,
        data: { site: 'S1', name: '西区', effectiveFrom: '2025-12-01' },
      })
    const { unit: _unit, occurredAt: _at, ...data } = vehicle
    const known: UnitEvent = { type: 'VehicleRegistered', occurredAt, data }
    const renewed = { ...vehicle, permit: '320595000009', validTo: '2030-12-31', effectiveFrom: '2026-01-01' }
    specification(registerVehicle, context)(registered, known)
      .when(renewed, { actor: unitActor(unit, 'carrier') })
      .thenEvents({
        type: 'VehicleChanged',
        occurredAt,
        data: { permit: '320595000009', validTo: '2030-12-31', plate: '苏E1A100', effectiveFrom: '2026-01-01' },
      })
    const retire = specification(deregisterVehicle, context)
    const retired: UnitEvent = {
      type: 'VehicleDeregistered',
      occurredAt,
      data: { plate: '苏E1A100', effectiveFrom: '2025-12-01', reason: '停用' },
    }
    retire(registered, known)
      .when({ plate: '苏E1A100', ...end })
      .thenEvents(retired)
    retire(registered)
      .when({ plate: '苏E1A100', ...end })
      .refusedAs('vehicle-unknown')
    // A list that was copied from the last one brings no vehicle back; the carrier itself does.
    specification(registerVehicle, context)(registered, known, retired)
      .when(vehicle, { provenance: 'book' })
      .thenNothing()
    specification(registerVehicle, context)(registered, known, retired)
      .when(vehicle)
      .thenEvents({ ...known, data: { ...data, effectiveFrom: '2025-12-01' } })
  })
  test('a driver leaves by the number of the permit, which stands in no name’s stead', () => {
    const driver: UnitEvent = {
      type: 'DriverRegistered',
      occurredAt,
      data: { driver: { id: 'p7', sealed: 'a' }, permit: 'D1', validTo: '2027-01-01', dangerousGoods: true },
    }
    const leave = specification(deregisterDriver, context)
    const left: UnitEvent = {
      type: 'DriverDeregistered',
      occurredAt,
      data: { person: 'p7', effectiveFrom: '2025-12-01', reason: '离职' },
    }
    leave(registered, driver)
      .when({ permit: 'D1', cause: '离职', ...of })
      .thenEvents(left)
    leave(registered, driver, left)
      .when({ permit: 'D1', cause: '离职', ...of })
      .thenNothing()
    leave(registered)
      .when({ permit: 'D1', cause: '离职', ...of })
      .refusedAs('driver-unknown', '/permit')
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
  test('has a further term under its number, whichever term is recorded first', () => {
    const next = { ...licence, from: '2029-01-01', to: '2033-12-31', covers: ['HW08'] }
    given(registered, granted)
      .when({ ...next, ...of })
      .thenEvents({ type: 'LicenceRenewed', occurredAt, data: next })
    given(registered, { ...granted, data: next })
      .when({ ...licence, ...of })
      .thenEvents({ type: 'LicenceRenewed', occurredAt, data: licence })
    const renew = specification(renewLicence, context)
    const renewal = { number: 'JS1', from: '2029-01-01', to: '2033-12-31', ...of }
    renew(registered, granted)
      .when(renewal, { actor: BUREAU })
      .thenEvents({ type: 'LicenceRenewed', occurredAt, data: { ...licence, from: '2029-01-01', to: '2033-12-31' } })
    renew(registered, granted, {
      type: 'LicenceRenewed',
      occurredAt,
      data: { ...licence, from: '2029-01-01', to: '2033-12-31' },
    })
      .when(renewal)
      .thenNothing()
    renew(registered, granted)
      .when(renewal, { actor: unitActor(unit, 'receiver') })
      .refusedAs('forbidden')
    renew(registered).when(renewal).refusedAs('licence-unknown')
    renew(registered, granted, revoked).when(renewal).refusedAs('already-revoked')
  })
  test('covers other waste from a day on, within its term', () => {
    given(registered, granted)
      .when({ ...licence, ...of, covers: ['HW08'], effectiveFrom: '2026-02-01' })
      .thenEvents({
        type: 'LicenceChanged',
        occurredAt,
        data: { covers: ['HW08'], number: 'JS1', effectiveFrom: '2026-02-01' },
      })
    given(registered, granted)
      .when({ ...licence, ...of, covers: ['900-249-08', 'HW06'] })
      .thenNothing()
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
  const concluded: UnitEvent = { type: 'ContractConcluded', occurredAt, data: contract }
  test('a contract is renewed, changed and terminated as of a day', () => {
    const next = { ...contract, from: '2027-01-01', to: '2027-12-31' }
    specification(renewContract, context)(registered, concluded)
      .when({ number: 'HT1', from: next.from, to: next.to, ...of })
      .thenEvents({ type: 'ContractRenewed', occurredAt, data: next })
    specification(
      renewContract,
      context,
    )(registered)
      .when({ number: 'HT1', from: next.from, to: next.to, ...of })
      .refusedAs('contract-unknown', '/number')
    const given = specification(concludeContract, context)
    given(registered, concluded)
      .when({ ...contract, ...of, to: '2026-06-30' })
      .thenEvents({
        type: 'ContractChanged',
        occurredAt,
        data: { to: '2026-06-30', number: 'HT1', receiver, effectiveFrom: '2025-12-01' },
      })
    const terminate = specification(terminateContract, context)
    const ended: UnitEvent = {
      type: 'ContractTerminated',
      occurredAt,
      data: { number: 'HT1', receiver, effectiveFrom: '2026-01-01', reason: '解除' },
    }
    terminate(registered, concluded)
      .when({ number: 'HT1', cause: '解除', effectiveFrom: '2026-01-01', ...of })
      .thenEvents(ended)
    given(registered, concluded, ended)
      .when({ ...contract, ...of, to: '2028-12-31', effectiveFrom: '2026-03-01' })
      .refusedAs('already-ended', '/number')
  })
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
