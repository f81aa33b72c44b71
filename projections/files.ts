import type { Visibility } from '../infra/identity/visibility.ts'
import { every, rowsOf, sql, visibleAs, type ReadDatabase, type Sql } from './sql.ts'

/** A row of a table of files: one thing a row (a case, a hold, a correction), with the units and streams of waste that it concerns. */
export interface FileRow<S> {
  readonly id: string
  readonly revision: number
  readonly state: S
}

/** A page of files; `after` is the position at which one was opened. */
export interface FilePage {
  readonly first: number
  readonly after?: number
}

export interface FileShape<S, View, Filter> {
  /** The table, bare; its columns `id`, `revision`, `state`, `units` and `streams` are the same in all. */
  readonly table: Sql
  /** Column of the position at which a file was opened: files are listed by it, the newest first. */
  readonly opened: Sql
  matches(filter: Filter): Sql | undefined
  view(row: FileRow<S>): View
}

export interface FileQueries<View, Filter> {
  list(database: ReadDatabase, filter: Filter, page: FilePage, to: Visibility): Promise<readonly View[]>
  count(database: ReadDatabase, filter: Filter, to: Visibility): Promise<number>
  byId(database: ReadDatabase, id: string, to: Visibility): Promise<View | undefined>
}

/** The three questions that a table of files is asked, each within what the asker may see. */
export function fileQueries<S, View, Filter>({
  table,
  opened,
  matches,
  view,
}: FileShape<S, View, Filter>): FileQueries<View, Filter> {
  const visible = (to: Visibility) =>
    visibleAs(
      to,
      (units) => sql`units ?| ${units}::text[]`,
      (streams) => sql`streams ?| ${streams}::text[]`,
    )
  return {
    async list(database, filter, { first, after }, to) {
      const behind = after === undefined ? undefined : sql`${opened} < ${after}`
      const found = await rowsOf<FileRow<S>>(
        database,
        sql`select id, revision, state from ${table}
          where ${every(visible(to), matches(filter), behind)} order by ${opened} desc limit ${first}`,
      )
      return found.map(view)
    },
    async count(database, filter, to) {
      const [row] = await rowsOf<{ total: string }>(
        database,
        sql`select count(*) as total from ${table} where ${every(visible(to), matches(filter))}`,
      )
      return Number(row?.total ?? 0)
    },
    async byId(database, id, to) {
      const [row] = await rowsOf<FileRow<S>>(
        database,
        sql`select id, revision, state from ${table} where ${every(visible(to), sql`id = ${id}`)}`,
      )
      return row && view(row)
    },
  }
}
