import pg from 'pg'

const nothing = (): void => undefined

const CONNECT_MS = 10_000

/**
 * A pool whose sessions may end at any moment: whoever asks next gets a new one. `onFault` hears of sessions that ended while nobody used them;
 * whoever is using one hears of it by the query that fails.
 *
 * Each session has a listener for as long as it lives. The pool takes its own away when it hands a session out, and the borrower, who runs in a
 * later turn of the event loop, cannot have put another in its place when the server's goodbye arrived in one packet with the end of the
 * greeting: an `error` that nobody listens to ends the process.
 */
export function openPool(config: pg.PoolConfig, onFault: (fault: Error) => void = nothing): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', onFault)
  pool.on('connect', (client) => client.on('error', nothing))
  return pool
}

/**
 * Does something in a session of its own, which is closed afterwards. A session that the server ends fails the query under way or the next one.
 * @throws Error where there is no session to be had within ten seconds.
 */
export async function inSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS })
  client.on('error', nothing)
  await client.connect().catch((cause: unknown) => {
    throw new Error('no session with the database', { cause })
  })
  try {
    return await work(client)
  } finally {
    await client.end().catch(nothing)
  }
}
