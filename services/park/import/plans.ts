import type { z } from 'zod'
import { outOfBounds } from '../../../infra/commanding/bounded.ts'
import type { Envelope, Outcome, Runtime } from '../../../infra/commanding/execute.ts'
import { BOOKS } from './books.ts'
import type { Trouble } from './cells.ts'
import type { Group } from './failed-groups.ts'
import { columnAt, type Books } from './read-books.ts'

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
  readonly send: (runtime: Runtime, envelope: Envelope) => Promise<Outcome<unknown>>
  /** The use case that `send` calls, and the command as it is written down: where the services are elsewhere, these say where to send what. */
  readonly useCase: unknown
  readonly command: object
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

interface Asked<S extends z.ZodType> {
  readonly step: string
  readonly row: number
  /** Further rows that it speaks for. */
  readonly with?: readonly number[]
  readonly schema: S
  readonly perform: (runtime: Runtime, command: z.output<S>, envelope: Envelope) => Promise<Outcome<unknown>>
  /** What the books themselves say against it, where the services are in this process: then it is not performed. */
  readonly unless?: (runtime: Runtime, command: z.output<S>) => Promise<Outcome<unknown> | undefined>
  readonly command: object
  readonly origins: readonly Origin[]
  readonly vital?: boolean
  readonly columns?: Readonly<Record<string, string>>
  /** True where the command may be sent again alone, after another one of its plan was mended. */
  readonly alone?: boolean
}

export function operation<S extends z.ZodType>(asked: Asked<S>): Operation {
  const {
    step,
    row,
    with: others = [],
    schema,
    perform,
    unless,
    command,
    origins,
    vital = true,
    columns = {},
    alone = false,
  } = asked
  const content = alone ? JSON.stringify(command) : undefined
  const rows = [row, ...others] as const
  const known = { step, rows, origins, vital, content, columns, useCase: perform, command }
  const parsed = schema.safeParse(command)
  if (parsed.success) {
    return {
      ...known,
      malformed: NOTHING,
      async send(runtime, envelope) {
        const refusals = await outOfBounds(runtime, schema, parsed.data, envelope)
        if (refusals.length > 0) return { status: 'refused', refusals }
        return (await unless?.(runtime, parsed.data)) ?? perform(runtime, parsed.data, envelope)
      },
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
    send() {
      return Promise.reject(new Error(`${step} is malformed and must not be sent`))
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
