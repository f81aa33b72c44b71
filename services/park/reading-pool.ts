import type pg from 'pg'
import { openPool } from '../../infra/postgres/sessions.ts'
import type { Logger } from '../../infra/telemetry/logger.ts'

// Sessions for queries; more would only wait for the same two or four cores.
const READERS = 8

/** Sessions that see the live read models. */
export function readingPool(databaseUrl: string, logger: Logger): pg.Pool {
  return openPool({ connectionString: databaseUrl, max: READERS, options: '-c search_path=rm' }, (fault) =>
    logger.warn({ err: fault }, 'an idle session of the read side ended'),
  )
}
