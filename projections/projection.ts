import type { EventType } from '../schemas/streams.ts'
import type { RecordedEvent } from '../infra/event-store/port.ts'

/** A value as PostgreSQL takes it in an array of its column's type. */
export type Cell = string | number | bigint | boolean | null

/** One table of a read model: its columns with their PostgreSQL types, in order, and its key. */
export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, string>>
  readonly key: readonly string[]
  /** Rows are only ever inserted: a rebuild streams them out at once instead of keeping them until it knows their last form. */
  readonly appendOnly?: true
}

/** What one page does to one table. Rows are cells in the order of the table's columns. */
export interface Changes {
  readonly table: Table
  /** New rows; their keys are new too. */
  readonly inserts: readonly (readonly Cell[])[]
  /** Rows by key: written over what is there, or added. */
  readonly upserts: readonly (readonly Cell[])[]
  /** Keys whose rows go. */
  readonly deletes: readonly (readonly Cell[])[]
}

/** Reads rows of this projection's own tables, in the schema (live or shadow) and transaction of the page. */
export interface Rows {
  /**
   * Rows whose key's first column is one of `keys`, cells in the order of the table's columns: bigint as number (as bigint beyond 2^53 - 1), date and timestamptz
   * as text. In a rebuild, rows of an append-only table cannot be read back; a folding that began at the beginning need not.
   */
  byKey(table: Table, keys: readonly Cell[]): Promise<readonly (readonly Cell[])[]>
}

/** What the log holds of the streams of events that are folded, for folds that need more than their rows. */
export interface Past {
  /**
   * Events of a stream from this revision on, up to the end of the page, in order. What could not be folded, and what waits behind it, is not among
   * them: to the rows it has not happened.
   */
  of(stream: string, from?: number): Promise<readonly RecordedEvent[]>
}

/** A folding under way: what it keeps between pages is a cache of its own tables, and a crash loses nothing. */
export interface Folding {
  /** Folds one page: reads what it must know of earlier rows, then says what changes. Total: no event makes it fail. */
  fold(page: readonly RecordedEvent[], rows: Rows, past: Past): Promise<readonly Changes[]>
}

/** From events to rows. The runner owns pages, transactions, checkpoints, retries and rebuilds; a projection only folds. */
export interface Projection {
  readonly name: string
  /** Raise it when the same events would give other rows: the tables are then rebuilt. */
  readonly version: number
  readonly tables: readonly Table[]
  /**
   * Text of `tables.sql`: the DDL of the tables and their indexes, unqualified; run with search_path at the schema. Statements end with
   * a semicolon at a line's end; a rebuild runs `create table` first and all others (indexes, primary keys) when the rows are in.
   */
  readonly ddl: URL
  readonly handles: readonly EventType[]
  /** Which of the events it handles say anything to it; by default all. What it goes past costs no transaction. */
  concerns?(event: RecordedEvent): boolean
  /** Each stream folds by itself: the order of the log between streams does not matter, and an event that comes again changes nothing. */
  readonly byStream?: true
  open(): Folding
}

/** A cell of a jsonb column: text where the driver leaves it alone. */
export const fromJson = <T>(cell: Cell | undefined): T => (typeof cell === 'string' ? JSON.parse(cell) : cell) as T
