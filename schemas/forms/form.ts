import type { RuleId } from '../rules/row.ts'
import { words } from './words.ts'

/** How the cells of a column are written; the importer checks and reads each of them in one way (`services/park/import/cells.ts`). */
export type ColumnType =
  | 'text'
  | 'name'
  | 'person'
  | 'phone'
  | 'code'
  | 'codes'
  | 'number'
  | 'unit'
  | 'batch'
  | 'batches'
  | 'facility'
  | 'plate'
  | 'label'
  | 'manifestNumber'
  | 'tonnes'
  | 'tonnesOrNone'
  | 'whole'
  | 'kilograms'
  | 'percent'
  | 'moment'
  | 'day'
  | 'year'
  | 'hazards'

/** A column whose cells are words of the form; several with a bar between where `many`. */
export interface Choice {
  readonly words: Readonly<Record<string, unknown>>
  readonly many?: boolean
  /** The rule that another word breaks. */
  readonly rule?: RuleId
}

/**
 * One column of an official form. `must`: the row means nothing without it. `form`: a rule asks for it; a book without the column is no
 * violation, a column that is there and empty is one (readings: all). `ask`: the official form asks for it and no rule of ours does, so an
 * empty cell is said and costs nothing. `may`: may be empty.
 */
export interface Column {
  /** As the official form writes it, with the unit of measurement in brackets where it has one. */
  readonly name: string
  readonly type: ColumnType | Choice
  readonly need: 'must' | 'form' | 'ask' | 'may'
  /** The rule that an empty cell breaks. */
  readonly rule?: RuleId
}

/** A name under which rows find each other: the columns that make it up. The first one of a form is its rows' natural key. */
export type Namespace =
  | 'unit'
  | 'facility'
  | 'licence'
  | 'vehicle'
  | 'plan'
  | 'plan-line'
  | 'contract'
  | 'generation'
  | 'storage-in'
  | 'stock-label'
  | 'storage-out'
  | 'manifest'
  | 'line'
  | 'line-of'
  | 'treatment'
  | 'pool-record'
  | 'out-record'
  | 'receipt'
  | 'trip'

export interface Name {
  readonly space: Namespace
  readonly columns: readonly string[]
}

/** An official book: one file of a folder of books, one row a record. */
export interface Form {
  /** Name of the file without `.csv`. */
  readonly name: string
  readonly zh: string
  readonly en: string
  /** The regulation whose form it is; absent for the park's own lists. */
  readonly source?: string
  readonly columns: readonly Column[]
  readonly names: readonly [Name, ...Name[]]
  /** Columns that name units; the row rests on their registration. */
  readonly units: readonly string[]
  /** Column of the business time by which rows are ordered; master data come before everything. */
  readonly time?: string
}

const column =
  (need: Column['need']) =>
  (name: string, type: Column['type'], rule?: RuleId): Column => ({ name, type, need, ...(rule ? { rule } : {}) })
export const must = column('must')
export const form = column('form')
export const ask = column('ask')
export const may = column('may')

export const choice = (
  list: Readonly<Record<string, unknown>>,
  options: Pick<Choice, 'many' | 'rule'> = {},
): Choice => ({ words: list, ...options })

/** 计量单位: the forms know tonnes only (R26). */
export const measure = form('计量单位', choice(words.measure, { rule: 'R26' }), 'R26')
