import type { Visibility } from '../infra/identity/visibility.ts'

/** A piece of SQL with the values for its holes; a hole may be another piece. */
export interface Sql {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}

/** What a node-postgres pool or client takes; `name` makes it a prepared statement of the connection. */
export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** Where read models are asked: a pool or client whose search_path is at the live read models. */
export interface ReadDatabase {
  query<R extends object>(statement: { name: string; text: string; values: unknown[] }): Promise<{ readonly rows: R[] }>
}

const isSql = (value: unknown): value is Sql =>
  typeof value === 'object' && value !== null && 'strings' in value && 'values' in value

/** A plain statement, written as one; every hole that is no SQL itself becomes a parameter, never text. */
export const sql = (strings: TemplateStringsArray, ...values: readonly unknown[]): Sql => ({ strings, values })

/** All conditions that are there; true without any. */
export function every(...conditions: readonly (Sql | undefined)[]): Sql {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? sql`true` : given.reduce((all, condition) => sql`${all} and ${condition}`)
}

/** Any of the conditions that are there; false without any. */
export function some(...conditions: readonly (Sql | undefined)[]): Sql {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? sql`false` : sql`(${given.reduce((any, condition) => sql`${any} or ${condition}`)})`
}

/** What `Visibility` says about things of which `ofUnits` tells whether one of these units has a part in them. */
export function visibleAs(
  { all, units = [], streams = [] }: Visibility,
  ofUnits: (units: readonly string[]) => Sql,
  ofStreams: (streams: readonly string[]) => Sql,
): Sql | undefined {
  return all
    ? undefined
    : some(units.length === 0 ? undefined : ofUnits(units), streams.length === 0 ? undefined : ofStreams(streams))
}

const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = `read-${names.size + 1}`
  names.set(text, name)
  return name
}

/** One text for one shape of question, so that each connection plans it once. */
export function statement(query: Sql): Statement {
  const values: unknown[] = []
  const render = ({ strings, values: holes }: Sql): string =>
    strings
      .map((part, i) =>
        i < holes.length ? part + (isSql(holes[i]) ? render(holes[i]) : `$${values.push(holes[i])}`) : part,
      )
      .join('')
  const text = render(query)
  return { name: nameOf(text), text, values }
}

export async function rowsOf<R extends object>(database: ReadDatabase, query: Sql): Promise<readonly R[]> {
  const { name, text, values } = statement(query)
  return (await database.query<R>({ name, text, values: [...values] })).rows
}
