import { upcast } from '../../infra/event-store/upcast.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { PlanEvent } from '../../schemas/plan/events.ts'
import type { UnitEvent } from '../../schemas/unit/events.ts'
import type { Cell, Changes, Table } from '../projection.ts'

const table = (name: string, key: readonly string[], columns: Readonly<Record<string, string>>): Table => ({
  name,
  key,
  columns: { ...columns, position: 'bigint' },
})

export const unitTable = table('unit', ['code'], {
  code: 'text',
  name: 'text',
  roles: 'jsonb',
  industry: 'text',
  address: 'text',
  inside: 'boolean',
  management_class: 'text',
})
const siteTable = table('site', ['unit', 'site'], {
  unit: 'text',
  site: 'text',
  name: 'text',
  address: 'text',
  division: 'text',
})
const facilityTable = table('facility', ['unit', 'facility'], {
  unit: 'text',
  facility: 'text',
  name: 'text',
  kind: 'text',
  capacity: 'bigint',
  site: 'text',
})
const licenceTable = table('licence', ['unit', 'number'], {
  unit: 'text',
  number: 'text',
  kind: 'text',
  covers: 'jsonb',
  methods: 'jsonb',
  annual: 'bigint',
  valid_from: 'date',
  valid_to: 'date',
})
const revocationTable = table('licence_revocation', ['unit', 'number'], {
  unit: 'text',
  number: 'text',
  revoked_from: 'date',
  reason: 'text',
})
const vehicleTable = table('vehicle', ['unit', 'plate'], {
  unit: 'text',
  plate: 'text',
  permit: 'text',
  valid_to: 'date',
  rated: 'bigint',
  dangerous_goods: 'boolean',
})
const driverTable = table('driver', ['unit', 'person'], {
  unit: 'text',
  person: 'text',
  permit: 'text',
  valid_to: 'date',
  dangerous_goods: 'boolean',
  sealed: 'text',
})
const contractTable = table('contract', ['unit', 'number'], {
  unit: 'text',
  number: 'text',
  receiver: 'text',
  code: 'text',
  valid_from: 'date',
  valid_to: 'date',
})
const planLineTable = table('plan_line', ['unit', 'year', 'line'], {
  unit: 'text',
  year: 'integer',
  line: 'integer',
  code: 'text',
  receiver: 'text',
  method: 'text',
  planned: 'bigint',
  destination: 'text',
})
export const registryTables: readonly Table[] = [
  unitTable,
  siteTable,
  facilityTable,
  licenceTable,
  revocationTable,
  vehicleTable,
  driverTable,
  contractTable,
  planLineTable,
]

/** Folds one page. Every event is a whole row of one table, so nothing earlier need be read and a repeat writes the same row again. */
export function foldRegistry(page: readonly RecordedEvent[]): readonly Changes[] {
  const rows = new Map<Table, Map<string, readonly Cell[]>>(registryTables.map((table) => [table, new Map()]))
  for (const recorded of page) {
    const written = rowOf(recorded)
    if (!written) continue
    const [table, cells] = written
    const key = cells.slice(0, table.key.length).join('|')
    rows.get(table)?.set(key, [...cells, recorded.position])
  }
  return [...rows].map(([table, byKey]) => ({ table, inserts: [], upserts: [...byKey.values()], deletes: [] }))
}

function rowOf(recorded: RecordedEvent): readonly [Table, readonly Cell[]] | undefined {
  const event = upcast(recorded) as UnitEvent | PlanEvent
  const unit = recorded.stream.slice('unit-'.length)
  switch (event.type) {
    case 'UnitRegistered': {
      const { unit: code, name, roles, industry, address, inside, managementClass } = event.data
      return [
        unitTable,
        [code, name, JSON.stringify(roles), industry ?? null, address ?? null, inside, managementClass ?? null],
      ]
    }
    case 'SiteAdded':
      return [siteTable, [unit, event.data.site, event.data.name, event.data.address, event.data.division ?? null]]
    case 'FacilityAdded': {
      const { facility, name, kind, capacity, site } = event.data
      return [facilityTable, [unit, facility, name, kind, capacity ?? null, site ?? null]]
    }
    case 'LicenceGranted': {
      const { number, kind, covers, methods, annual, from, to } = event.data
      return [licenceTable, [unit, number, kind, JSON.stringify(covers), JSON.stringify(methods), annual, from, to]]
    }
    case 'LicenceRevoked':
      return [revocationTable, [unit, event.data.number, event.data.from, event.data.reason]]
    case 'VehicleRegistered': {
      const { plate, permit, validTo, rated, dangerousGoods } = event.data
      return [vehicleTable, [unit, plate, permit, validTo, rated ?? null, dangerousGoods]]
    }
    case 'DriverRegistered': {
      const { driver, permit, validTo, dangerousGoods } = event.data
      return [driverTable, [unit, driver.id, permit, validTo, dangerousGoods, driver.sealed]]
    }
    case 'ContractConcluded': {
      const { number, receiver, code, from, to } = event.data
      return [contractTable, [unit, number, receiver, code, from, to]]
    }
    case 'PlanLineFiled': {
      const { unit: planner, year, code, receiver, method, planned, destination } = event.data
      return [planLineTable, [planner, year, recorded.revision, code, receiver, method, planned, destination]]
    }
  }
}
