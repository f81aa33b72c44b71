import type { z } from 'zod'
import { unitsNamed } from '../stream/concerning.ts'
import { streamKind } from '../stream/stream-kind.ts'
import type { Day } from '../values/time.ts'
import { WASTE_STREAMS } from '../values/waste.ts'
import { unitEvents, type UnitEvent } from './events.ts'
import { contentOn, versionOn, type History } from './history.ts'
import type { Saying } from './saying.ts'
import type { registered, UnitRole } from './shapes.ts'

type Registered = { [Kind in keyof typeof registered]: Readonly<z.infer<(typeof registered)[Kind]>> }
export type Registration = Registered['unit']
export type Site = Registered['site']
export type Facility = Registered['facility']
export type Licence = Registered['licence']
export type Vehicle = Registered['vehicle']
export type DriverPermit = Registered['driver']
export type Contract = Registered['contract']

type ByKey<T> = Readonly<Record<string, T>>

/** The fold of a unit's events: each thing with its history. Deciders ask it for a day (`unitOn`). */
export interface UnitHistory {
  readonly registration: History<Registration> | undefined
  readonly sites: ByKey<History<Site>>
  readonly facilities: ByKey<History<Facility>>
  readonly licences: ByKey<History<Licence>>
  readonly vehicles: ByKey<History<Vehicle>>
  /** By the opaque id of the person. */
  readonly drivers: ByKey<History<DriverPermit>>
  readonly contracts: ByKey<History<Contract>>
}

export const noHistory: UnitHistory = {
  registration: undefined,
  sites: {},
  facilities: {},
  licences: {},
  vehicles: {},
  drivers: {},
  contracts: {},
}

/** A unit, stream `unit-<credit code>`. Its events concern the unit itself, a partner that they name, and every office. */
export const units = streamKind({
  name: 'unit',
  channel: 'registry',
  initial: noHistory,
  concern: { from: 'id', units: unitsNamed, streams: WASTE_STREAMS },
  subjectOf: (id) => ({ kind: 'unit', id }),
  events: unitEvents,
})
export const evolveUnit = units.evolve

export const sayingOf = ({ type, data }: UnitEvent): Saying =>
  (unitEvents[type] as { says(data: object): Saying }).says(data)

/** What stays known after its end, because waste may still lie there. */
type Closable<T> = T & { readonly closedFrom?: Day | undefined }

/**
 * A unit and what it may do on one day. Licences, permits and contracts that had ended by then are absent; sites and facilities stay, with the
 * day of their closure.
 */
export interface Unit {
  /** Registered, and not closed by that day. */
  readonly exists: boolean
  readonly closedFrom?: Day | undefined
  readonly unit: string
  readonly name: string
  readonly roles: readonly UnitRole[]
  readonly inside: boolean
  readonly address: string | undefined
  readonly facilities: ByKey<Closable<Facility>>
  readonly sites: ByKey<Closable<Site>>
  readonly licences: ByKey<Licence>
  readonly vehicles: ByKey<Vehicle>
  /** By the opaque id of the person. */
  readonly drivers: ByKey<DriverPermit>
  readonly contracts: ByKey<Contract>
}

export const noUnit: Unit = {
  exists: false,
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

/**
 * The unit as it was on a day. A day's unit is made once for each version of a history: between two days on which something changed all days
 * are alike, so acts of a month mostly share one.
 */
export function unitOn(history: UnitHistory, day: Day): Unit {
  if (history.registration === undefined) return noUnit
  const { days, units } = viewsOf(history)
  const at = stretchOf(days, day)
  const known = units.get(at)
  if (known) return known
  if (units.size >= VIEWS) units.clear()
  const unit = viewOn(history, history.registration, day)
  units.set(at, unit)
  return unit
}

interface Views {
  /** Days on which anything changes, in order. */
  readonly days: readonly Day[]
  /** By how many of these days had come. */
  readonly units: Map<number, Unit>
}
// Units of so many stretches of days are kept for one history: acts come by their days, more or less.
const VIEWS = 16
const kept = new WeakMap<UnitHistory, Views>()

function viewsOf(history: UnitHistory): Views {
  const known = kept.get(history)
  if (known) return known
  const days = new Set<Day>()
  const note = ({ versions }: History<unknown>): void => {
    for (const { from } of versions) if (from !== undefined) days.add(from)
  }
  const { registration, ...things } = history
  if (registration) note(registration)
  for (const byKey of Object.values(things)) Object.values<History<unknown>>(byKey).forEach(note)
  const views = { days: [...days].sort(), units: new Map<number, Unit>() }
  kept.set(history, views)
  return views
}

function stretchOf(days: readonly Day[], day: Day): number {
  let [low, high] = [0, days.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((days[middle] as Day) <= day) low = middle + 1
    else high = middle
  }
  return low
}

function viewOn(history: UnitHistory, registration: History<Registration>, day: Day): Unit {
  const { content, ended, from } = versionOn(registration, day)
  const { unit, name, roles, inside, address } = content
  return {
    exists: ended === undefined,
    ...(ended === undefined ? {} : { closedFrom: from }),
    unit,
    name,
    roles,
    inside,
    address,
    sites: withClosed(history.sites, day),
    facilities: withClosed(history.facilities, day),
    licences: inForce(history.licences, day),
    vehicles: inForce(history.vehicles, day),
    drivers: inForce(history.drivers, day),
    contracts: inForce(history.contracts, day),
  }
}

const inForce = <T>(things: ByKey<History<T>>, day: Day): ByKey<T> =>
  Object.fromEntries(
    Object.entries(things).flatMap(([key, history]) => {
      const content = contentOn(history, day)
      return content === undefined ? [] : [[key, content]]
    }),
  )

const withClosed = <T>(things: ByKey<History<T>>, day: Day): ByKey<Closable<T>> =>
  Object.fromEntries(
    Object.entries(things).map(([key, history]) => {
      const { content, ended, from } = versionOn(history, day)
      return [key, { ...content, ...(ended === undefined ? {} : { closedFrom: from }) }]
    }),
  )
