import { rowsOf, sql, type ReadDatabase, type Sql } from '../../sql.ts'

/** How a question sums masses. */
export interface Arithmetic {
  /** A sum of a column of whole numbers, as it is answered: a double, or digits. */
  readonly sum: (column: Sql) => Sql
  /** The same, where it is summed again. */
  readonly partial: (column: Sql) => Sql
  /** A single whole number, as it is answered. */
  readonly value: (column: Sql) => Sql
}

// A sum of bigint is numeric and several times slower than one of doubles, which is exact as long as every partial sum stays below 2^53.
const DOUBLES: Arithmetic = {
  sum: (column) => sql`sum(${column}::float8)`,
  partial: (column) => sql`sum(${column}::float8)`,
  value: (column) => sql`${column}::float8`,
}
const NUMERICS: Arithmetic = {
  sum: (column) => sql`sum(${column}::numeric)::text`,
  partial: (column) => sql`sum(${column}::numeric)`,
  value: (column) => sql`${column}::text`,
}

/**
 * Rows of a question about masses, exact whatever they add up to: asked in doubles, and once more in numeric where one of them reaches 2^53.
 * `weight` is what the terms of a row add up to, each without its sign: partial sums are no larger, and once it is rounded it stays that large.
 */
export async function massRows<R extends object>(
  database: ReadDatabase,
  question: (arithmetic: Arithmetic) => Sql,
  weight: (row: R) => number,
): Promise<readonly R[]> {
  const rows = await rowsOf<R>(database, question(DOUBLES))
  return rows.every((row) => weight(row) <= Number.MAX_SAFE_INTEGER) ? rows : rowsOf<R>(database, question(NUMERICS))
}
