import type pg from 'pg'

/** Runs `work` in one transaction on a connection of its own; a fault rolls it back. A broken connection never goes back into the pool. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  begin = 'begin',
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (fault) {
    await client.query('rollback').catch((error: Error) => {
      broken = error
    })
    throw fault
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}
