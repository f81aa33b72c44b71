import type { Visibility } from '../../infra/identity/visibility.ts'
import type { Concern } from '../../schemas/stream/registry.ts'
import type { ManifestForm } from '../../schemas/manifest/shapes.ts'
import type { ManifestStatus } from '../../schemas/manifest/state.ts'
import type { WasteStream } from '../../schemas/values/waste.ts'
import { every, rowsOf, some, sql, visibleAs, type ReadDatabase, type Sql } from '../sql.ts'
import type { KnownManifest } from './fold.ts'

export interface ManifestView extends KnownManifest {
  readonly id: string
  /** Filing as the order of lists knows it, microseconds since 1970. */
  readonly filedMicros: string
  readonly revision: number
  readonly position: number
}

export interface ManifestFilter {
  /** Any unit with a part in it. */
  readonly unit?: string
  readonly consignor?: string
  readonly receiver?: string
  readonly stream?: WasteStream
  readonly form?: ManifestForm
  readonly status?: ManifestStatus
  readonly wasteCode?: string
  /** Business days of the filing, both included. */
  readonly filedFrom?: string
  readonly filedTo?: string
}

/** After this manifest in the order of lists: filed last first. */
export interface ManifestCursor {
  readonly filedMicros: string
  readonly id: string
}

interface Row {
  readonly id: string
  readonly filed_micros: string
  readonly revision: number
  readonly position: string
  readonly state: KnownManifest
}

const view = ({ id, filed_micros, revision, position, state }: Row): ManifestView => ({
  ...state,
  id,
  filedMicros: filed_micros,
  revision,
  position: Number(position),
})

const columns = sql`m.id, (extract(epoch from m.filed_at) * 1000000)::bigint::text as filed_micros, m.revision, m.position, m.state`

const withUnits = (units: readonly string[]): Sql =>
  sql`exists (select from manifest_unit u where u.manifest = m.id and u.unit = any(${units}::text[]))`

/** Holds for manifests (alias `m`) that exist for this reader. One that was abandoned exists for nobody. */
export const manifestVisible = (to: Visibility): Sql =>
  every(
    sql`m.status <> 'abandoned'`,
    visibleAs(to, withUnits, (streams) => sql`m.stream = any(${streams}::text[])`),
  )

const matches = (filter: ManifestFilter): Sql =>
  every(
    filter.unit === undefined ? undefined : withUnits([filter.unit]),
    filter.consignor === undefined ? undefined : sql`m.consignor = ${filter.consignor}`,
    filter.receiver === undefined ? undefined : sql`m.receiver = ${filter.receiver}`,
    filter.stream === undefined ? undefined : sql`m.stream = ${filter.stream}`,
    filter.form === undefined ? undefined : sql`m.form = ${filter.form}`,
    filter.status === undefined ? undefined : sql`m.status = ${filter.status}`,
    filter.wasteCode === undefined
      ? undefined
      : sql`m.state @> ${JSON.stringify({ manifest: { lines: [{ waste: { code: filter.wasteCode } }] } })}::jsonb`,
    filter.filedFrom === undefined
      ? undefined
      : sql`m.filed_at >= ${`${filter.filedFrom}T00:00:00+08:00`}::timestamptz`,
    filter.filedTo === undefined
      ? undefined
      : sql`m.filed_at < ${`${filter.filedTo}T00:00:00+08:00`}::timestamptz + interval '1 day'`,
  )

/**
 * Manifests by own id or by number, as far as they exist for this reader. Several units may use the same number for a record; with the
 * consignor before it, `<unit>/<number>`, it is one.
 */
export async function manifestsByName(
  database: ReadDatabase,
  names: readonly string[],
  to: Visibility,
): Promise<readonly ManifestView[]> {
  const owned = names.flatMap((name) => {
    const [, unit, number] = OWNED.exec(name) ?? []
    return unit === undefined || number === undefined ? [] : [{ unit, number }]
  })
  const numbers = owned.map(({ number }) => number)
  const units = owned.map(({ unit }) => unit)
  const rows = await rowsOf<Row>(
    database,
    sql`select ${columns} from manifest m where ${every(
      some(
        sql`m.id = any(${names}::text[])`,
        sql`m.number = any(${names}::text[])`,
        owned.length === 0
          ? undefined
          : sql`(m.number, m.consignor) in (select * from unnest(${numbers}::text[], ${units}::text[]))`,
      ),
      manifestVisible(to),
    )}`,
  )
  return rows.map(view)
}

const OWNED = /^([0-9A-Z]{18})\/(.+)$/

/** Whom these manifests concern, whoever asks; those that were never filed or were abandoned are left out. */
export async function concernsOfManifests(
  database: ReadDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Concern>> {
  const rows = await rowsOf<{ id: string; stream: WasteStream; units: readonly string[] }>(
    database,
    sql`select m.id, m.stream, array(select u.unit from manifest_unit u where u.manifest = m.id) as units
      from manifest m where m.id = any(${ids}::text[]) and m.status <> 'abandoned'`,
  )
  return new Map(rows.map(({ id, stream, units }) => [id, { units, streams: [stream] }]))
}

/** A page of manifests, filed last first. */
export async function listManifests(
  database: ReadDatabase,
  filter: ManifestFilter,
  page: { readonly first: number; readonly after?: ManifestCursor },
  to: Visibility,
): Promise<readonly ManifestView[]> {
  const after =
    page.after &&
    sql`(m.filed_at, m.id) < ('epoch'::timestamptz + ${page.after.filedMicros}::bigint * interval '1 microsecond', ${page.after.id})`
  const where = every(manifestVisible(to), matches(filter), after)
  return (
    await rowsOf<Row>(
      database,
      sql`select ${columns} from manifest m where ${where} order by m.filed_at desc, m.id desc limit ${page.first}`,
    )
  ).map(view)
}

export async function countManifests(database: ReadDatabase, filter: ManifestFilter, to: Visibility): Promise<number> {
  const rows = await rowsOf<{ total: string }>(
    database,
    sql`select count(*) as total from manifest m where ${every(manifestVisible(to), matches(filter))}`,
  )
  return Number(rows[0]?.total ?? 0)
}
