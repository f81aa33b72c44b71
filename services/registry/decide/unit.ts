import { hasRole } from '../../../schemas/actor.ts'
import type {
  AddFacility,
  AddSite,
  CloseFacility,
  CloseSite,
  CloseUnit,
  DeregisterDriver,
  DeregisterVehicle,
  RegisterDriver,
  RegisterVehicle,
} from '../../../schemas/commands/registry.ts'
import { accept, acceptUnlessBlocked, refusal, refuse } from '../../../schemas/decision.ts'
import { evolveUnit, noHistory, unitOn, type Registration } from '../../../schemas/unit/state.ts'
import { present } from '../../../schemas/values/present.ts'
import type { Sealed } from '../../../schemas/values/person.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import {
  byBookKeeper,
  byUnit,
  contentOf,
  effectiveDay,
  ending,
  entry,
  newsOf,
  under,
  type UnitDecider,
} from './entry.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { SealedUnit } from '../../../schemas/rules/questions.ts'

/** What of its own entry a unit may change: its rights hang on the rest. */
const OWN: ReadonlySet<string> = new Set(['name', 'industry', 'address', 'contact'])

export const registerUnit: UnitDecider<SealedUnit> = {
  initial: noHistory,
  evolve: evolveUnit,
  decide(command, { registration }, context) {
    const { actor } = context
    const own = registration !== undefined && byUnit(actor, command.unit)
    if (!own && !byBookKeeper(actor)) return refuse(refusal('forbidden'))
    const { occurredAt, unit } = command
    const given: Registration = present({ unit, ...contentOf(command) })
    const news = newsOf(registration, given, command, context)
    if (news === undefined) return accept([])
    const asked = { command, context, day: businessDay(occurredAt) }
    if ('changes' in news) {
      const { changes, effectiveFrom } = news
      const beyond = hasRole(actor, 'admin') ? undefined : Object.keys(changes).find((field) => !OWN.has(field))
      if (beyond !== undefined) return refuse(refusal('not-yours-to-change', `/${beyond}`, { field: beyond }))
      return acceptUnlessBlocked(law.ask('EnterUnit', asked), () => [
        { type: 'UnitChanged', occurredAt, data: { ...changes, effectiveFrom } },
      ])
    }
    if (!byBookKeeper(actor)) return refuse(refusal('forbidden'))
    const findings = law.ask('RegisterUnit', asked)
    const { whole, ...since } = news
    return acceptUnlessBlocked(findings, () => [{ type: 'UnitRegistered', occurredAt, data: { ...whole, ...since } }])
  },
}

export const closeUnit = entry<CloseUnit>(byBookKeeper, (command, { registration }) =>
  ending(
    registration,
    { kind: 'unit', key: command.unit, command, unknown: refusal('unit-unknown', '/unit', { unit: command.unit }) },
    (effectiveFrom) => ({
      type: 'UnitClosed',
      occurredAt: command.occurredAt,
      data: { effectiveFrom, reason: command.cause },
    }),
  ),
)

export const addSite = entry<AddSite>(byUnit, (command, { sites }, context) => {
  const { occurredAt, site } = command
  const news = newsOf(under(sites, site), contentOf(command), command, context)
  if (news === undefined) return undefined
  if ('changes' in news)
    return { type: 'SiteChanged', occurredAt, data: { ...news.changes, site, effectiveFrom: news.effectiveFrom } }
  const { whole, ...since } = news
  return { type: 'SiteAdded', occurredAt, data: { ...whole, ...since } }
})

export const closeSite = entry<CloseSite>(byUnit, (command, { sites }) => {
  const { site, occurredAt, cause } = command
  return ending(
    under(sites, site),
    { kind: 'site', key: site, command, unknown: refusal('site-not-registered', '/site', { site }) },
    (effectiveFrom) => ({ type: 'SiteClosed', occurredAt, data: { site, effectiveFrom, reason: cause } }),
  )
})

export const addFacility = entry<AddFacility>(byUnit, (command, { facilities }, context) => {
  const { occurredAt, facility } = command
  const news = newsOf(under(facilities, facility), contentOf(command), command, context)
  if (news === undefined) return undefined
  if ('changes' in news)
    return {
      type: 'FacilityChanged',
      occurredAt,
      data: { ...news.changes, facility, effectiveFrom: news.effectiveFrom },
    }
  const { whole, ...since } = news
  return { type: 'FacilityAdded', occurredAt, data: { ...whole, ...since } }
})

export const closeFacility = entry<CloseFacility>(byUnit, (command, { facilities }) => {
  const { unit, facility, occurredAt, cause } = command
  return ending(
    under(facilities, facility),
    {
      kind: 'facility',
      key: facility,
      command,
      unknown: refusal('facility-unknown', '/facility', { unit, facility }),
    },
    (effectiveFrom) => ({ type: 'FacilityClosed', occurredAt, data: { facility, effectiveFrom, reason: cause } }),
  )
})

export const registerVehicle = entry<RegisterVehicle>(byUnit, (command, { vehicles }, context) => {
  const { occurredAt, plate } = command
  const news = newsOf(under(vehicles, plate), contentOf(command), command, context)
  if (news === undefined) return undefined
  if ('changes' in news)
    return { type: 'VehicleChanged', occurredAt, data: { ...news.changes, plate, effectiveFrom: news.effectiveFrom } }
  const { whole, ...since } = news
  return { type: 'VehicleRegistered', occurredAt, data: { ...whole, ...since } }
})

export const deregisterVehicle = entry<DeregisterVehicle>(byUnit, (command, { vehicles }) => {
  const { plate, occurredAt, cause } = command
  return ending(
    under(vehicles, plate),
    { kind: 'vehicle', key: plate, command, unknown: refusal('vehicle-unknown', '/plate', { plate }) },
    (effectiveFrom) => ({ type: 'VehicleDeregistered', occurredAt, data: { plate, effectiveFrom, reason: cause } }),
  )
})

export type SealedDriver = Sealed<RegisterDriver, 'driver'>

export const registerDriver = entry<SealedDriver>(byUnit, (command, { drivers }, context) => {
  const { occurredAt } = command
  const { driver, ...permit } = contentOf(command)
  const news = newsOf(under(drivers, driver.id), { driver, ...permit }, command, context)
  if (news === undefined) return undefined
  if ('changes' in news) {
    const { driver: _same, ...changes } = news.changes
    const { effectiveFrom } = news
    return { type: 'DriverChanged', occurredAt, data: { ...changes, person: driver.id, effectiveFrom } }
  }
  const { whole, ...since } = news
  return { type: 'DriverRegistered', occurredAt, data: { ...whole, ...since } }
})

/** By the number of the permit, so that no name is part of an address. */
export const deregisterDriver = entry<DeregisterDriver>(byUnit, (command, unit) => {
  const { permit, occurredAt, cause } = command
  const day = effectiveDay(command)
  const inForce = Object.values(unitOn(unit, day).drivers)
  const ended = Object.entries(unit.drivers).find(([, { versions }]) =>
    versions.some(({ content }) => content.permit === permit),
  )
  const person = inForce.find((entry) => entry.permit === permit)?.driver.id ?? ended?.[0] ?? ''
  return ending(
    under(unit.drivers, person),
    { kind: 'driver', key: permit, command, unknown: refusal('driver-unknown', '/permit', { permit }) },
    (effectiveFrom) => ({ type: 'DriverDeregistered', occurredAt, data: { person, effectiveFrom, reason: cause } }),
  )
})
