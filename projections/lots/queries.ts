import type { Visibility } from '../../infra/identity/visibility.ts'
import type { Concern } from '../../schemas/stream/registry.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { totalOf, type Total } from '../../schemas/values/total.ts'
import type { WasteStream } from '../../schemas/values/waste.ts'
import { manifestVisible } from '../manifests/queries.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase, type Sql } from '../sql.ts'
import type { LotStatus } from './fold.ts'

export interface LotView {
  readonly id: string
  readonly lot: Lot
  /** Every unit that the lot has been with. */
  readonly units: readonly string[]
  readonly status: LotStatus
  /** What lies anywhere now, grams. */
  readonly grams: Total
  readonly revision: number
  readonly position: number
}

export interface LotFilter {
  /** Any unit that the lot has been with. */
  readonly unit?: string
  readonly originUnit?: string
  readonly stream?: WasteStream
  readonly code?: string
  readonly status?: LotStatus
  readonly bornFrom?: string
  readonly bornTo?: string
  /** These lots and no others. */
  readonly ids?: readonly string[]
}

/** After this lot in the order of lists: youngest first. */
export interface LotCursor {
  readonly bornOn: string
  readonly id: string
}

interface Row {
  readonly id: string
  readonly status: LotStatus
  readonly grams: string
  readonly revision: number
  readonly position: string
  readonly state: { readonly lot: Lot; readonly units: readonly string[] }
}

const view = ({ id, status, grams, revision, position, state }: Row): LotView => ({
  id,
  status,
  revision,
  lot: state.lot,
  units: state.units,
  grams: totalOf(grams),
  position: Number(position),
})

const columns = sql`l.id, l.status, l.grams, l.revision, l.position, l.state`

const withUnits = (units: readonly string[]): Sql =>
  sql`exists (select from lot_unit u where u.lot = l.id and u.unit = any(${units}::text[]))`

/** Holds for lots (alias `l`) that exist for this reader. */
export const lotVisible = (to: Visibility): Sql | undefined =>
  visibleAs(to, withUnits, (streams) => sql`l.stream = any(${streams}::text[])`)

const matches = (filter: LotFilter): Sql =>
  every(
    filter.unit === undefined ? undefined : withUnits([filter.unit]),
    filter.originUnit === undefined ? undefined : sql`l.origin_unit = ${filter.originUnit}`,
    filter.stream === undefined ? undefined : sql`l.stream = ${filter.stream}`,
    filter.code === undefined ? undefined : sql`l.code = ${filter.code}`,
    filter.status === undefined ? undefined : sql`l.status = ${filter.status}`,
    filter.bornFrom === undefined ? undefined : sql`l.born_on >= ${filter.bornFrom}::date`,
    filter.ids === undefined ? undefined : sql`l.id = any(${filter.ids}::text[])`,
    filter.bornTo === undefined ? undefined : sql`l.born_on <= ${filter.bornTo}::date`,
  )

/** Lots by id, as far as they exist for this reader; in no order. */
export async function lotsById(
  database: ReadDatabase,
  ids: readonly string[],
  to: Visibility,
): Promise<readonly LotView[]> {
  return (
    await rowsOf<Row>(
      database,
      sql`select ${columns} from lot l where ${every(sql`l.id = any(${ids}::text[])`, lotVisible(to))}`,
    )
  ).map(view)
}

/** Which of these lots exist for this reader. */
export async function lotsThatExist(
  database: ReadDatabase,
  ids: readonly string[],
  to: Visibility,
): Promise<ReadonlySet<string>> {
  const rows = await rowsOf<{ id: string }>(
    database,
    sql`select l.id from lot l where ${every(sql`l.id = any(${ids}::text[])`, lotVisible(to))}`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Whom these lots concern, whoever asks; lots that never came to be are left out. */
export async function concernsOfLots(
  database: ReadDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Concern>> {
  const rows = await rowsOf<{ id: string; stream: WasteStream; units: readonly string[] }>(
    database,
    sql`select l.id, l.stream, array(select u.unit from lot_unit u where u.lot = l.id) as units
      from lot l where l.id = any(${ids}::text[])`,
  )
  return new Map(rows.map(({ id, stream, units }) => [id, { units, streams: [stream] }]))
}

/** A page of lots, youngest first. */
export async function listLots(
  database: ReadDatabase,
  filter: LotFilter,
  page: { readonly first: number; readonly after?: LotCursor },
  to: Visibility,
): Promise<readonly LotView[]> {
  const after = page.after && sql`(l.born_on, l.id) < (${page.after.bornOn}::date, ${page.after.id})`
  const where = every(lotVisible(to), matches(filter), after)
  return (
    await rowsOf<Row>(
      database,
      sql`select ${columns} from lot l where ${where} order by l.born_on desc, l.id desc limit ${page.first}`,
    )
  ).map(view)
}

/** Whether any lot of this code exists for this reader. */
export async function codeExists(database: ReadDatabase, code: string, to: Visibility): Promise<boolean> {
  const rows = await rowsOf(
    database,
    sql`select from lot l where ${every(sql`l.code = ${code}`, lotVisible(to))} limit 1`,
  )
  return rows.length > 0
}

export async function countLots(database: ReadDatabase, filter: LotFilter, to: Visibility): Promise<number> {
  const rows = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from lot l where ${every(lotVisible(to), matches(filter))}`,
  )
  return Number(rows[0]?.total ?? 0)
}

export interface Identified {
  /** `id`: the thing's own id. */
  readonly kind: 'id' | 'label' | 'batch' | 'record' | 'manifest-number'
  readonly value: string
  /** Unit within which the name is unique; empty for names that are unique everywhere. */
  readonly unit: string
  readonly target: { readonly kind: 'lot' | 'manifest'; readonly id: string }
}

/**
 * What bears a name: a lot's or manifest's own id, a label, a batch or record code, a manifest's number. A code may be written
 * `<unit>/<code>` where several units use the same one. Only what exists for this reader.
 */
export async function identify(database: ReadDatabase, name: string, to: Visibility): Promise<readonly Identified[]> {
  const [, unit, value = name] = /^([0-9A-Z]{18})\/(.+)$/.exec(name) ?? []
  const lots = every(sql`l.id = i.target and i.target_kind = 'lot'`, lotVisible(to))
  const manifests = every(sql`m.id = i.target and i.target_kind = 'manifest'`, manifestVisible(to))
  const rows = await rowsOf<{
    kind: Identified['kind']
    value: string
    unit: string
    target_kind: 'lot' | 'manifest'
    target: string
  }>(
    database,
    sql`select i.kind, i.value, i.unit, i.target_kind, i.target
      from (
        select kind, value, unit, target_kind, target from identifier where value = ${value} and ${unit === undefined ? sql`true` : sql`unit = ${unit}`}
        union all select 'id', ${name}, '', 'lot', id from lot where id = ${name}
        union all select 'id', ${name}, '', 'manifest', id from manifest where id = ${name}
      ) i
      where exists (select from lot l where ${lots}) or exists (select from manifest m where ${manifests})
      order by i.target_kind, i.target limit 20`,
  )
  return rows.map(({ kind, value: text, unit: owner, target_kind, target }) => ({
    kind,
    value: text,
    unit: owner,
    target: { kind: target_kind, id: target },
  }))
}
