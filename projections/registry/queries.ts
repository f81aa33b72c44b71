import type { Visibility } from '../../infra/identity/visibility.ts'
import type { UnitRole } from '../../schemas/unit/events.ts'
import type { SealedPerson } from '../../schemas/values/person.ts'
import { foldCode, trimUnseen } from '../../schemas/values/text.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase, type Sql } from '../sql.ts'

export interface UnitView {
  readonly code: string
  readonly name: string
  readonly roles: readonly UnitRole[]
  readonly industry: string | undefined
  readonly address: string | undefined
  /** 园区内 */
  readonly inside: boolean
  /** 管理类别 of HJ 1259-2022 4.2. */
  readonly managementClass: string | undefined
}

export interface UnitFilter {
  readonly role?: UnitRole
  readonly inside?: boolean
  /** Part of the name or of the code. */
  readonly search?: string
}

interface UnitRow {
  readonly code: string
  readonly name: string
  readonly roles: readonly UnitRole[]
  readonly industry: string | null
  readonly address: string | null
  readonly inside: boolean
  readonly management_class: string | null
}

const unitView = (row: UnitRow): UnitView => ({
  code: row.code,
  name: row.name,
  roles: row.roles,
  inside: row.inside,
  industry: row.industry ?? undefined,
  address: row.address ?? undefined,
  managementClass: row.management_class ?? undefined,
})

const columns = sql`u.code, u.name, u.roles, u.industry, u.address, u.inside, u.management_class`

/**
 * Holds for units (alias `u`) of which a reader may know: its own, and those with which it has had a manifest, a lot or a contract in common.
 * Officials know every unit of the park.
 */
const known = (to: Visibility): Sql | undefined =>
  visibleAs(
    to,
    (units) => sql`(u.code = any(${units}::text[])
    or u.code in (select other from manifest_counterpart where unit = any(${units}::text[]))
    or u.code in (select other from lot_counterpart where unit = any(${units}::text[]))
    or u.code in (select receiver from contract where unit = any(${units}::text[]))
    or u.code in (select unit from contract where receiver = any(${units}::text[])))`,
    () => sql`true`,
  )

const matches = ({ role, inside, search = '' }: UnitFilter): Sql => {
  const [name, code] = [trimUnseen(search), foldCode(search)]
  return every(
    role === undefined ? undefined : sql`u.roles @> ${JSON.stringify([role])}::jsonb`,
    inside === undefined ? undefined : sql`u.inside = ${inside}`,
    name === ''
      ? undefined
      : sql`(position(${name} in u.name) > 0 or (${code} <> '' and position(${code} in u.code) > 0))`,
  )
}

export async function unitsByCode(
  database: ReadDatabase,
  codes: readonly string[],
  to: Visibility,
): Promise<readonly UnitView[]> {
  return (
    await rowsOf<UnitRow>(
      database,
      sql`select ${columns} from unit u where ${every(sql`u.code = any(${codes}::text[])`, known(to))}`,
    )
  ).map(unitView)
}

/** Whether a unit of this reader, or for an official any unit, has a site or a facility with this code. */
export async function placeRegistered(database: ReadDatabase, code: string, to: Visibility): Promise<boolean> {
  const rows = await rowsOf(
    database,
    sql`select from unit u where ${every(
      visibleAs(
        to,
        (units) => sql`u.code = any(${units}::text[])`,
        () => sql`true`,
      ),
      sql`(exists (select from facility f where f.unit = u.code and f.facility = ${code})
        or exists (select from site s where s.unit = u.code and s.site = ${code}))`,
    )} limit 1`,
  )
  return rows.length > 0
}

/** A page of units by their codes. */
export async function listUnits(
  database: ReadDatabase,
  filter: UnitFilter,
  page: { readonly first: number; readonly after?: string },
  to: Visibility,
): Promise<readonly UnitView[]> {
  const where = every(known(to), matches(filter), page.after === undefined ? undefined : sql`u.code > ${page.after}`)
  return (
    await rowsOf<UnitRow>(
      database,
      sql`select ${columns} from unit u where ${where} order by u.code limit ${page.first}`,
    )
  ).map(unitView)
}

