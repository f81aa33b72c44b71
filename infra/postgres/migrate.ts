import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'
import { type Former, upgradeFormer } from './former.ts'

/** Numbered SQL files of one part of the system, `0001-log.sql`, `0002-append.sql` and so on without a hole. */
export interface Migrations {
  /** Name of the part; each counts its files by itself. */
  readonly part: string
  /** Folder of the files, with a slash at the end. */
  readonly directory: URL
  /** Earlier editions of the same files that databases may still have. */
  readonly formerly?: readonly Former[]
}

/** A database that this version cannot go on with; the message says what to do. */
export class OtherVersion extends Error {
  override readonly name = 'OtherVersion'
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly checksum: string
  readonly applied_at: Date
}

interface File {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

// Whoever migrates this database, whatever part of it, waits for the one before.
const LOCK = [77, 2]

const BOOKS = `create table if not exists public.migration (
  part text not null, number int not null, name text not null, checksum text not null, applied_at timestamptz not null default now(),
  primary key (part, number))`

/**
 * Brings a part up to its newest file: forward only, each file in a transaction of its own, one process at a time. Answers the names of
 * the files that it ran.
 * @throws OtherVersion where an applied file is otherwise here, or is not here: an unknown schema is not changed
 * @throws Error where the numbers have a hole, or a file fails
 */
export async function migrate(
  client: ClientBase,
  { part, directory, formerly = [] }: Migrations,
): Promise<readonly string[]> {
  const files = await readFiles(directory)
  await client.query('select pg_advisory_lock($1, $2)', LOCK)
  try {
    const { rows: books } = await client.query<{ found: boolean }>(
      `select to_regclass('public.migration') is not null as found`,
    )
    if (!books[0]?.found) await client.query(BOOKS)
    const read = async (): Promise<readonly Applied[]> =>
      (
        await client.query<Applied>(
          'select number, name, checksum, applied_at from public.migration where part = $1 order by number',
          [part],
        )
      ).rows
    let applied = await read()
    if (await upgradeFormer(client, part, { formerly, applied, files })) applied = await read()
    for (const one of applied) checkApplied(part, one, files)
    const missing = files.filter(({ number }) => !applied.some((one) => one.number === number))
    for (const file of missing) await apply(client, part, file)
    return missing.map(({ name }) => name)
  } finally {
    await client.query('select pg_advisory_unlock($1, $2)', LOCK)
  }
}

async function readFiles(directory: URL): Promise<readonly File[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
      if (number !== index + 1)
        throw new Error(`${name} in ${directory.pathname} should be number ${String(index + 1).padStart(4, '0')}`)
      const sql = await readFile(new URL(name, directory), 'utf8')
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function checkApplied(part: string, applied: Applied, files: readonly File[]): void {
  const file = files.find(({ number }) => number === applied.number)
  const on = applied.applied_at.toISOString().slice(0, 10)
  if (!file)
    throw new OtherVersion(
      `a newer version of Wufei wrote this database: ${part}/${applied.name} of ${on} is unknown to this one. Run that version or a newer one; nothing was changed`,
    )
  if (file.checksum !== applied.checksum)
    throw new OtherVersion(
      `another version of Wufei wrote this database: its ${part}/${applied.name}, applied on ${on}, has SHA-256 ${applied.checksum}, and this version knows no way from there. ` +
        `The version that wrote it can read it: check out the commit of ${on} or before whose file has that sum, and run the park there. ` +
        'To go on with this version, name an empty DATA_DIR (or database) and import the books again (npm run import); nothing was changed',
    )
}

async function apply(client: ClientBase, part: string, { number, name, sql, checksum }: File): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into public.migration (part, number, name, checksum) values ($1, $2, $3, $4)', [
      part,
      number,
      name,
      checksum,
    ])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`migration ${part}/${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}
