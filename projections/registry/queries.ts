import type { Visibility } from '../../infra/identity/visibility.ts'
import type { UnitRole } from '../../schemas/unit/shapes.ts'
import type { SealedPerson } from '../../schemas/values/person.ts'
import { foldCode, trimUnseen } from '../../schemas/values/text.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase, type Sql } from '../sql.ts'

/** The days on which one version of a thing held, both of them included; without one: since ever, or until now. */
export interface Span {
  readonly from: string | undefined
  readonly to: string | undefined
  /** Why it had ended by then. */
  readonly endedBecause: string | undefined
  /** Place in the log of the event that says so. */
  readonly position: number
}
/** A thing as it is today, or was last, and all its versions in the order of their days. */
export type WithHistory<T> = T & {
  /** First day on which it is no more, where one is known. */
  readonly endedFrom: string | undefined
  readonly history: readonly (T & Span)[]
}

interface VersionRow {
  readonly thing: string
  readonly since: string | null
  readonly until: string | null
  readonly ended: string | null
  readonly position: string
  readonly today: boolean
}
const version = sql`thing, since::text, until::text, ended, position,
  (nth = 0 or since <= (now() at time zone 'Asia/Shanghai')::date) and (until is null or until >= (now() at time zone 'Asia/Shanghai')::date) as today`

/** Versions, in the order of things and days, as things. */
function withHistories<R extends VersionRow, T extends object>(
  rows: readonly R[],
  viewOf: (row: R) => T,
): readonly WithHistory<T>[] {
  const byThing = new Map<string, R[]>()
  for (const row of rows) {
    const known = byThing.get(row.thing)
    if (known) known.push(row)
    else byThing.set(row.thing, [row])
  }
  return [...byThing.values()].flatMap((versions) => {
    const last = versions.at(-1)
    const now = versions.find(({ today }) => today) ?? last
    if (!now || !last) return []
    const history = versions.map((row) => ({
      ...viewOf(row),
      from: row.since ?? undefined,
      to: row.until ?? undefined,
      endedBecause: row.ended ?? undefined,
      position: Number(row.position),
    }))
    // Of several ends in a row, as where a renewed licence was revoked, the first counts.
    const standing = versions.findLastIndex(({ ended }) => ended === null)
    const endedFrom = last.ended === null ? undefined : (versions[standing + 1]?.since ?? undefined)
    return [{ ...viewOf(now), endedFrom, history }]
  })
}

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

interface UnitRow extends VersionRow {
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

/** Holds for the version (alias `u`) of a unit that is today's. */
const today = sql`(u.nth = 0 or u.since <= (now() at time zone 'Asia/Shanghai')::date)
  and (u.until is null or u.until >= (now() at time zone 'Asia/Shanghai')::date)`

/** All versions of units. */
async function unitsWhere(database: ReadDatabase, where: Sql): Promise<readonly WithHistory<UnitView>[]> {
  const rows = await rowsOf<UnitRow>(
    database,
    sql`select code, name, roles, industry, address, inside, management_class, ${version} from unit
      where code in (${where}) order by code, nth`,
  )
  return withHistories(rows, unitView)
}

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
      : // By any name that it ever had.
        sql`(exists (select from unit v where v.code = u.code and position(${name} in v.name) > 0)
          or (${code} <> '' and position(${code} in u.code) > 0))`,
  )
}

export async function unitsByCode(
  database: ReadDatabase,
  codes: readonly string[],
  to: Visibility,
): Promise<readonly WithHistory<UnitView>[]> {
  return unitsWhere(
    database,
    sql`select u.code from unit u where ${every(today, sql`u.code = any(${codes}::text[])`, known(to))}`,
  )
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
): Promise<readonly WithHistory<UnitView>[]> {
  const after = page.after === undefined ? undefined : sql`u.code > ${page.after}`
  return unitsWhere(
    database,
    sql`select u.code from unit u where ${every(today, known(to), matches(filter), after)} order by u.code limit ${page.first}`,
  )
}