export async function countUnits(database: ReadDatabase, filter: UnitFilter, to: Visibility): Promise<number> {
  const rows = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from unit u where ${every(known(to), matches(filter))}`,
  )
  return Number(rows[0]?.total ?? 0)
}

export interface Facility {
  readonly unit: string
  readonly code: string
  readonly name: string
  readonly kind: string
  readonly capacity: number | undefined
  readonly site: string | undefined
}
export interface Site {
  readonly unit: string
  readonly code: string
  readonly name: string
  readonly address: string
  /** GB/T 2260, six digits, where it was given. */
  readonly division: string | undefined
}
export interface Licence {
  readonly unit: string
  readonly number: string
  readonly kind: string
  readonly covers: readonly string[]
  readonly methods: readonly string[]
  /** 年经营规模, grams a licence year. */
  readonly annual: number
  readonly validFrom: string
  readonly validTo: string
  readonly revokedFrom: string | undefined
}
export interface Vehicle {
  readonly unit: string
  readonly plate: string
  readonly permit: string
  readonly validTo: string
  readonly rated: number | undefined
  readonly dangerousGoods: boolean
}
export interface Driver {
  readonly unit: string
  readonly person: SealedPerson
  readonly permit: string
  readonly validTo: string
  readonly dangerousGoods: boolean
}
export interface Contract {
  readonly unit: string
  readonly number: string
  readonly receiver: string
  readonly wasteCode: string
  readonly validFrom: string
  readonly validTo: string
}
export interface PlannedTransfer {
  readonly unit: string
  readonly year: number
  readonly wasteCode: string
  readonly receiver: string
  readonly method: string
  readonly planned: number
  readonly destination: string
}

/** Facilities of these units, by code. */
export async function facilitiesOf(database: ReadDatabase, units: readonly string[]): Promise<readonly Facility[]> {
  const rows = await rowsOf<{
    unit: string
    facility: string
    name: string
    kind: string
    capacity: string | null
    site: string | null
  }>(
    database,
    sql`select unit, facility, name, kind, capacity, site from facility where unit = any(${units}::text[]) order by unit, facility`,
  )
  return rows.map(({ unit, facility, name, kind, capacity, site }) => ({
    unit,
    name,
    kind,
    code: facility,
    capacity: capacity === null ? undefined : Number(capacity),
    site: site ?? undefined,
  }))
}

export async function sitesOf(database: ReadDatabase, units: readonly string[]): Promise<readonly Site[]> {
  const rows = await rowsOf<Omit<Site, 'division'> & { readonly division: string | null }>(
    database,
    sql`select unit, site as code, name, address, division from site where unit = any(${units}::text[]) order by unit, site`,
  )
  return rows.map(({ division, ...site }) => ({ ...site, division: division ?? undefined }))
}

/** Licences of these units, revoked ones among them. */
export async function licencesOf(database: ReadDatabase, units: readonly string[]): Promise<readonly Licence[]> {
  const rows = await rowsOf<{
    unit: string
    number: string
    kind: string
    covers: string[]
    methods: string[]
    annual: string
    valid_from: string
    valid_to: string
    revoked_from: string | null
  }>(
    database,
    sql`select l.unit, l.number, l.kind, l.covers, l.methods, l.annual, l.valid_from::text, l.valid_to::text, r.revoked_from::text
      from licence l left join licence_revocation r using (unit, number) where l.unit = any(${units}::text[]) order by l.unit, l.number`,
  )
  return rows.map(({ annual, valid_from, valid_to, revoked_from, ...licence }) => ({
    ...licence,
    annual: Number(annual),
    validFrom: valid_from,
    validTo: valid_to,
    revokedFrom: revoked_from ?? undefined,
  }))
}

export async function vehiclesOf(database: ReadDatabase, units: readonly string[]): Promise<readonly Vehicle[]> {
  const rows = await rowsOf<{
    unit: string
    plate: string
    permit: string
    valid_to: string
    rated: string | null
    dangerous_goods: boolean
  }>(
    database,
    sql`select unit, plate, permit, valid_to::text, rated, dangerous_goods from vehicle where unit = any(${units}::text[]) order by unit, plate`,
  )
  return rows.map(({ valid_to, rated, dangerous_goods, ...vehicle }) => ({
    ...vehicle,
    validTo: valid_to,
    rated: rated === null ? undefined : Number(rated),
    dangerousGoods: dangerous_goods,
  }))
}

/** Drivers of these units, sealed, by the opaque ids of the persons. */
export async function driversOf(database: ReadDatabase, units: readonly string[]): Promise<readonly Driver[]> {
  const rows = await rowsOf<{
    unit: string
    person: string
    sealed: string
    permit: string
    valid_to: string
    dangerous_goods: boolean
  }>(
    database,
    sql`select unit, person, sealed, permit, valid_to::text, dangerous_goods from driver where unit = any(${units}::text[]) order by unit, person`,
  )
  return rows.map(({ person, sealed, valid_to, dangerous_goods, ...driver }) => ({
    ...driver,
    person: { id: person, sealed },
    validTo: valid_to,
    dangerousGoods: dangerous_goods,
  }))
}

/** Contracts in which these units hand over waste. */
export async function contractsOf(database: ReadDatabase, units: readonly string[]): Promise<readonly Contract[]> {
  const rows = await rowsOf<{
    unit: string
    number: string
    receiver: string
    code: string
    valid_from: string
    valid_to: string
  }>(
    database,
    sql`select unit, number, receiver, code, valid_from::text, valid_to::text from contract where unit = any(${units}::text[]) order by unit, number`,
  )
  return rows.map(({ code, valid_from, valid_to, ...contract }) => ({
    ...contract,
    wasteCode: code,
    validFrom: valid_from,
    validTo: valid_to,
  }))
}

/** Lines of these units' plans, every year. */
export async function planLinesOf(
  database: ReadDatabase,
  units: readonly string[],
): Promise<readonly PlannedTransfer[]> {
  const rows = await rowsOf<{
    unit: string
    year: number
    code: string
    receiver: string
    method: string
    planned: string
    destination: string
  }>(
    database,
    sql`select unit, year, code, receiver, method, planned, destination from plan_line where unit = any(${units}::text[]) order by unit, year, line`,
  )
  return rows.map(({ code, planned, ...line }) => ({ ...line, wasteCode: code, planned: Number(planned) }))
}
