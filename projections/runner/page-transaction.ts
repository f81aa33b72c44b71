import type pg from 'pg'
import { openPool } from '../../infra/postgres/sessions.ts'

// Rows and checkpoint are one transaction, so a crash of the server takes both or neither, and what it takes is folded again: the log has
// it. So a page need not wait for the disk. Fences are raised on other connections, which do wait, and whatever was written before them
// is on disk then too; a page that was lost leaves a checkpoint that its owner no longer finds at the position it remembers.
// Every statement of a page goes by a key; plans that are made while a table is young must not scan it when it has grown.
const SETTINGS = {
  synchronous_commit: 'off',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
}

/** Connections that pages are written on: statements travel without waiting for the answer to the one before. One for each projection. */
export function pagePool(connectionString: string, projections: number, onFault?: (fault: Error) => void): pg.Pool {
  const options = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`)
  return openPool({ connectionString, max: projections, pipeline: true, options: options.join(' ') }, onFault)
}

/**
 * One transaction in two flights to the server and back: `first` travels with `begin`, what `second` sends with `commit`, which the server
 * turns into a rollback where one of them failed. Throws what failed first.
 */
export async function inTwoFlights<T>(
  pages: pg.Pool,
  first: (client: pg.PoolClient) => Promise<T>,
  second: (client: pg.PoolClient, result: T) => readonly Promise<unknown>[],
): Promise<void> {
  const client = await pages.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    flyTogether(client)
    const begun = client.query('begin')
    const [, result] = await allSettled([begun, first(client)])
    flyTogether(client)
    await allSettled([...second(client, result as T), client.query('commit')])
  } catch (fault) {
    await client.query('rollback').catch(onError)
    throw fault
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** What is sent within this turn leaves with one write: a write a statement would cost more than the statement. */
function flyTogether({ connection: { stream } }: pg.PoolClient): void {
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** Waits for all of them, whatever becomes of them, because their answers come back on the one connection; then throws the first fault. */
async function allSettled(sent: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const settled = await Promise.allSettled(sent)
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
