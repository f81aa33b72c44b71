import pg from 'pg'
import type { Logger } from '../../infra/telemetry/logger.ts'

// Sessions for queries; more would only wait for the same two or four cores.
const READERS = 8

/** Sessions that see the live read models. */
export function readingPool(databaseUrl: string, logger: Logger): pg.Pool {
  const reading = new pg.Pool({ connectionString: databaseUrl, max: READERS, options: '-c search_path=rm' })
  reading.on('error', (fault) => logger.warn({ err: fault }, 'an idle session of the read side ended'))
  return reading
}
