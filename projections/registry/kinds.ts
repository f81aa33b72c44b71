import type {
  Contract,
  DriverPermit,
  Facility,
  Licence,
  Registration,
  Site,
  UnitHistory,
  Vehicle,
} from '../../schemas/unit/state.ts'
import type { Cell, Table } from '../projection.ts'

/** How a kind of master data is kept: a table with one row for each version of each thing, and the cells of its content. */
export interface KindOfThing<T = never> {
  readonly table: Table
  readonly cells: (content: T) => readonly Cell[]
}

// Shared by all: which version of which thing, of whom, the days on which it held (without one: since ever, until now), why it ended, and
// where that was recorded. The first version carries all that was ever recorded of the thing, which the next change is folded from.
const HEAD = { thing: 'text', nth: 'integer', unit: 'text' } as const
const TAIL = { since: 'date', until: 'date', ended: 'text', position: 'bigint', recorded: 'jsonb' } as const
const table = (name: string, columns: Readonly<Record<string, string>>): Table => ({
  name,
  key: ['thing', 'nth'],
  columns: { ...HEAD, ...columns, ...TAIL },
})

const unit: KindOfThing<Registration> = {
  table: table('unit', {
    code: 'text',
    name: 'text',
    roles: 'jsonb',
    industry: 'text',
    address: 'text',
    inside: 'boolean',
    management_class: 'text',
  }),
  cells: ({ unit: code, name, roles, industry, address, inside, managementClass }) => [
    code,
    name,
    JSON.stringify(roles),
    industry ?? null,
    address ?? null,
    inside,
    managementClass ?? null,
  ],
}
const site: KindOfThing<Site> = {
  table: table('site', { site: 'text', name: 'text', address: 'text', division: 'text' }),
  cells: ({ site, name, address, division }) => [site, name, address, division ?? null],
}
const facility: KindOfThing<Facility> = {
  table: table('facility', { facility: 'text', name: 'text', kind: 'text', capacity: 'bigint', site: 'text' }),
  cells: ({ facility, name, kind, capacity, site }) => [facility, name, kind, capacity ?? null, site ?? null],
}
const licence: KindOfThing<Licence> = {
  table: table('licence', {
    number: 'text',
    kind: 'text',
    covers: 'jsonb',
    methods: 'jsonb',
    annual: 'bigint',
    valid_from: 'date',
    valid_to: 'date',
  }),
  cells: ({ number, kind, covers, methods, annual, from, to }) => [
    number,
    kind,
    JSON.stringify(covers),
    JSON.stringify(methods),
    annual,
    from,
    to,
  ],
}
const vehicle: KindOfThing<Vehicle> = {
  table: table('vehicle', {
    plate: 'text',
    permit: 'text',
    valid_to: 'date',
    rated: 'bigint',
    dangerous_goods: 'boolean',
  }),
  cells: ({ plate, permit, validTo, rated, dangerousGoods }) => [plate, permit, validTo, rated ?? null, dangerousGoods],
}
const driver: KindOfThing<DriverPermit> = {
  table: table('driver', {
    person: 'text',
    permit: 'text',
    valid_to: 'date',
    dangerous_goods: 'boolean',
    sealed: 'text',
  }),
  cells: ({ driver: { id, sealed }, permit, validTo, dangerousGoods }) => [id, permit, validTo, dangerousGoods, sealed],
}
const contract: KindOfThing<Contract> = {
  table: table('contract', {
    number: 'text',
    receiver: 'text',
    code: 'text',
    valid_from: 'date',
    valid_to: 'date',
  }),
  cells: ({ number, receiver, code, from, to }) => [number, receiver, code, from, to],
}

export const kinds = {
  registration: unit,
  sites: site,
  facilities: facility,
  licences: licence,
  vehicles: vehicle,
  drivers: driver,
  contracts: contract,
} as const satisfies Readonly<Record<keyof UnitHistory, KindOfThing>>