export async function countUnits(database: ReadDatabase, filter: UnitFilter, to: Visibility): Promise<number> {
  const rows = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from unit u where ${every(today, known(to), matches(filter))}`,
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

/** Facilities of these units, by code, closed ones among them. */
export async function facilitiesOf(
  database: ReadDatabase,
  units: readonly string[],
): Promise<readonly WithHistory<Facility>[]> {
  const rows = await rowsOf<
    VersionRow & {
      unit: string
      facility: string
      name: string
      kind: string
      capacity: string | null
      site: string | null
    }
  >(
    database,
    sql`select unit, facility, name, kind, capacity, site, ${version} from facility
      where unit = any(${units}::text[]) order by unit, facility, nth`,
  )
  return withHistories(rows, ({ unit, facility, name, kind, capacity, site }) => ({
    unit,
    name,
    kind,
    code: facility,
    capacity: capacity === null ? undefined : Number(capacity),
    site: site ?? undefined,
  }))
}

export async function sitesOf(database: ReadDatabase, units: readonly string[]): Promise<readonly WithHistory<Site>[]> {
  const rows = await rowsOf<VersionRow & Omit<Site, 'division'> & { readonly division: string | null }>(
    database,
    sql`select unit, site as code, name, address, division, ${version} from site
      where unit = any(${units}::text[]) order by unit, site, nth`,
  )
  return withHistories(rows, ({ unit, code, name, address, division }) => ({
    unit,
    code,
    name,
    address,
    division: division ?? undefined,
  }))
}

/** Licences of these units, revoked ones among them. */
export async function licencesOf(
  database: ReadDatabase,
  units: readonly string[],
): Promise<readonly WithHistory<Licence>[]> {
  const rows = await rowsOf<
    VersionRow & {
      unit: string
      number: string
      kind: string
      covers: string[]
      methods: string[]
      annual: string
      valid_from: string
      valid_to: string
    }
  >(
    database,
    sql`select unit, number, kind, covers, methods, annual, valid_from::text, valid_to::text, ${version} from licence
      where unit = any(${units}::text[]) order by unit, number, nth`,
  )
  return withHistories(
    rows,
    ({ unit, number, kind, covers, methods, annual, valid_from: validFrom, valid_to: validTo }) => ({
      unit,
      number,
      kind,
      covers,
      methods,
      validFrom,
      validTo,
      annual: Number(annual),
    }),
  )
}

export async function vehiclesOf(
  database: ReadDatabase,
  units: readonly string[],
): Promise<readonly WithHistory<Vehicle>[]> {
  const rows = await rowsOf<
    VersionRow & {
      unit: string
      plate: string
      permit: string
      valid_to: string
      rated: string | null
      dangerous_goods: boolean
    }
  >(
    database,
    sql`select unit, plate, permit, valid_to::text, rated, dangerous_goods, ${version} from vehicle
      where unit = any(${units}::text[]) order by unit, plate, nth`,
  )
  return withHistories(rows, ({ unit, plate, permit, valid_to: validTo, rated, dangerous_goods: dangerousGoods }) => ({
    unit,
    plate,
    permit,
    validTo,
    dangerousGoods,
    rated: rated === null ? undefined : Number(rated),
  }))
}

/** Drivers of these units, sealed, by the opaque ids of the persons. */
export async function driversOf(
  database: ReadDatabase,
  units: readonly string[],
): Promise<readonly WithHistory<Driver>[]> {
  const rows = await rowsOf<
    VersionRow & {
      unit: string
      person: string
      sealed: string
      permit: string
      valid_to: string
      dangerous_goods: boolean
    }
  >(
    database,
    sql`select unit, person, sealed, permit, valid_to::text, dangerous_goods, ${version} from driver
      where unit = any(${units}::text[]) order by unit, person, nth`,
  )
  return withHistories(
    rows,
    ({ unit, person: id, sealed, permit, valid_to: validTo, dangerous_goods: dangerousGoods }) => ({
      unit,
      permit,
      validTo,
      dangerousGoods,
      person: { id, sealed },
    }),
  )
}

/** Contracts in which these units hand over waste. */
export async function contractsOf(
  database: ReadDatabase,
  units: readonly string[],
): Promise<readonly WithHistory<Contract>[]> {
  const rows = await rowsOf<
    VersionRow & { unit: string; number: string; receiver: string; code: string; valid_from: string; valid_to: string }
  >(
    database,
    sql`select unit, number, receiver, code, valid_from::text, valid_to::text, ${version} from contract
      where unit = any(${units}::text[]) order by unit, number, nth`,
  )
  return withHistories(
    rows,
    ({ unit, number, receiver, code: wasteCode, valid_from: validFrom, valid_to: validTo }) => ({
      unit,
      number,
      receiver,
      wasteCode,
      validFrom,
      validTo,
    }),
  )
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
