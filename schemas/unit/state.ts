import type { UnitEvent, UnitEventOf, UnitRole } from './events.ts'

type Data<T extends UnitEvent['type']> = UnitEventOf<T>['data']
export type DriverPermit = Data<'DriverRegistered'>
export type Licence = Data<'LicenceGranted'> & { readonly revokedFrom?: string }

/** A unit and what it may do, as its own events tell it. */
export interface Unit {
  readonly exists: boolean
  /** What it was registered with, to tell a repeated registration from another one. */
  readonly registration: Data<'UnitRegistered'> | undefined
  readonly unit: string
  readonly name: string
  readonly roles: readonly UnitRole[]
  readonly inside: boolean
  readonly address: string | undefined
  readonly facilities: Readonly<Record<string, Data<'FacilityAdded'>>>
  readonly sites: Readonly<Record<string, Data<'SiteAdded'>>>
  readonly licences: Readonly<Record<string, Licence>>
  readonly vehicles: Readonly<Record<string, Data<'VehicleRegistered'>>>
  /** By the opaque id of the person. */
  readonly drivers: Readonly<Record<string, Data<'DriverRegistered'>>>
  readonly contracts: Readonly<Record<string, Data<'ContractConcluded'>>>
}

export const noUnit: Unit = {
  exists: false,
  registration: undefined,
  unit: '',
  name: '',
  roles: [],
  inside: false,
  address: undefined,
  facilities: {},
  sites: {},
  licences: {},
  vehicles: {},
  drivers: {},
  contracts: {},
}

/** The fold of a unit's events. */
export function evolveUnit(unit: Unit, event: UnitEvent): Unit {
  switch (event.type) {
    case 'UnitRegistered': {
      const { unit: code, name, roles, inside, address } = event.data
      return { ...unit, exists: true, registration: event.data, unit: code, name, roles, inside, address }
    }
    case 'SiteAdded':
      return { ...unit, sites: { ...unit.sites, [event.data.site]: event.data } }
    case 'FacilityAdded':
      return { ...unit, facilities: { ...unit.facilities, [event.data.facility]: event.data } }
    case 'LicenceGranted':
      return { ...unit, licences: { ...unit.licences, [event.data.number]: event.data } }
    case 'LicenceRevoked': {
      const licence = unit.licences[event.data.number]
      return licence
        ? { ...unit, licences: { ...unit.licences, [event.data.number]: { ...licence, revokedFrom: event.data.from } } }
        : unit
    }
    case 'VehicleRegistered':
      return { ...unit, vehicles: { ...unit.vehicles, [event.data.plate]: event.data } }
    case 'DriverRegistered':
      return { ...unit, drivers: { ...unit.drivers, [event.data.driver.id]: event.data } }
    case 'ContractConcluded':
      return { ...unit, contracts: { ...unit.contracts, [event.data.number]: event.data } }
  }
}
