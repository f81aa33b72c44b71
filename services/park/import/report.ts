import type { Facts } from '../../../schemas/decision.ts'
import type { RuleId } from '../../../schemas/rules/row.ts'
import { BOOKS } from './books.ts'
import { gathered, type Placed } from './alike.ts'
import { textsOf } from './texts.ts'
import type { Fate } from './row-table.ts'

export type Severity = 'BLOCK' | 'HOLD' | 'WARN'

/** What is to be said about one cell, row or file of the books. */
export interface Problem {
  /** `units.csv` */
  readonly file: string
  /** Data rows count from 1; 0 is the file itself or its header. */
  readonly row: number
  /** Header name of the field at fault; empty where it is the whole row. */
  readonly column: string
  /** The row's natural key, its parts with a space between. */
  readonly key: string
  readonly rule: string | null
  readonly code: string
  readonly severity: Severity
  readonly zh: string
  readonly en: string
  /** Where one message speaks for many cells that fail alike: how many, and the first rows of them; `row` is then 0. */
  readonly count?: number
  readonly rows?: readonly number[]
}

/** How a file, or a column of it, was read where it is not written as the books are: nothing that anybody must mend. */
export interface Notice {
  readonly file: string
  /** Empty where it is about the file. */
  readonly column: string
  readonly code: string
  /** Cells that were read so; 1 where it is about the file. */
  readonly count: number
  /** The first of their rows; 0 is the file itself. */
  readonly rows: readonly number[]
  readonly zh: string
  readonly en: string
}

export interface Counts {
  readonly rows: number
  readonly accepted: number
  readonly unchanged: number
  readonly refused: number
  readonly held: number
}

/** Shape of `npm run import -- --json` (front doors, 1). */
export interface ImportResult extends Counts {
  /** Events appended, those that follow by policies included. */
  readonly events: number
  readonly seconds: number
  /** Digits of a position of the log that holds all of it: what a reader gives as `minPosition`. */
  readonly position: string
  readonly files: Readonly<Record<string, Counts>>
  readonly problems: readonly Problem[]
  readonly notices: readonly Notice[]
}

/** Whether everything that was handed over is in: no row was refused or held, and no file that looks like a book was left unread. */
export const wholly = ({ problems, refused, held }: ImportResult): boolean =>
  refused + held === 0 && problems.every(({ severity }) => severity === 'WARN')

export interface Finding {
  readonly book: number
  readonly row: number
  readonly column: string
  readonly key: string
  readonly code: string
  readonly rule?: RuleId | undefined
  /** The rule that a refusal comes under although its own text says what is wrong. */
  readonly implied?: RuleId | undefined
  readonly severity: Severity
  readonly facts: Facts
  /** Where they were made elsewhere; without them they are made of the facts. */
  readonly texts?: { readonly zh: string; readonly en: string } | undefined
}

interface Noted {
  readonly book: number
  readonly column: string
  readonly code: string
  readonly facts: Facts
  readonly rows: number[]
  count: number
}

const FIRST_ROWS = 5

const none = (): { -readonly [K in keyof Counts]: number } => ({
  rows: 0,
  accepted: 0,
  unchanged: 0,
  refused: 0,
  held: 0,
})

/** Counts rows by what became of them and gathers what there is to say. */
export class Report {
  readonly #counts = new Map<number, ReturnType<typeof none>>()
  readonly #problems: Placed[] = []
  readonly #notices = new Map<string, Noted>()

  file(book: number): void {
    if (!this.#counts.has(book)) this.#counts.set(book, none())
  }

  row(book: number): void {
    const counts = this.#counts.get(book)
    if (counts) counts.rows++
  }

  decided(book: number, fate: Exclude<Fate, 'pending'>): void {
    const counts = this.#counts.get(book)
    if (counts) counts[fate]++
  }

  say({ book, row, column, key, code, rule, implied, severity, facts, texts }: Finding): void {
    const file = `${BOOKS[book]?.name}.csv`
    this.#problems.push({
      place: book,
      file,
      row,
      column,
      key,
      rule: rule ?? implied ?? null,
      code,
      severity,
      ...(texts ?? textsOf(code, rule, { column, ...facts })),
    })
  }

  /** Takes note of how a file or a cell was read; cells of one column that were read alike are one notice. */
  note({ book, row, column, code, facts }: Omit<Finding, 'key' | 'severity' | 'rule'>): void {
    const name = `${book}\u001f${column}\u001f${code}`
    const known = this.#notices.get(name)
    if (known === undefined) {
      this.#notices.set(name, { book, column, code, facts, rows: [row], count: 1 })
      return
    }
    known.count++
    if (known.rows.length < FIRST_ROWS) known.rows.push(row)
  }

  /** About a file that is none of the books, or about the import as a whole (`file` empty). */
  sayOf(file: string, code: string, facts: Facts, rule?: RuleId, severity: Severity = 'WARN'): void {
    this.#problems.push({
      place: file === '' ? -1 : BOOKS.length,
      file,
      row: 0,
      column: '',
      key: '',
      rule: rule ?? null,
      code,
      severity,
      ...textsOf(code, rule, facts),
    })
  }

  totals(): Counts {
    const total = none()
    for (const counts of this.#counts.values())
      for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name]
    return total
  }

  result({ events, seconds, position }: { events: number; seconds: number; position: number }): ImportResult {
    const files: Record<string, Counts> = {}
    for (const [book, counts] of [...this.#counts].sort(([a], [b]) => a - b)) files[`${BOOKS[book]?.name}.csv`] = counts
    const problems = gathered(this.#problems, (file) => files[file]?.rows ?? 0)
      .sort((a, b) => a.place - b.place || a.row - b.row)
      .map(({ place: _, ...problem }) => problem)
    const notices = this.#noticed()
    return { ...this.totals(), events, seconds, position: String(position), files, problems, notices }
  }

  #noticed(): readonly Notice[] {
    return [...this.#notices.values()]
      .sort((a, b) => a.book - b.book)
      .map(({ book, column, code, facts, rows, count }) => ({
        file: book < 0 ? '' : `${BOOKS[book]?.name}.csv`,
        column,
        code,
        count,
        rows,
        ...textsOf(code, undefined, { column, count, rows: rows.join(', '), ...facts }),
      }))
  }
}
