import { z } from 'zod'
import { Day } from '../../../schemas/values/time.ts'
import type { GatewayContext } from './context.ts'
import { hasForbiddenCharacter } from './forbidden-text.ts'
import { refusedQuery } from './errors.ts'
import type { Page } from './read-side.ts'

export const DEFAULT_PAGE = 20
export const MAX_PAGE = 100

export interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

const encode = (cursor: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** How one list is walked: the cursor behind an entry, and back. */
export interface Walk<T, C> {
  /** Name of the list: a cursor of another one is none of this. */
  readonly list: string
  readonly parts: z.ZodType<readonly (string | number)[]>
  toParts(entry: T): readonly (string | number)[]
  toCursor(parts: readonly (string | number)[]): C
}

/**
 * One page of a relay connection: one entry more than asked for is read, to know whether there are more. `totalCount` is only
 * counted where it is asked for.
 * @throws a refused query for a page size or a cursor that is none
 */
export async function connection<T, C>(
  { first, after }: PageArgs,
  { language }: GatewayContext,
  walk: Walk<T, C>,
  read: (page: Page<C>) => Promise<readonly T[]>,
  totalCount: () => Promise<number>,
) {
  const size = first ?? DEFAULT_PAGE
  if (size < 1 || size > MAX_PAGE) throw refusedQuery('page-size', { limit: MAX_PAGE }, language)
  const cursor = after === null || after === undefined ? undefined : cursorOf(after, walk)
  if (after !== null && after !== undefined && cursor === undefined) throw refusedQuery('cursor-invalid', {}, language)
  const found = await read({ first: size + 1, ...(cursor === undefined ? {} : { after: cursor }) })
  const edges = found.slice(0, size).map((node) => ({ node, cursor: encode([walk.list, ...walk.toParts(node)]) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > size,
      hasPreviousPage: cursor !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  }
}

function cursorOf<C>(text: string, walk: Walk<never, C>): C | undefined {
  try {
    const [list, ...parts]: unknown[] = z
      .array(z.unknown())
      .parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    const read = walk.parts.safeParse(parts)
    return list === walk.list && read.success ? walk.toCursor(read.data) : undefined
  } catch {
    return undefined
  }
}

/** What a page costs: every entry that it may hold. */
export const pageCost = ({ first }: PageArgs) => ({
  field: 5,
  multiplier: Math.min(Math.max(first ?? DEFAULT_PAGE, 1), MAX_PAGE),
})

// A cursor is opaque to who sends it, and may all the same be made by hand: each part is bounded by the column that it is compared with.
const MICROS = { first: -62_135_596_800_000_000n, last: 253_402_300_799_999_999n }
export const cursorParts = {
  word: z
    .string()
    .max(128)
    .refine((text) => !hasForbiddenCharacter(text)),
  whole: z.int().nonnegative(),
  /** Of a column of 32 bits. */
  count: z.int().min(0).max(2_147_483_646),
  day: Day,
  /** Microseconds since 1970, of a moment with a year of four digits. */
  micros: z
    .string()
    .regex(/^-?\d{1,18}$/)
    .refine((text) => BigInt(text) >= MICROS.first && BigInt(text) <= MICROS.last),
}
