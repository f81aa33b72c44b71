import type { Catalogues } from '../../../../schemas/catalogues/catalogue.ts'
import type { Person } from '../../../../schemas/values/person.ts'
import type { Moment } from '../../../../schemas/values/time.ts'
import { BOOKS, type Namespace } from '../books.ts'
import { groups, Row, type Plan, type Rest, type Support } from '../plans.ts'
import type { Books } from '../read-books.ts'

/** What mapping a row may look at beside the row. */
export interface MappingContext {
  readonly books: Books
  readonly catalogues: Catalogues
  /** First moment of the year in which the books begin: when what has no date of its own was there already. */
  readonly booksBegin: Moment
  /** The lot that bears a label, where it came with earlier books. */
  lotOfLabel(label: string): Promise<string | undefined>
}

/** From a row to what is to be done for it. */
export type Mapper = (row: Row, context: MappingContext) => Plan | Promise<Plan>

/** The park's clock is Asia/Shanghai: the first moment of a day there. */
export const morning = (day: string): Moment => `${day}T00:00:00+08:00`

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
export function restsOn({ books }: MappingContext, column: string, space: Namespace, ...parts: readonly string[]): readonly Rest[] {
  const row = books.find(space, ...parts)
  return row === undefined ? [] : [{ row, column }]
}

/** The facility that a row names, where it names one. */
export const supportOfFacility = (column: string, unit: string, facility: string | undefined): readonly Support[] =>
  facility === undefined ? [] : [{ group: groups.facility(unit, facility), column, breaks: ['*'] }]

export const restsOnUnits = (row: Row, context: MappingContext): readonly Rest[] =>
  (BOOKS[row.book]?.units ?? []).flatMap((column) => restsOn(context, column, 'unit', row.must(column)))

export function rowNamed({ books }: MappingContext, space: Namespace, ...parts: readonly string[]): Row | undefined {
  const ordinal = books.find(space, ...parts)
  return ordinal === undefined ? undefined : new Row(books, ordinal)
}
