import { hasRole } from '../../../schemas/actor.ts'
import type {
  AddFacility,
  AddSite,
  RegisterDriver,
  RegisterUnit,
  RegisterVehicle,
} from '../../../schemas/commands/registry.ts'
import { accept, acceptUnlessBlocked, refusal, refuse } from '../../../schemas/decision.ts'
import { creditCodeValid } from '../../../schemas/rules/registry.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import { evolveUnit, noUnit } from '../../../schemas/unit/state.ts'
import { present } from '../../../schemas/values/present.ts'
import type { Sealed } from '../../../schemas/values/person.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { byUnit, contentOf, entry, once, under, type UnitDecider } from './entry.ts'

export type SealedUnit = Sealed<RegisterUnit, 'contact'>

export const registerUnit: UnitDecider<SealedUnit> = {
  initial: noUnit,
  evolve: evolveUnit,
  decide(command, unit, context) {
    if (!hasRole(context.actor, 'admin')) return refuse(refusal('forbidden'))
    const { occurredAt, reason: _reason, ...data } = command
    const proposed = once({ type: 'UnitRegistered', occurredAt, data }, unit.registration, 'unit', data.unit)
    if (proposed === undefined) return accept([])
    if ('code' in proposed) return refuse(proposed)
    const findings = [
      ...judge(
        creditCodeValid,
        { unit: data.unit, pointer: '/unit', doubtful: context.provenance === 'live' },
        businessDay(occurredAt),
      ),
      ...timeliness(command, undefined, context),
    ]
    return acceptUnlessBlocked(findings, () => [proposed])
  },
}

export const addSite = entry<AddSite>(byUnit, ({ occurredAt, site, name, address, division }, { sites }) =>
  once(
    { type: 'SiteAdded', occurredAt, data: { site, name, address, ...present({ division }) } },
    under(sites, site),
    'site',
    site,
  ),
)

export const addFacility = entry<AddFacility>(byUnit, (command, { facilities }) => {
  const data = contentOf(command)
  return once(
    { type: 'FacilityAdded', occurredAt: command.occurredAt, data },
    facilities[data.facility],
    'facility',
    data.facility,
  )
})

export const registerVehicle = entry<RegisterVehicle>(byUnit, (command, { vehicles }) => {
  const data = contentOf(command)
  return once(
    { type: 'VehicleRegistered', occurredAt: command.occurredAt, data },
    vehicles[data.plate],
    'vehicle',
    data.plate,
  )
})

export type SealedDriver = Sealed<RegisterDriver, 'driver'>

export const registerDriver = entry<SealedDriver>(byUnit, (command, { drivers }) => {
  const data = contentOf(command)
  return once(
    { type: 'DriverRegistered', occurredAt: command.occurredAt, data },
    drivers[data.driver.id],
    'driver',
    data.driver.id,
  )
})
