import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** The right of one process to do what only one may do, held by session locks: it ends with its connection. */
export interface Leadership {
  /** Aborted when the right is lost or given up. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

export interface Candidacy {
  readonly connectionString: string
  /** First key of the locks, so that the parts of the system do not meet by chance. */
  readonly space: number
  /** What is to be led; all of it or nothing. Those who want different things lead side by side. */
  readonly names: readonly string[]
  /** Gives up waiting. */
  readonly until: AbortSignal
}

/** First keys of advisory locks that are taken; the log itself has 77. */
export const LOCK_SPACES = { projections: 78, relay: 79, caretakers: 80, tables: 81, rebuilds: 82 } as const

const RETRY_MS = 500
const GOODBYE_MS = 1_000
const SILENCE_MS = 3_000

/**
 * Waits until no other process leads any of `names`. The locks say who should; that nobody else can, a fence beside the rows that
 * are written must say, because a session lock vanishes without a word when its connection breaks. Undefined where `until` came first.
 */
export async function becomeLeader({
  connectionString,
  space,
  names,
  until,
}: Candidacy): Promise<Leadership | undefined> {
  while (!until.aborted) {
    const client = new pg.Client({
      connectionString,
      application_name: `leader of ${names.join(' ')}`.slice(0, 63),
      // Both ends look for the other where nothing is said: a machine that vanished would else hold its locks for two hours, the usual time of systems.
      keepAlive: true,
      keepAliveInitialDelayMillis: SILENCE_MS,
      options: `-c tcp_keepalives_idle=${SILENCE_MS / 1_000} -c tcp_keepalives_interval=${SILENCE_MS / 1_000} -c tcp_keepalives_count=3`,
      // Who stands by on a session that died without a word must find that out, and ask on another one.
      connectionTimeoutMillis: SILENCE_MS,
      query_timeout: SILENCE_MS,
    })
    const lost = new AbortController()
    client.on('error', () => lost.abort())
    client.on('end', () => lost.abort())
    try {
      await client.connect()
      while (!until.aborted && !lost.signal.aborted) {
        if (await takeAll(client, space, names)) {
          // Given up first, and only then free for the next one.
          const release = (): Promise<void> => {
            lost.abort()
            return farewell(client)
          }
          return { lost: lost.signal, release }
        }
        await pause(RETRY_MS, undefined, { signal: until }).catch(() => undefined)
      }
    } catch {
      await pause(RETRY_MS, undefined, { signal: until }).catch(() => undefined)
    }
    await farewell(client)
  }
  return undefined
}

/** Ends a session; a peer that vanished without a word never answers, and nobody may wait for it for ever. */
async function farewell(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), pause(GOODBYE_MS, undefined, { ref: false })])
}

/** All locks at once without waiting for any, so that two who want the same in another order never wait for each other. */
async function takeAll(client: pg.Client, space: number, names: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>(
    'select bool_and(pg_try_advisory_lock($1::int, hashtext(name))) as mine from unnest($2::text[]) as wanted (name)',
    [space, names],
  )
  if (rows[0]?.mine) return true
  await client.query('select pg_advisory_unlock_all()')
  return false
}
