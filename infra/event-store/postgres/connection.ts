import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { StoreUnavailable } from '../faults.ts'

export interface ConnectionOptions {
  readonly url: string
  /** Role that the connection acts as; `undefined`: its login. */
  readonly role: string | undefined
  /** Shown in pg_stat_activity. */
  readonly purpose: string
  /** Settings of the session, `name: value`. */
  readonly settings?: Readonly<Record<string, string>>
}

const CONNECT_MS = 2_000
// Beyond every timeout of the server: only a server that cannot speak any more is given up by the clock.
const SILENCE_MS = 8_000

export function clientConfig({ url, role, purpose, settings = {} }: ConnectionOptions): pg.ClientConfig {
  const session = { timezone: 'UTC', jit: 'off', ...settings, ...(role === undefined ? {} : { role }) }
  return {
    connectionString: url,
    application_name: `wufei ${purpose}`,
    options: Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
  }
}

// Classes of SQLSTATE that say "not now" (PostgreSQL, appendix A): connection, resources, operator intervention, internal; and of class 40
// and 55 those that a second try can mend.
const PASSING = /^(?:08|53|57|58)|^(?:40001|40P01|55P03)$/

/** True where the same call may well succeed a moment later; false where it would fail for ever. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'FATAL' || PASSING.test(error.code ?? '')
  return !(error instanceof TypeError || error instanceof RangeError)
}

/** True where the session is gone or its state cannot be known: after anything but an orderly ERROR. */
export const breaksConnection = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError && error.severity === 'ERROR')

export interface Connection {
  /**
   * Runs a call on the one session, which is opened where it is missing. Calls that are made at once travel at once and are served in their
   * order, each in a transaction of its own: what becomes of one does not touch the others, unless the session breaks under all of them.
   */
  run<T>(call: (client: pg.Client) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** One session that is opened again after it broke. The calls that it broke under fail; whether they took effect is for their callers to find out. */
export function openConnection(options: ConnectionOptions): Connection {
  let current: Promise<pg.Client> | undefined

  async function connect(forget: () => void): Promise<pg.Client> {
    const client = new pg.Client({ ...clientConfig(options), pipeline: true })
    // Without a listener a session that ends between two calls would end the process.
    client.on('error', forget)
    client.on('end', forget)
    await client.connect()
    return client
  }

  function connected(): Promise<pg.Client> {
    if (current) return current
    const connecting: Promise<pg.Client> = connect(() => forget(connecting))
    current = connecting
    connecting.catch(() => forget(connecting))
    return connecting
  }

  function forget(session: Promise<pg.Client>): void {
    if (current === session) current = undefined
  }

  return {
    async run(call) {
      const session = connected()
      const client = await session
      try {
        return await call(client)
      } catch (error) {
        if (breaksConnection(error)) {
          forget(session)
          // Not waited for: a dead peer may never say goodbye.
          void client.end().catch(() => undefined)
        }
        throw error
      }
    },
    async close() {
      const session = current
      current = undefined
      await session?.then((client) => client.end()).catch(() => undefined)
    },
  }
}

export interface Patience {
  /** Tries in all, and milliseconds before the second; each further wait is twice as long, up to a second. */
  readonly tries: number
  readonly waitMs: number
}
export const PATIENCE: Patience = { tries: 8, waitMs: 50 }

/** Tries again what may pass, then says that the store did not answer. Only for calls that are the same when made twice. */
export async function withPatience<T>({ tries, waitMs }: Patience, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!isPassing(error)) throw error
      if (attempt >= tries)
        throw new StoreUnavailable(
          `PostgreSQL did not answer in ${tries} tries: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        )
      await delay(Math.min(waitMs * 2 ** (attempt - 1), 1_000))
    }
  }
}
