import { randomBytes } from 'node:crypto'
import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { Person, SealedPerson } from '../../schemas/values/person.ts'
import type { Look, People } from '../commanding/execute.ts'
import { identityOf, personId, sameness, seal, unseal, type Identity } from './seal.ts'

/** Seals persons into events and, for readers who may see them, opens them again. */
export interface PeopleRegister extends People {
  /** The person behind a sealed text, for comparison only, never shown; undefined once they have been erased. */
  open(sealed: SealedPerson): Promise<Person | undefined>
  /** Looks in the order in which they were taken, after the one of that number. */
  looks(page: { readonly after?: number; readonly limit: number }): Promise<readonly RecordedLook[]>
  /**
   * Deletes the person's keys: all that was ever sealed stays closed for good. Those that earlier versions made for other spellings of the same
   * name and number are found in the log, which is read once, by opening them. False where there was none.
   * @param person id, under whichever spelling
   */
  erase(person: string): Promise<boolean>
}

/** One look at one person: who, whose, when, why. */
export interface RecordedLook extends Look {
  readonly seq: number
  /** RFC 3339 in UTC, by the database's clock. */
  readonly at: string
  readonly person: string
}

// How long another process may go on with a key that was erased elsewhere, milliseconds.
const KEY_MAX_AGE = 60_000
const BATCH = 1_000

/**
 * Needs the tables of `0001-keys.sql`. Keys are read and made in batches, so that an import pays for each person once, not for each row.
 * @param log all sealed persons that events name (`everSealed`), for erasures
 */
export function openPeople(pool: pg.Pool, log: () => AsyncIterable<readonly SealedPerson[]>): PeopleRegister {
  const keys = new LRUCache<string, Uint8Array>({ max: 20_000, ttl: KEY_MAX_AGE })
  const known = new DataLoader<string, Uint8Array | undefined>((persons) => readKeys(pool, persons), {
    cache: false,
    maxBatchSize: BATCH,
  })
  // An id stands for one spelling of one person, so that what it was found to be never changes while its key stands.
  const identities = new LRUCache<string, Identity>({ max: 20_000, ttl: KEY_MAX_AGE })
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

  async function open(sealed: SealedPerson): Promise<Person | undefined> {
    const key = keys.get(sealed.id) ?? (await known.load(sealed.id))
    if (!key) return undefined
    keys.set(sealed.id, key, { noUpdateTTL: true })
    return unseal(sealed, key)
  }

  async function identity(sealed: SealedPerson): Promise<Identity | undefined> {
    const cached = identities.get(sealed.id)
    if (cached) return cached
    const person = await open(sealed)
    if (!person) return undefined
    const found = identityOf(await parkSecret(), person)
    identities.set(sealed.id, found)
    return found
  }

  /** Ids under which the log names this person: its own, and those of other spellings. What does not open any more is erased already. */
  async function idsOfSame(person: string): Promise<readonly string[]> {
    const wholes = new Map<string, string>()
    for await (const page of log()) {
      const unknown = new Map(page.filter(({ id }) => !wholes.has(id)).map((sealed) => [sealed.sealed, sealed]))
      const found = await Promise.all(
        [...unknown.values()].map(async (sealed) => [sealed.id, await identity(sealed)] as const),
      )
      for (const [id, known] of found) if (known) wholes.set(id, known.whole)
    }
    // The id of the normal spelling says by itself who it is.
    const whole = wholes.get(person) ?? person
    return [...new Set([person, whole, ...[...wholes].flatMap(([id, one]) => (one === whole ? [id] : []))])]
  }

  return {
    open,
    async seal(person) {
      const id = personId(await parkSecret(), person)
      const key = keys.get(id) ?? (await made.load(id))
      keys.set(id, key, { noUpdateTTL: true })
      return seal(id, key, person)
    },
    async compare(a, b) {
      if (a.id === b.id) return 'same'
      const [one, other] = await Promise.all([identity(a), identity(b)])
      return one && other ? sameness(one, other) : 'other'
    },
    async reveal(sealed, look) {
      if (sealed.length > 0) await recordLooks(pool, [...new Set(sealed.map(({ id }) => id))], look)
      return Promise.all(sealed.map(open))
    },
    looks: (page) => readLooks(pool, page),
    async erase(person) {
      const ids = await idsOfSame(person)
      const { rowCount } = await pool.query('delete from personal.key where person = any($1)', [ids])
      for (const id of ids) {
        keys.delete(id)
        identities.delete(id)
      }
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

async function recordLooks(
  pool: pg.Pool,
  persons: readonly string[],
  { actor: { subject, unit, roles }, about, reason }: Look,
): Promise<void> {
  await pool.query(
    `insert into personal.look (subject, unit, roles, person, about, reason)
     select $1, $2, $3, person, $5, $6 from unnest($4::text[]) as person`,
    [subject, unit ?? null, roles, persons, about, reason],
  )
}

async function readLooks(
  pool: pg.Pool,
  { after = 0, limit }: { readonly after?: number; readonly limit: number },
): Promise<readonly RecordedLook[]> {
  const { rows } = await pool.query<{
    seq: string
    at: Date
    subject: string
    unit: string | null
    roles: string[]
    person: string
    about: string
    reason: string
  }>('select * from personal.look where seq > $1 order by seq limit $2', [after, limit])
  return rows.map(({ seq, at, subject, unit, roles, ...look }) => ({
    ...look,
    seq: Number(seq),
    at: at.toISOString(),
    actor: { subject, ...(unit === null ? {} : { unit }), roles },
  }))
}
