import { z } from 'zod'
import { Day } from '../../../schemas/values/time.ts'
import type { GatewayContext } from './context.ts'
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
  if (after && cursor === undefined) throw refusedQuery('cursor-invalid', {}, language)
  const found = await read({ first: size + 1, ...(cursor === undefined ? {} : { after: cursor }) })
  const edges = found.slice(0, size).map((node) => ({ node, cursor: encode(walk.toParts(node)) }))
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
    const read = walk.parts.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return read.success ? walk.toCursor(read.data) : undefined
  } catch {
    return undefined
  }
}

const word = z.string().max(128)
const whole = z.int().nonnegative()

/** What a page costs: every entry that it may hold. */
export const pageCost = ({ first }: PageArgs) => ({
  field: 5,
  multiplier: Math.min(Math.max(first ?? DEFAULT_PAGE, 1), MAX_PAGE),
})

export const cursorParts = { word, whole, day: Day, digits: z.string().regex(/^-?\d{1,19}$/) }
