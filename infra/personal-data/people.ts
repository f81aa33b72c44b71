import { randomBytes } from 'node:crypto'
import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { Person, SealedPerson } from '../../schemas/values/person.ts'
import type { People } from '../commanding/execute.ts'
import { personId, seal, unseal } from './seal.ts'

/** Seals persons into events and, for readers who may see them, opens them again. */
export interface PeopleRegister extends People {
  /** The person behind a sealed text; undefined once they have been erased. The caller has made sure that the reader may know. */
  open(sealed: SealedPerson): Promise<Person | undefined>
  /** Deletes the person's key: all that was ever sealed stays closed for good. False where there was none. */
  erase(person: string): Promise<boolean>
}

// How long another process may go on with a key that was erased elsewhere, milliseconds.
const KEY_MAX_AGE = 60_000
const BATCH = 1_000

/** Needs the tables of `0001-keys.sql`. Keys are read and made in batches, so that an import pays for each person once, not for each row. */
export function openPeople(pool: pg.Pool): PeopleRegister {
  const keys = new LRUCache<string, Uint8Array>({ max: 20_000, ttl: KEY_MAX_AGE })
  const known = new DataLoader<string, Uint8Array | undefined>((persons) => readKeys(pool, persons), {
    cache: false,
    maxBatchSize: BATCH,
  })
  const made = new DataLoader<string, Uint8Array>((persons) => readOrMakeKeys(pool, persons), {
    cache: false,
    maxBatchSize: BATCH,
  })
  let secret: Promise<Uint8Array> | undefined

  async function parkSecret(): Promise<Uint8Array> {
    secret ??= readOrMakeSecret(pool)
    try {
      return await secret
    } catch (error) {
      secret = undefined
      throw error
    }
  }

  return {
    async seal(person) {
      const id = personId(await parkSecret(), person)
      const key = keys.get(id) ?? (await made.load(id))
      keys.set(id, key, { noUpdateTTL: true })
      return seal(id, key, person)
    },
    async open(sealed) {
      const key = keys.get(sealed.id) ?? (await known.load(sealed.id))
      if (!key) return undefined
      keys.set(sealed.id, key, { noUpdateTTL: true })
      return unseal(sealed, key)
    },
    async erase(person) {
      const { rowCount } = await pool.query('delete from personal.key where person = $1', [person])
      keys.delete(person)
      return (rowCount ?? 0) > 0
    },
  }
}

async function readKeys(pool: pg.Pool, persons: readonly string[]): Promise<(Uint8Array | undefined)[]> {
  const { rows } = await pool.query<{ person: string; key: Buffer }>(
    'select person, key from personal.key where person = any($1)',
    [persons],
  )
  const byPerson = new Map(rows.map(({ person, key }) => [person, key]))
  return persons.map((person) => byPerson.get(person))
}

async function readOrMakeKeys(pool: pg.Pool, persons: readonly string[]): Promise<Uint8Array[]> {
  const found = await readKeys(pool, persons)
  const missing = [...new Set(persons.filter((_, i) => found[i] === undefined))]
  if (missing.length === 0) return found as Uint8Array[]
  // Two processes may make a key for the same person at once: the first one stands, and both read that one.
  await pool.query(
    'insert into personal.key (person, key) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing',
    [missing, missing.map(() => randomBytes(32))],
  )
  return (await readKeys(pool, persons)).map((key, i) => {
    if (!key) throw new Error(`the key of person ${persons[i]} vanished while it was made`)
    return key
  })
}

async function readOrMakeSecret(pool: pg.Pool): Promise<Uint8Array> {
  await pool.query('insert into personal.secret (value) values ($1) on conflict do nothing', [randomBytes(32)])
  const { rows } = await pool.query<{ value: Buffer }>('select value from personal.secret')
  const [row] = rows
  if (!row) throw new Error('the park has no secret for person ids')
  return row.value
}
