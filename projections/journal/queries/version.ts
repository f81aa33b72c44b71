import type { Position } from '../../../infra/event-store/port.ts'
import { rowsOf, sql, type ReadDatabase } from '../../sql.ts'

/** What answers of the journal are of. */
export interface FiguresVersion {
  readonly position: Position
  /** Changes with every transaction that may have written rows of the journal: a page, a replay of parked events, a swap after a rebuild. */
  readonly rows: string
  /** Changes with whatever can change rows of the past: the log, a rebuild, or the process that folds. */
  readonly history: string
  /** Whether events wait that a replay may bring in at past positions. */
  readonly parked: boolean
}

interface Row {
  readonly position: number
  readonly fence: string
  readonly store_epoch: string
  readonly row_version: string
  readonly parked: boolean
}

/**
 * The version of the journal's rows, read where they are: the checkpoint is written in the transaction of the rows, so its row version (`xmin`)
 * changes with each of them, whichever process folds.
 */
export async function readVersion(database: ReadDatabase): Promise<FiguresVersion> {
  const [row] = await rowsOf<Row>(
    database,
    sql`select c.position::float8 as position, c.fence::text as fence, c.store_epoch, c.xmin::text as row_version,
        exists (select from parked p where p.projection = 'journal' or p.projection like 'journal@%') as parked
      from checkpoint c where c.projection = 'journal'`,
  )
  const { position = 0, fence = '', store_epoch: epoch = '', row_version: rowVersion = '', parked = false } = row ?? {}
  const history = `${epoch}/${fence}`
  return { position, rows: `${history}/${position}/${rowVersion}`, history, parked }
}
