import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { EventStore } from '../event-store/port.ts'
import type { Migrations } from '../postgres/migrate.ts'
import type { ParkKey } from './ids.ts'

export const idsMigrations: Migrations = { part: 'ids', directory: new URL('./', import.meta.url) }

const SECRET_BYTES = 32

/**
 * The key of the park in this database, made where there is none. Several processes may ask at once: one row wins, and all of them read it. A
 * log that holds events by then was begun without a secret and goes on without it.
 */
export async function parkKey(pool: pg.Pool, store: Pick<EventStore, 'head'>): Promise<ParkKey> {
  const known = await read(pool)
  if (known) return known
  await pool.query('insert into ids.park_key (secret, keyed) values ($1, $2) on conflict do nothing', [
    randomBytes(SECRET_BYTES),
    (await store.head()) === 0,
  ])
  const made = await read(pool)
  if (!made) throw new Error('the key of the park could not be read after it was made')
  return made
}

async function read(pool: pg.Pool): Promise<ParkKey | undefined> {
  const { rows } = await pool.query<{ secret: Buffer; keyed: boolean }>('select secret, keyed from ids.park_key')
  return rows[0]
}
