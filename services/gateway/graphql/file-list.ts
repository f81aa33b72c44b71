import { z } from 'zod'
import type { Visibility } from '../../../infra/identity/visibility.ts'
import type { Position } from '../../../infra/event-store/port.ts'
import type { GatewayContext } from './context.ts'
import { given } from './inputs.ts'
import { requireUnits } from './known.ts'
import { connection, cursorParts, type PageArgs } from './paging.ts'
import type { Page, ReadSide } from './read-side.ts'
import { inOneSpelling } from './spellings.ts'

type Given<Filter> = { readonly [K in keyof Filter]?: Filter[K] | null | undefined }

/** A list of files (cases, holds, corrections), walked by the position at which each was opened. */
export interface FileList<View, Filter> {
  /** Name of the list in its cursors. */
  readonly list: string
  opened(view: View): Position
  read(readSide: ReadSide, filter: Filter, page: Page<Position>, to: Visibility): Promise<readonly View[]>
  count(readSide: ReadSide, filter: Filter, to: Visibility): Promise<number>
}

/** Resolves one page of such a list, the newest first. */
export const fileList =
  <View, Filter extends { readonly unit?: string }>({ list, opened, read, count }: FileList<View, Filter>) =>
  async (filter: Given<Filter> | null | undefined, args: PageArgs, context: GatewayContext) => {
    const wanted = inOneSpelling(given<Given<Filter>>(filter)) as Filter
    await requireUnits([wanted.unit], context)
    const { readSide, visibility } = context
    return connection(
      args,
      context,
      {
        list,
        parts: z.tuple([cursorParts.whole]),
        toParts: (view: View) => [opened(view)],
        toCursor: ([position]) => Number(position),
      },
      (page) => read(readSide, wanted, page, visibility),
      () => count(readSide, wanted, visibility),
    )
  }
