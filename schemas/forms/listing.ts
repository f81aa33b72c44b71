import { ruleListing } from '../rules/listing.ts'
import type { Day } from '../values/time.ts'
import { allForms } from './all.ts'
import type { Column, Form } from './form.ts'

/** A column as it is shown to people who fill a form in. */
export interface ListedColumn {
  readonly name: string
  /** How its cells are written: a type of `ColumnType`, or `choice`. */
  readonly type: string
  /** Unit of measurement, as the column's name gives it in brackets. */
  readonly measure?: string
  readonly need: Column['need']
  /** The rule that an empty cell breaks, and the first day since which it has one. */
  readonly rule?: string
  readonly since?: Day
  readonly choices?: readonly string[]
  readonly several?: boolean
}

export interface ListedForm extends Pick<Form, 'name' | 'zh' | 'en' | 'source' | 'time'> {
  /** Columns that identify a row. */
  readonly key: readonly string[]
  readonly columns: readonly ListedColumn[]
}

const MEASURE = /\(([^)]+)\)$/

function listedColumn({ name, type, need, rule }: Column): ListedColumn {
  const measure = MEASURE.exec(name)?.[1]
  const since = ruleListing.find(({ id }) => id === rule)?.editions[0]?.from
  return {
    name,
    type: typeof type === 'string' ? type : 'choice',
    ...(measure ? { measure } : {}),
    need,
    ...(rule ? { rule } : {}),
    ...(since ? { since } : {}),
    ...(typeof type === 'string' ? {} : { choices: Object.keys(type.words), several: type.many ?? false }),
  }
}

/** Every official form with its columns, in the order in which books are read. */
export const formListing: readonly ListedForm[] = allForms.map(({ name, zh, en, source, time, names, columns }) => ({
  name,
  zh,
  en,
  ...(source ? { source } : {}),
  ...(time ? { time } : {}),
  key: names[0].columns,
  columns: columns.map(listedColumn),
}))

/** An empty book: the head row of a form, as CSV (RFC 4180) with the byte order mark by which spreadsheets know UTF-8. */
export const templateOf = ({ columns }: Pick<Form, 'columns'>): string =>
  `\ufeff${columns.map(({ name }) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',')}\r\n`
