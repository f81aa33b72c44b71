import type { Catalogues } from '../../../../schemas/catalogues/catalogue.ts'
import type { RuleId } from '../../../../schemas/rules/row.ts'
import type { KnownUnit } from '../import-park.ts'
import { namedCodeFindings } from '../../../../schemas/rules/codes.ts'
import { parseTonnes } from '../../../../schemas/values/mass.ts'
import type { Person } from '../../../../schemas/values/person.ts'
import type { Day, Moment } from '../../../../schemas/values/time.ts'
import { BOOKS, type Namespace } from '../books.ts'
import { Row, type Plan, type Rest } from '../plans.ts'
import type { PoolsAhead } from '../pools-ahead.ts'
import type { Books } from '../read-books.ts'

/** What mapping a row may look at beside the row. */
export interface MappingContext {
  readonly books: Books
  readonly catalogues: Catalogues
  /** First moment of the year in which the books begin: when what has no date of its own was there already. */
  readonly booksBegin: Moment
  /** First day of the period of the books, or the day of the import: since when master data are at least as the books say. */
  readonly period: Day
  /** First moment of the park's own books: nothing happened earlier. */
  readonly parkBegins: Moment
  readonly ahead: PoolsAhead
  /** A unit as it is registered by now. */
  unit(code: string): Promise<KnownUnit>
  /** What the park calls a thing that the books name (`bookName`). */
  idOf(name: string): string
  /** The lot that bears a label, where it came with earlier books. */
  lotOfLabel(label: string): Promise<string | undefined>
}

/** From a row to what is to be done for it. */
export type Mapper = (row: Row, context: MappingContext) => Plan | Promise<Plan>

/** Mappers of a group of forms, by the form's name. */
export type Mappers = Readonly<Record<string, Mapper>>

/** The park's clock is Asia/Shanghai: the first moment of a day there. */
export const morning = (day: string): Moment => `${day}T00:00:00+08:00`

/** The same moment, or the first of the park's books where it is older than they are. */
export const noEarlier = (at: Moment, { parkBegins }: Pick<MappingContext, 'parkBegins'>): Moment =>
  at < parkBegins ? parkBegins : at

/** The value behind a word of a form. */
export function oneOf<T>(words: Readonly<Record<string, T>>, word: string): T
export function oneOf<T>(words: Readonly<Record<string, T>>, word: string | undefined): T | undefined
export function oneOf<T>(words: Readonly<Record<string, T>>, word: string | undefined): T | undefined {
  return word === undefined ? undefined : words[word.trim()]
}

export function person(row: Row, name: string, phone?: string): Person | undefined {
  const own = row.may(name)
  const number = phone === undefined ? undefined : row.may(phone)
  return own === undefined ? undefined : { name: own, ...(number === undefined ? {} : { phone: number }) }
}

/** The row of that name in these books, if they have it: what happens to it decides about the row that names it. */
export function restsOn(
  { books }: MappingContext,
  column: string,
  space: Namespace,
  ...parts: readonly string[]
): readonly Rest[] {
  const row = books.meant(space, ...parts)
  return row === undefined ? [] : [{ row, column }]
}

export const restsOnUnits = (row: Row, context: MappingContext): readonly Rest[] =>
  (BOOKS[row.book]?.units ?? []).flatMap((column) => restsOn(context, column, 'unit', row.must(column)))

type Ground = Pick<Plan, 'rests' | 'troubles'>
const FIRM: Ground = { rests: [], troubles: [] }

/** A facility that a row names: it must be its unit's, from these books or from earlier ones. */
export async function onFacility(row: Row, context: MappingContext, column: string, unit: string): Promise<Ground> {
  const { books } = context
  const facility = row.may(column)
  if (facility === undefined) return FIRM
  const named = books.meant('facility', unit, facility)
  if (named !== undefined && !books.rows.failed(named)) return { rests: [{ row: named, column }], troubles: [] }
  const { exists, facilities } = await context.unit(unit)
  if (Object.hasOwn(facilities, facility)) return FIRM
  if (named !== undefined) return { rests: [{ row: named, column }], troubles: [] }
  // Of a unit that nobody knows that much is said already.
  if (!exists && books.find('unit', unit) === undefined) return FIRM
  return {
    rests: [],
    troubles: [{ row: row.ordinal, column, trouble: { code: 'facility-unknown', facts: { unit, facility } } }],
  }
}

/** What the list says against the waste code in a cell, which no command carries; nothing where the cell is empty. */
export function unlisted(row: Row, { catalogues }: MappingContext, column: string, day: string): Plan['troubles'] {
  const code = row.may(column)
  if (code === undefined) return []
  const [breach] = namedCodeFindings({ stream: 'hazardous', code }, day, '', catalogues).filter(
    ({ severity }) => severity === 'BLOCK',
  )
  return breach
    ? [{ row: row.ordinal, column, trouble: { code: 'rule-broken', rule: breach.rule, facts: breach.facts } }]
    : []
}

/** The same, and whether it is the code of the lot, as the row that it came to be with says. */
export function codeOfLot(
  row: Row,
  context: MappingContext,
  column: string,
  day: string,
  known: string | undefined,
  rule: RuleId = 'R31',
): Plan['troubles'] {
  const strange = unlisted(row, context, column, day)
  const value = row.may(column)
  if (strange.length > 0 || value === undefined || known === undefined || value === known) return strange
  return [{ row: row.ordinal, column, trouble: { code: 'waste-code-differs', rule, facts: { value, known } } }]
}

/** A mass that another row says, where it is sure that it says it. */
export const known = ({ books }: MappingContext, row: Row, column: string): number | undefined =>
  books.sure(row.ordinal, column) ? parseTonnes(row.must(column)) : undefined

/**
 * R28 against a row that was refused: it would have brought no more than it says, so whatever is taken beyond that is the taker's own fault.
 * Of a row that was taken the decider judges, by all that lies there.
 */
export function beyondRefused(
  context: MappingContext,
  { row, column }: { readonly row: Row; readonly column: string },
  ground: Row | undefined,
  told: string,
): Plan['troubles'] {
  if (ground === undefined || !context.books.rows.failed(ground.ordinal)) return []
  const balance = known(context, ground, told)
  const taken = parseTonnes(row.must(column))
  if (balance === undefined || taken === undefined || taken <= balance) return []
  return [{ row: row.ordinal, column, trouble: { code: 'rule-broken', rule: 'R28', facts: { taken, balance } } }]
}

export function rowNamed({ books }: MappingContext, space: Namespace, ...parts: readonly string[]): Row | undefined {
  const ordinal = books.find(space, ...parts)
  return ordinal === undefined ? undefined : new Row(books, ordinal)
}
