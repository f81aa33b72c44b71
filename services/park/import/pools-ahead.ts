import { poolId } from '../../../schemas/values/identifiers.ts'
import { parseTonnes } from '../../../schemas/values/mass.ts'
import { bookNamed } from './books.ts'
import type { ImportPark } from './import-park.ts'
import { Row } from './plans.ts'
import type { Books } from './read-books.ts'

const IN = bookNamed.get('gisw-generation')
const OUT = bookNamed.get('gisw-out')
const CHUNK = 2_000

/**
 * What the pools of general waste hold that came, by business time, after the row whose turn it is: books that are read again were
 * recorded to their end before. R28 is asked in the order of business time, so this is not there yet for who takes from a pool.
 */
export interface PoolsAhead {
  /** Grams in that pool that come later; negative where more leaves it later than comes. */
  of(pool: string): number
  /** Its turn is over. */
  pass(ordinal: number): void
}

export async function poolsAhead(
  books: Books,
  park: Pick<ImportPark, 'recorded'>,
  idOf: (row: Row) => string,
): Promise<PoolsAhead> {
  const { rows } = books
  const ahead = new Map<string, number>()
  const recorded = new Set<number>()
  const add = (row: Row, sign: 1 | -1): void => {
    const pool = poolId(row.must('单位代码'), row.must('代码'))
    const [mass, way] =
      row.book === IN ? [parseTonnes(row.must('产生数量(吨)')), 1] : [parseTonnes(row.must('出厂数量(吨)')), -1]
    ahead.set(pool, (ahead.get(pool) ?? 0) + sign * way * (mass ?? 0))
  }
  let asked: Row[] = []
  const look = async (): Promise<void> => {
    const ids = asked.map(idOf)
    const known = await park.recorded(ids)
    for (const [at, row] of asked.entries()) {
      if (!known.has(ids[at] as string)) continue
      recorded.add(row.ordinal)
      add(row, 1)
    }
    asked = []
  }
  for (let ordinal = 0; ordinal < rows.size; ordinal++) {
    if ((rows.book(ordinal) !== IN && rows.book(ordinal) !== OUT) || rows.fate(ordinal) !== 'pending') continue
    asked.push(new Row(books, ordinal))
    if (asked.length === CHUNK) await look()
  }
  if (asked.length > 0) await look()
  return {
    of: (pool) => ahead.get(pool) ?? 0,
    pass(ordinal) {
      if (recorded.delete(ordinal)) add(new Row(books, ordinal), -1)
    },
  }
}

export const nothingAhead: PoolsAhead = { of: () => 0, pass: () => undefined }
