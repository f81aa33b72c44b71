import { readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'

/**
 * An edition of migrations that was in use once and was edited later, which must not happen any more (`test/house/migrations.test.ts`). What it made
 * is brought to what today's files make.
 */
export interface Former {
  /** SHA-256 of its files that are otherwise today. */
  readonly checksums: readonly string[]
  /** SQL from what it made to what today's files make. */
  readonly upgrade: URL
  /** Numbers of the files that are run again behind it. */
  readonly again: readonly number[]
}

interface File {
  readonly number: number
  readonly sql: string
  readonly checksum: string
}

type Applied = Omit<File, 'sql'>

/** Where a database has exactly such an edition: upgrades it, all of it or nothing. Answers whether it did. */
export async function upgradeFormer(
  client: ClientBase,
  part: string,
  { formerly, applied, files }: { formerly: readonly Former[]; applied: readonly Applied[]; files: readonly File[] },
): Promise<boolean> {
  const changed = applied.filter(({ number, checksum }) =>
    files.some((file) => file.number === number && file.checksum !== checksum),
  )
  const former = formerly.find(({ checksums }) => changed.every(({ checksum }) => checksums.includes(checksum)))
  if (changed.length === 0 || !former) return false
  await client.query('begin')
  try {
    await client.query(await readFile(former.upgrade, 'utf8'))
    for (const { number, sql } of files) if (former.again.includes(number)) await client.query(sql)
    for (const { number, checksum } of files)
      await client.query('update public.migration set checksum = $3 where part = $1 and number = $2', [
        part,
        number,
        checksum,
      ])
    await client.query('commit')
    return true
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`the database of an earlier version (${part}) could not be upgraded; it is as it was`, { cause })
  }
}
