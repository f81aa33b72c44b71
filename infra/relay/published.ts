import pg from 'pg'
import type { Position } from '../event-store/port.ts'
import { readMark } from './mark.ts'

const UNDEFINED_TABLE = '42P01'

/** Up to where the log of an epoch lies acknowledged in Kafka; 0 where no relay ever ran, or not since the log was restored. */
export const openPublished =
  (pool: pg.Pool, name = 'relay') =>
  async (epoch: string): Promise<Position> => {
    try {
      const mark = await readMark(pool, name)
      return mark?.epoch === epoch ? mark.position : 0
    } catch (fault) {
      if (fault instanceof pg.DatabaseError && fault.code === UNDEFINED_TABLE) return 0
      throw fault
    }
  }
