import { BOOKS } from './books.ts'
import type { Trouble } from './cells.ts'
import type { Group } from './failed-groups.ts'
import type { Given } from './given.ts'
import { columnAt, type Books } from './read-books.ts'
import { USE_CASES, type Request, type UseCaseName } from './use-cases.ts'

/** From a JSON pointer of a command back to the books: the column, and the row where it is not the operation's own. */
export type Origin = readonly [pointer: string, column: string, row?: number]

/** One command that a row asks for. */
export interface Operation {
  /** Names the command among those of its row; part of the command's id. */
  readonly step: string
  /** Rows that the command speaks for and that are refused with it. */
  readonly rows: readonly [number, ...number[]]
  readonly origins: readonly Origin[]
  /** Without it the rest of the plan cannot be done. */
  readonly vital: boolean
  /** What its command's id is made of: of a command that stands for itself its own content, otherwise that of all rows of the plan. */
  readonly content: string | undefined
  readonly useCase: UseCaseName
  /** The command as it is written down, for services elsewhere. */
  readonly command: object
  /** The command as its schema read it, for services in this process. @throws Error where it is malformed */
  readonly request: () => Request
  /** Columns that refusals of these codes are about, where their pointer does not say so. */
  readonly columns: Readonly<Record<string, string>>
  /** What the schema says against the command, by pointer: then it is not sent. */
  readonly malformed: readonly {
    readonly pointer: string
    readonly trouble: Trouble
    /** Nothing was given, as against something that is not acceptable. */
    readonly absent?: boolean
  }[]
}

/** A row without which another means nothing, and the column that names it. */
export interface Rest {
  readonly row: number
  readonly column: string
  /** Row that names it, where that is not the plan's first. */
  readonly from?: number
}

/** Rows of which one or another is needed: a refusal for `breaks` (rules or codes, `*` for any) is theirs where one of the group failed. */
export interface Support {
  readonly group: Group
  readonly column: string
  readonly breaks: readonly string[]
  /** What is taken from it, where the group is a pool. */
  readonly grams?: number | undefined
  readonly from?: number
}

/** What is to be done for one row, or for a manifest and its lines. */
export interface Plan {
  /** The row itself, then the rows that are read with it. */
  readonly rows: readonly number[]
  /** Streams that are touched: plans that share one run one after another. */
  readonly streams: readonly string[]
  readonly rests: readonly Rest[]
  readonly supports: readonly Support[]
  readonly operations: readonly Operation[]
  /** What the rows say against each other, before anything is sent. */
  readonly troubles: readonly { readonly row: number; readonly column: string; readonly trouble: Trouble }[]
}

/** A row of the books, its cells by column name. */
export class Row {
  readonly ordinal: number
  readonly book: number
  readonly #cells: readonly string[]

  constructor(books: Books, ordinal: number) {
    this.ordinal = ordinal
    this.book = books.rows.book(ordinal)
    this.#cells = books.rows.cells(ordinal)
  }

  get name(): string {
    return BOOKS[this.book]?.name ?? ''
  }

  /** The cell, undefined where it is empty. */
  may(column: string): string | undefined {
    return this.#cells[columnAt(this.book, column)] || undefined
  }

  /** A cell that the first reading made sure of. */
  must(column: string): string {
    return this.may(column) ?? ''
  }

  get content(): string {
    return JSON.stringify(this.#cells)
  }
}

interface Asked {
  readonly step: string
  readonly row: number
  /** Further rows that it speaks for. */
  readonly with?: readonly number[]
  readonly useCase: UseCaseName
  readonly command: object
  /** `Request.given` when its turn comes. */
  readonly given?: () => Given
  readonly origins: readonly Origin[]
  readonly vital?: boolean
  readonly columns?: Readonly<Record<string, string>>
  /** True where the command may be sent again alone, after another one of its plan was mended. */
  readonly alone?: boolean
}

export function operation({
  step,
  row,
  with: others = [],
  useCase,
  command,
  given,
  origins,
  vital = true,
  columns = {},
  alone = false,
}: Asked): Operation {
  const content = alone ? JSON.stringify(command) : undefined
  const rows = [row, ...others] as const
  const known = { step, rows, origins, vital, content, columns, useCase, command }
  const parsed = USE_CASES[useCase].schema.safeParse(command)
  if (parsed.success) {
    const read = parsed.data as object
    return {
      ...known,
      malformed: NOTHING,
      request: () => ({ useCase, command: read, ...(given ? { given: given() } : {}) }),
    }
  }
  const malformed = parsed.error.issues.map(({ path }) => {
    const value = path.reduce<unknown>(
      (part, name) => (part as Record<PropertyKey, unknown> | undefined)?.[name],
      command,
    )
    return {
      pointer: path.map((part) => `/${String(part)}`).join(''),
      absent: value === undefined || value === '' || (Array.isArray(value) && value.length === 0),
      trouble: {
        code: 'cell-malformed',
        facts: { value: typeof value === 'string' || typeof value === 'number' ? value : '' },
      } as const,
    }
  })
  return {
    ...known,
    malformed,
    request() {
      throw new Error(`${step} is malformed and must not be sent`)
    },
  }
}

const NOTHING: readonly never[] = []

/** Where in the books a pointer leads: the longest origin that it begins with; `code`: of the refusal that points. */
export function locate(
  { origins, columns, rows: [row] }: Operation,
  pointer: string,
  code = '',
): { row: number; column: string } {
  const best = origins
    .filter(([start]) => pointer === start || pointer.startsWith(`${start}/`))
    .sort(([a], [b]) => b.length - a.length)[0]
  return { row: best?.[2] ?? row, column: columns[code] ?? best?.[1] ?? '' }
}
