import { allForms, masterDataForms } from '../../../schemas/forms/all.ts'
import type { Column as FormColumn, Form } from '../../../schemas/forms/form.ts'
import { choice, kinds, type Kind } from './cells.ts'

export type { Name, Namespace } from '../../../schemas/forms/form.ts'

/** A column of a form, and how its cells are checked and read. */
export interface Column extends FormColumn {
  readonly kind: Kind
}

/** An official form as the importer reads its file. */
export interface Book extends Form {
  readonly columns: readonly Column[]
}

const kindOf = ({ type }: FormColumn): Kind => (typeof type === 'string' ? kinds[type] : choice(type.words, type))

/** The files of a folder of books, in the order in which rows of the same moment happened. */
export const BOOKS: readonly Book[] = allForms.map((form) => ({
  ...form,
  columns: form.columns.map((column) => ({ ...column, kind: kindOf(column) })),
}))

/** How many books, from the first, are master data: each is finished before the next begins. */
export const MASTER_DATA = masterDataForms.length

export const bookNamed = new Map(BOOKS.map((book, index) => [book.name, index]))
