import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** The right of one process to fold, held by a session lock: it ends with its connection. */
export interface Leadership {
  /** Aborted when the right is lost or given up. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

const RETRY_MS = 500

/**
 * Waits until no other process folds into `schema`. The lock says who should; that nobody else can, say the fences of the checkpoints,
 * because a session lock vanishes without a word when its connection breaks.
 */
export async function becomeLeader(connectionString: string, schema: string, until: AbortSignal): Promise<Leadership | undefined> {
  while (!until.aborted) {
    const client = new pg.Client({ connectionString, application_name: `projections of ${schema}` })
    const lost = new AbortController()
    client.on('error', () => lost.abort())
    client.on('end', () => lost.abort())
    try {
      await client.connect()
      while (!until.aborted && !lost.signal.aborted) {
        const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(78, hashtext($1)) as mine', [schema])
        if (rows[0]?.mine) return { lost: lost.signal, release: () => client.end().catch(() => undefined) }
        await pause(RETRY_MS, undefined, { signal: until }).catch(() => undefined)
      }
    } catch {
      await pause(RETRY_MS, undefined, { signal: until }).catch(() => undefined)
    }
    await client.end().catch(() => undefined)
  }
  return undefined
}
